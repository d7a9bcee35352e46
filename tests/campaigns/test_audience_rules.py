"""The rules of an audience: what is a tree, how it reads, and that and, or and not hold."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from campaigns.audience import Audience, BadRules, parse
from campaigns.audience.fields import conditions
from campaigns.audience.rules import MAX_CONDITIONS, MAX_VALUES, to_tree
from campaigns.models import ContactList, Segment
from partners.models import Organization
from tests.campaigns.test_audience import emails, leaf
from tests.factories.campaigns import ActionTakenFactory
from tests.factories.partners import (
    MembershipFactory,
    OrganizationFactory,
    PersonFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


def member(**facts):
    """Somebody in an organization; returns the address."""
    return MembershipFactory(**facts).person.email


def person_of(email):
    from partners.models import Person

    return Person.objects.get(email=email)


class TestTrees:
    @pytest.mark.parametrize(
        ("tree", "words"),
        [
            ([], "no condition and no group"),
            ("area", "no condition and no group"),
            ({"all": {}}, "“all”, “any” or “not”"),
            ({"some": []}, "“all”, “any” or “not”"),
            ({"all": [], "any": []}, "“all”, “any” or “not”"),
            ({"any": []}, "no conditions"),
            ({"all": [{"all": []}]}, "no conditions"),
            ({"all": [3]}, "no condition and no group"),
            ({"field": "shoe_size", "is": ["9"]}, "no condition “shoe_size”"),
            ({"field": ["area"], "is": []}, "no condition"),
            ({"field": "role", "is": ["king"]}, "has no “king”"),
            ({"field": "role", "is": []}, "choose at least one"),
            ({"field": "role", "is": "viewer"}, "list of words"),
            ({"field": "role", "is": [1]}, "list of words"),
            ({"field": "role", "is": ["viewer"], "not": True}, "does not take “not”"),
            ({"field": "role", "is": ["viewer"], "since": "2026-01-01"}, "takes no dates"),
            ({"field": "member_since"}, "name a day"),
            ({"field": "member_since", "since": "yesterday"}, "is no day"),
            ({"field": "member_since", "since": "0001-01-01"}, "is no day"),
            ({"field": "member_since", "since": "2026-02-01", "before": "2026-02-01"}, "must come before"),
            ({"field": "member_since", "is": ["x"], "since": "2026-02-01"}, "takes no values"),
            ({"field": "person", "is": ["9" * 30]}, "has no"),
            ({"field": "person", "is": ["1; DROP TABLE"]}, "has no"),
            ({"field": "role", "is": [str(n) for n in range(MAX_VALUES + 1)]}, "at most"),
            ({"all": [{"field": "acted_any"}] * (MAX_CONDITIONS + 1)}, "at most"),
        ],
    )
    def test_what_is_no_audience_is_refused_in_words(self, tree, words):
        with pytest.raises(BadRules, match=words):
            parse(tree)

    def test_too_deep(self):
        tree = {"field": "acted_any"}
        for _level in range(12):
            tree = {"not": tree}
        with pytest.raises(BadRules, match="too deep"):
            parse(tree)

    def test_a_tree_survives_being_read(self):
        tree = {
            "any": [
                {"not": {"field": "role", "is": ["viewer"]}},
                {"all": [{"field": "acted_any", "since": "2026-01-01", "before": "2026-02-01"}]},
            ]
        }
        assert to_tree(parse(tree)) == tree
        assert to_tree(parse({})) == {}

    def test_in_words(self):
        area = OrganizationFactory(county__area__name="Lake and McHenry").area
        tree = {
            "all": [
                leaf("area", area.slug),
                {"not": leaf("role", "viewer", "advocate")},
                {"any": [leaf("acted_any", since="2026-05-01"), leaf("login", "yes")]},
            ]
        }
        assert Audience(tree).describe() == (
            "Area (Local Area Council): Lake and McHenry; and not (Role: viewer or advocate); "
            "and (Completed any call to action: since May 1, 2026; or Has a login: yes)"
        )
        assert "everybody" in Audience().describe()

    def test_what_is_gone_is_named_and_stops_the_audience(self):
        gone = ContactList.objects.create(name="Forum", basis="signed up")
        audience = Audience(leaf("contact_list", gone.pk))
        assert audience.problem() == ""
        gone.delete()
        audience = Audience(leaf("contact_list", audience.rules["is"][0]))
        assert "has no" in audience.problem()
        assert audience.describe() == "Contact list: (gone)"
        with pytest.raises(BadRules):
            audience.size()

    def test_every_condition_has_words_and_a_place(self):
        for key, one in conditions().items():
            assert one.key == key
            assert str(one.label)
            assert str(one.group)


class TestSavedSegments:
    def test_its_rules_stand_in_its_place_and_follow_its_changes(self):
        advocate, viewer = member(role="advocate"), member(role="viewer")
        segment = Segment.objects.create(name="Active", rules=leaf("role", "advocate"))
        inside = {"all": [leaf("segment", segment.pk)]}
        assert emails(inside) == [advocate]
        assert emails({"not": leaf("segment", segment.pk)}) == [viewer]
        Segment.objects.filter(pk=segment.pk).update(rules=leaf("role", "viewer"))
        assert emails(inside) == [viewer]

    def test_an_empty_one_is_everybody_and_two_are_either(self):
        advocate, viewer = member(role="advocate"), member(role="viewer")
        empty = Segment.objects.create(name="All", rules={})
        some = Segment.objects.create(name="Some", rules=leaf("role", "advocate"))
        other = Segment.objects.create(name="Other", rules=leaf("role", "viewer"))
        assert emails(leaf("segment", empty.pk)) == sorted([advocate, viewer])
        assert emails(leaf("segment", some.pk, other.pk)) == sorted([advocate, viewer])

    def test_a_circle_is_refused(self):
        one = Segment.objects.create(name="One", rules={})
        two = Segment.objects.create(name="Two", rules=leaf("segment", one.pk))
        Segment.objects.filter(pk=one.pk).update(rules=leaf("segment", two.pk))
        with pytest.raises(BadRules, match="contain itself"):
            Audience(leaf("segment", one.pk)).size()


# --- And, or, not ------------------------------------------------------------------------------------------------

ROLES = ["primary_contact", "advocate", "viewer"]
BANDS = [band.value for band in Organization.BudgetBand][:3]
LEAVES = st.one_of(
    st.sets(st.sampled_from(ROLES), min_size=1).map(lambda some: leaf("role", *sorted(some))),
    st.sets(st.sampled_from(BANDS), min_size=1).map(lambda some: leaf("budget_band", *sorted(some))),
    st.sampled_from(["yes", "no"]).map(lambda one: leaf("login", one)),
    st.just(leaf("acted_any")),
)
TREES = st.recursive(
    LEAVES,
    lambda inside: st.one_of(
        st.lists(inside, min_size=1, max_size=3).map(lambda some: {"all": some}),
        st.lists(inside, min_size=1, max_size=3).map(lambda some: {"any": some}),
        inside.map(lambda one: {"not": one}),
    ),
    max_leaves=6,
)


def matching(tree, rows):
    """Rows by Python's sets: and is ∩, or is ∪, not is everybody without the people who match."""
    if "all" in tree:
        return set.intersection(*(matching(one, rows) for one in tree["all"]))
    if "any" in tree:
        return set.union(*(matching(one, rows) for one in tree["any"]))
    if "not" in tree:
        people = {row[0] for row in matching(tree["not"], rows)}
        return {row for row in rows if row[0] not in people}
    place = {"role": 1, "budget_band": 2, "login": 3, "acted_any": 4}[tree["field"]]
    wanted = set(tree.get("is", [True]))
    return {row for row in rows if row[place] in wanted}


@pytest.fixture
def crowd():
    """Nine people with one to three memberships; rows of (address, role, budget, login, acted)."""
    organizations = [OrganizationFactory(budget_band=band) for band in BANDS]
    rows = set()
    for number in range(9):
        person = PersonFactory(user=UserFactory() if number % 2 else None)
        if number % 3 == 0:
            ActionTakenFactory(person=person)
        for place in range(number % 3 + 1):
            organization = organizations[(number + place) % 3]
            role = ROLES[(number // 3 + place) % 3]
            MembershipFactory(person=person, organization=organization, role=role)
            rows.add(
                (
                    person.email,
                    role,
                    organization.budget_band,
                    "yes" if number % 2 else "no",
                    number % 3 == 0,
                )
            )
    MembershipFactory(organization=OrganizationFactory(status="lapsed"))
    return rows


@settings(
    max_examples=120,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(tree=TREES)
def test_and_or_and_not_agree_with_sets(crowd, tree):
    expected = sorted({row[0] for row in matching(tree, crowd)})
    assert emails(tree) == expected
    size = Audience(tree).size()
    assert size.people == len(expected)
    assert sorted(person.email for person in Audience(tree).people()) == expected
