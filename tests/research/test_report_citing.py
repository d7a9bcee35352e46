"""How a report is cited: the three styles and the two files, against the rules of each."""

import re
from datetime import date

import pytest

from research.citing import Author, Work, apa, bibtex, chicago, mla, ris

COALITION = "Sample Coalition"
RIVERA, LEE, MOSS = Author("Rivera", "Ana María"), Author("Lee", "Jean-Paul"), Author("Moss", "Kim")


def work(*authors: Author, **fields: object) -> Work:
    given: dict = {
        "authors": authors,
        "title": "True Cost: What a Shift Needs",
        "publisher": COALITION,
        "on": date(2026, 9, 3),
        "url": "https://coalition.example/research/reports/true-cost/",
    }
    return Work(**{**given, **fields})


@pytest.mark.parametrize(
    ("style", "authors", "fields", "expected"),
    [
        (
            apa,
            [RIVERA],
            {},
            "Rivera, A. M. (2026). True Cost: What a Shift Needs. Sample Coalition. "
            "https://coalition.example/research/reports/true-cost/",
        ),
        (
            apa,
            [RIVERA, LEE],
            {"doi": "10.5555/a_b", "version": 2},
            "Rivera, A. M., & Lee, J.-P. (2026). True Cost: What a Shift Needs (Version 2). Sample Coalition. "
            "https://doi.org/10.5555/a_b",
        ),
        # The organization that wrote and published it is named once.
        (
            apa,
            [Author(COALITION)],
            {"title": "Who pays?"},
            "Sample Coalition. (2026). Who pays? https://coalition.example/research/reports/true-cost/",
        ),
        (
            mla,
            [RIVERA, LEE],
            {},
            "Rivera, Ana María, and Jean-Paul Lee. True Cost: What a Shift Needs. Sample Coalition, 3 Sept. 2026, "
            "coalition.example/research/reports/true-cost/.",
        ),
        (
            mla,
            [RIVERA, LEE, MOSS],
            {"doi": "10.5555/a_b", "version": 3},
            "Rivera, Ana María, et al. True Cost: What a Shift Needs. Version 3, Sample Coalition, 3 Sept. 2026, "
            "https://doi.org/10.5555/a_b.",
        ),
        (
            mla,
            [],
            {},
            "True Cost: What a Shift Needs. Sample Coalition, 3 Sept. 2026, "
            "coalition.example/research/reports/true-cost/.",
        ),
        (
            chicago,
            [RIVERA, LEE, MOSS],
            {},
            "Rivera, Ana María, Jean-Paul Lee, and Kim Moss. True Cost: What a Shift Needs. Sample Coalition, 2026. "
            "https://coalition.example/research/reports/true-cost/.",
        ),
        (
            chicago,
            [RIVERA, LEE, MOSS, *(Author(f"Doe{n}", "Jo") for n in range(4))],
            {},
            "Rivera, Ana María, Jean-Paul Lee, Kim Moss, et al. True Cost: What a Shift Needs. Sample Coalition, "
            "2026. https://coalition.example/research/reports/true-cost/.",
        ),
    ],
)
def test_styles(style, authors, fields, expected):
    assert str(style(work(*authors, **fields))) == expected


def test_apa_names_the_first_nineteen_authors_and_the_last_of_a_crowd():
    cited = str(apa(work(*(Author(f"Name{number}", "Al") for number in range(1, 24)))))
    assert "Name19, A., . . . Name23, A. (2026)" in cited
    assert "Name20" not in cited


HOSTILE = "50% & more_of #1 {braces} $5 ~tilde ^up \\back\nTY  - evil"


def test_bibtex_can_be_read_whatever_stands_in_it():
    entry = bibtex(
        work(
            Author("Rock and Roll Society"),
            RIVERA,
            Author("De, Comma", "Al"),
            title=HOSTILE,
            doi="10.5/a_b{c}",
        )
    )
    assert entry.startswith("@techreport{rockandrollsociety202650,")
    # Outside of escapes, braces pair up, or BibTeX would read to the end of the file.
    bare = re.sub(r"\\[{}]", "", entry)
    assert bare.count("{") == bare.count("}")
    assert "author = {{Rock and Roll Society} and Rivera, Ana María and {De, Comma}, Al}" in entry
    assert r"title = {{50\% \& more\_of \#1 \{braces\} \$5 \textasciitilde{}tilde" in entry
    assert "\\textbackslash{}back TY - evil" in entry
    assert "doi = {10.5/a_b%7Bc%7D}" in entry
    assert "month = sep" in entry
    assert "number" not in entry


def test_ris_has_a_tag_on_each_line_and_no_line_that_a_title_made_up():
    text = ris(work(RIVERA, LEE, title=HOSTILE, summary="One.\r\nER  - \r\nTwo.", doi="10.5/x", version=2))
    assert text.endswith("ER  - \r\n")
    lines = text.split("\r\n")[:-1]
    assert all(re.fullmatch(r"[A-Z][A-Z0-9]  - .*", line) for line in lines)
    tags = [line[:2] for line in lines]
    assert tags[0] == "TY"
    assert lines[0] == "TY  - RPRT"
    assert tags.count("ER") == tags.count("TY") == 1
    assert [line[6:] for line in lines if line.startswith("AU")] == ["Rivera, Ana María", "Lee, Jean-Paul"]
    assert "DA  - 2026/09/03/" in lines
    assert "ET  - Version 2" in lines
    assert "AB  - One. ER - Two." in lines
