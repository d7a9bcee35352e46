"""Which organizations are underrepresented: one definition, asked in two ways that must agree."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from django.db import IntegrityError, transaction

from partners.models import ProfileAnswer, UnderrepresentedSubSector
from partners.underrepresented import Reason, Verdict, organizations, standings
from tests.factories.partners import AreaFactory, OrganizationFactory, SubSectorFactory
from tests.meetings.scenes import NOW, answer, partner

pytestmark = pytest.mark.django_db


@pytest.fixture
def area():
    return AreaFactory()


def verdict(organization, now=NOW):
    return standings(now)[organization.pk].verdict


def test_each_reason_and_nothing_else(area):
    field = SubSectorFactory()
    UnderrepresentedSubSector.objects.create(fiscal_year=2027, sub_sector=field)
    wanted = {
        partner(area, race=["white", "asian"]).pk: {Reason.RACE},
        partner(area, ability="disability").pk: {Reason.ABILITY},
        partner(area, small=True).pk: {Reason.BUDGET},
        partner(area, small=True, race=["mena"]).pk: {Reason.BUDGET, Reason.RACE},
    }
    listed = partner(area)
    listed.sub_sectors.add(field)
    wanted[listed.pk] = {Reason.SUB_SECTOR}
    plain = partner(area)
    found = standings(NOW)
    assert {pk: set(found[pk].reasons) for pk in wanted} == wanted
    assert found[plain.pk].verdict == Verdict.NO
    assert not found[plain.pk].reasons


def test_the_list_of_another_year_does_not_count(area):
    organization = partner(area)
    field = organization.sub_sectors.get()
    UnderrepresentedSubSector.objects.create(fiscal_year=2026, sub_sector=field)
    assert verdict(organization) == Verdict.NO
    assert not organizations([Reason.SUB_SECTOR], NOW).exists()
    assert verdict(organization, datetime(2026, 6, 30, tzinfo=UTC)) == Verdict.YES
    assert list(organizations([Reason.SUB_SECTOR], datetime(2026, 6, 30, tzinfo=UTC))) == [organization]


def test_a_no_needs_every_answer_and_a_yes_only_one(area):
    assert verdict(partner(area, said=False)) == Verdict.UNKNOWN
    assert verdict(partner(area, said=False, small=True)) == Verdict.YES
    assert verdict(partner(area, budget_band="")) == Verdict.UNKNOWN
    half = partner(area, said=False)
    answer(half, "leader_race", ["white"])
    assert verdict(half) == Verdict.UNKNOWN
    nowhere = partner(area)
    nowhere.sub_sectors.clear()
    assert verdict(nowhere) == Verdict.UNKNOWN


def test_prefer_not_to_say_is_an_answer_but_neither_yes_nor_no(area):
    assert verdict(partner(area, race=None)) == Verdict.DECLINED
    assert verdict(partner(area, race=None, small=True)) == Verdict.YES


def test_answers_count_for_a_year_and_only_the_newest(area):
    old = partner(area, race=["black"], at=NOW - timedelta(days=366))
    assert verdict(old) == Verdict.UNKNOWN
    changed = partner(area, race=["black"], at=NOW - timedelta(days=40))
    assert verdict(changed) == Verdict.YES
    answer(changed, "leader_race", ["white"])
    assert verdict(changed) == Verdict.NO
    assert verdict(changed, NOW - timedelta(days=20)) == Verdict.YES
    later = partner(area, race=["black"], at=NOW + timedelta(days=1))
    assert verdict(later) == Verdict.UNKNOWN


def test_only_partners_who_are_active_and_had_joined(area):
    partner(area, status="lapsed")
    new = partner(area, joined_on=NOW.date() + timedelta(days=1))
    assert new.pk not in standings(NOW)
    assert not standings(NOW)


def test_both_ways_to_ask_agree_on_a_coalition_by_chance(area):
    rng = Random("agree")
    fields = [SubSectorFactory() for _ in range(4)]
    UnderrepresentedSubSector.objects.create(fiscal_year=2027, sub_sector=fields[0])
    for _number in range(60):
        organization = OrganizationFactory(
            area=area,
            budget_band=rng.choice(["", "under_500k", "500k_1m", "1m_5m", "5m_20m", "over_20m"]),
            sub_sectors=rng.sample(fields, rng.randint(0, 3)),
        )
        for marker, choices in (
            ("leader_race", ["white", "black", "latino", "asian", "mena", "pacific", "american_indian"]),
            ("leader_ability", ["disability", "no_disability"]),
        ):
            for _time in range(rng.randint(0, 3)):
                values = None if rng.random() < 0.2 else rng.sample(choices, rng.randint(1, 2))
                answer(organization, marker, values, NOW - timedelta(days=rng.randint(-20, 420)))
    partner(area)
    found = standings(NOW)
    for reason in Reason:
        ours = {pk for pk, standing in found.items() if reason in standing.reasons}
        assert ours == set(organizations([reason], NOW).values_list("pk", flat=True))
    assert len({standing.verdict for standing in found.values()}) == 4


def test_a_sub_sector_stands_once_on_a_years_list():
    field = SubSectorFactory()
    UnderrepresentedSubSector.objects.create(fiscal_year=2027, sub_sector=field)
    for facts in ({"fiscal_year": 2027}, {"fiscal_year": 1999}, {"fiscal_year": 2101}):
        with pytest.raises(IntegrityError), transaction.atomic():
            UnderrepresentedSubSector.objects.create(sub_sector=field, **facts)
    assert ProfileAnswer.objects.count() == 0
