"""The printed line of sponsors: hyphens and commas that part people, and those inside their names."""

import pytest

from legislation.sources.ilga_sponsors import names_in, split_hyphens, sponsors_of


def names(line, chamber="lower", known=frozenset()):
    return [one.name for one in sponsors_of(line, chamber, known)]


def test_chief_sponsor_chief_cosponsors_and_cosponsors():
    assert [
        (one.name, one.role, one.chamber)
        for one in sponsors_of("Rep. Ana Sample-Bo Example, Cy Trial and Di Draft", "")
    ] == [
        ("Ana Sample", "chief", "lower"),
        ("Bo Example", "chief_cosponsor", "lower"),
        ("Cy Trial", "cosponsor", "lower"),
        ("Di Draft", "cosponsor", "lower"),
    ]


@pytest.mark.parametrize(
    ("line", "people"),
    [
        ("Rep. Debbie Meyers-Martin", ["Debbie Meyers-Martin"]),
        ("Rep. Debbie Meyers-Martin-Kam Buckner", ["Debbie Meyers-Martin", "Kam Buckner"]),
        ("Rep. Kam Buckner-Debbie Meyers-Martin", ["Kam Buckner", "Debbie Meyers-Martin"]),
        (
            "Rep. Ana Blair-Sherlock-Di Gong-Gershowitz-Bo Stava-Murray",
            ["Ana Blair-Sherlock", "Di Gong-Gershowitz", "Bo Stava-Murray"],
        ),
        ("Rep. Eva-Dina Delgado", ["Eva-Dina Delgado"]),
        ("Rep. Ana Sample-Eva-Dina Delgado-Bo Example", ["Ana Sample", "Eva-Dina Delgado", "Bo Example"]),
        (
            "Rep. Ana Sample, Eva-Dina Delgado and Debbie Meyers-Martin",
            ["Ana Sample", "Eva-Dina Delgado", "Debbie Meyers-Martin"],
        ),
        (
            "Rep. Bo Example, Jr.-Ana Sample, Cy Trial, III, and Di Draft, Sr.",
            ["Bo Example, Jr.", "Ana Sample", "Cy Trial, III", "Di Draft, Sr."],
        ),
        ('Rep. Emanuel "Chris" Sample-Lisa M. Example', ['Emanuel "Chris" Sample', "Lisa M. Example"]),
        ("Sen. Ana Sample - Bo Example", ["Ana Sample", "Bo Example"]),
        ("Sample", ["Sample"]),
        ("", []),
    ],
)
def test_hyphens_and_commas(line, people):
    assert names(line) == people


def test_the_other_chamber_in_brackets_has_a_chief_sponsor_of_its_own():
    assert [
        (one.name, one.role, one.chamber)
        for one in sponsors_of("Rep. Ana Sample, Bo Example (Sen. Fay Draft-Guy Model and Ida Test)", "lower")
    ] == [
        ("Ana Sample", "chief", "lower"),
        ("Bo Example", "cosponsor", "lower"),
        ("Fay Draft", "chief", "upper"),
        ("Guy Model", "chief_cosponsor", "upper"),
        ("Ida Test", "cosponsor", "upper"),
    ]


def test_names_that_the_history_spells_out_are_recognized_whole():
    known = names_in(
        [
            "Filed with the Clerk by Rep. Bea-Lu Trial",
            "Added Chief Co-Sponsor Rep. Cy Van-De Sample; on 3/1/2025",
            "House Floor Amendment No. 2 Filed with Clerk by Rep. Ana Plain",
        ]
    )
    assert known == {"Bea-Lu Trial", "Cy Van-De Sample"}
    # By the second rule alone "Bea" would go to the name on its left.
    assert split_hyphens("Ana Plain-Bea-Lu Trial-Cy Van-De Sample", known) == [
        "Ana Plain",
        "Bea-Lu Trial",
        "Cy Van-De Sample",
    ]
    assert split_hyphens("Ana Plain-Bea-Lu Trial") == ["Ana Plain-Bea", "Lu Trial"]
