"""Saved segments and the builder they are made with, with and without JavaScript."""

import pytest
from django.http import QueryDict
from django.urls import reverse

from campaigns.desk.audience_draft import Draft
from campaigns.desk.audience_field import AudienceField
from campaigns.models import ContactList, Segment
from campaigns.services.errors import StateError
from campaigns.services.segments import save_segment
from tests.campaigns.test_audience import leaf
from tests.factories.alerts import ActionAlertFactory
from tests.factories.partners import MembershipFactory, OrganizationFactory, StaffFactory, UserFactory

pytestmark = pytest.mark.django_db

LIST_QUERIES = 8


@pytest.fixture(autouse=True)
def _password_is_enough(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False


@pytest.fixture
def staff():
    return StaffFactory()


@pytest.fixture
def desk(client, staff):
    client.force_login(staff)
    return client


def form(*nodes, do="", **more):
    """What the builder sends: nodes as (number, facts)."""
    data = QueryDict(mutable=True)
    data["audience-name"] = "rules"
    for number, facts in nodes:
        data.appendlist("rules-node", number)
        if "field" in facts:
            facts = {"for": facts["field"], "op": "is", **facts}
        for key, value in facts.items():
            data.setlist(f"rules-{number}-{key}", value if isinstance(value, list) else [value])
    if do:
        data["rules-do"] = do
    data.update(more)
    return data


ROOT = ("0", {"mode": "all"})
VIEWERS = ("0.0", {"field": "role", "is": ["viewer"]})


class TestDraft:
    @pytest.mark.parametrize(
        "tree",
        [
            {},
            {"all": [leaf("role", "viewer")]},
            {"any": [leaf("role", "viewer"), {"not": leaf("acted_any", since="2026-01-01")}]},
            {"not": {"any": [leaf("role", "viewer"), leaf("login", "no")]}},
            {"all": [leaf("login", "no"), {"any": [leaf("role", "viewer"), leaf("acted_any")]}]},
            {"all": [leaf("login", "no"), {"not": {"any": [leaf("role", "viewer"), leaf("outside")]}}]},
        ],
    )
    def test_rules_survive_the_form(self, tree):
        nodes = []

        def send(node):
            if hasattr(node, "nodes"):
                nodes.append((node.number, {"mode": node.mode}))
                for one in node.nodes:
                    send(one)
            else:
                facts = {"field": node.field, "op": "not" if node.negative else "is", "is": node.values}
                nodes.append((node.number, facts | {"since": node.since, "before": node.before}))

        send(Draft.of(tree).root)
        assert Draft.sent(form(*nodes), "rules").tree() == tree

    def test_a_single_condition_and_odd_trees_can_be_shown(self):
        assert Draft.of(leaf("role", "viewer")).tree() == {"all": [leaf("role", "viewer")]}
        doubled = {"not": {"not": leaf("role", "viewer")}}
        assert Draft.of(doubled).tree() == doubled
        assert Draft.of({"field": "gone", "is": None}).problems() == [
            "Choose what this condition is about, or remove it."
        ]
        for nonsense in ("text", [1], None, 5):
            assert Draft.of(nonsense).tree() == {}

    def test_buttons(self):
        def pressed(do, *nodes, **more):
            return Draft.sent(form(ROOT, *nodes, do=do, **more), "rules").root

        assert len(pressed("add:0", VIEWERS).nodes) == 2
        assert pressed("group:0", VIEWERS).nodes[1].mode == "any"
        assert pressed("remove:0.0", VIEWERS, ("0.1", {"field": "login", "is": ["no"]})).tree() == {
            "all": [leaf("login", "no")]
        }
        group = ("0.1", {"mode": "any"})
        assert len(pressed("remove:0.1", VIEWERS, group, ("0.1.0", {"field": "acted_any"})).nodes) == 1
        assert len(pressed("remove:0.1.0", VIEWERS, group, ("0.1.0", {"field": "acted_any"})).nodes) == 2
        assert len(pressed("dance:7", VIEWERS).nodes) == 1

    def test_groups_are_not_put_too_deep(self):
        deep = [("0", {"mode": "all"}), ("0.0", {"mode": "any"}), ("0.0.0", {"mode": "any"})]
        assert Draft.sent(form(*deep, do="group:0.0.0"), "rules").root.nodes[0].nodes[0].nodes == []

    def test_another_condition_forgets_the_values_of_the_first(self):
        changed = ("0.0", {"field": "login", "for": "role", "is": ["viewer"], "op": "is"})
        assert Draft.sent(form(ROOT, changed), "rules").root.nodes[0].values == []

    def test_a_saved_segment_can_be_used_or_copied(self):
        segment = Segment.objects.create(name="Viewers", rules={"any": [leaf("role", "viewer")]})
        used = Draft.sent(form(ROOT, do="use:0", **{"rules-segment": str(segment.pk)}), "rules")
        assert used.tree() == {"all": [leaf("segment", segment.pk)]}
        copied = Draft.sent(form(ROOT, do="copy:0", **{"rules-segment": str(segment.pk)}), "rules")
        assert copied.tree() == {"any": [leaf("role", "viewer")]}
        both = Draft.sent(form(ROOT, VIEWERS, do="copy:0", **{"rules-segment": str(segment.pk)}), "rules")
        assert both.tree() == {"all": [leaf("role", "viewer"), {"any": [leaf("role", "viewer")]}]}

    def test_hostile_numbers_do_no_harm(self):
        numbers = ["0.0.0.0.0.0.0.0.0.0.0.0", "1", "0.9999", "-1", "0..1", "x"] + ["0.1"] * 500
        sent = Draft.sent(form(ROOT, *((number, {"mode": "any"}) for number in numbers)), "rules")
        assert len(sent.root.nodes) <= 1
        assert Draft.sent(QueryDict(), "rules").tree() == {}


class TestField:
    def test_it_cleans_to_rules_or_says_what_is_missing(self):
        field = AudienceField()
        assert field.clean(Draft.sent(form(ROOT, VIEWERS), "rules")) == {"all": [leaf("role", "viewer")]}
        with pytest.raises(Exception, match="choose at least one"):
            field.clean(Draft.sent(form(ROOT, ("0.0", {"field": "role"})), "rules"))
        with pytest.raises(Exception, match="Nothing is saved yet"):
            field.clean(Draft.sent(form(ROOT, VIEWERS, do="add:0"), "rules"))

    def test_has_changed(self):
        field, tree = AudienceField(), {"all": [leaf("role", "viewer")]}
        same = Draft.sent(form(ROOT, VIEWERS), "rules")
        assert not field.has_changed(tree, same)
        assert not field.has_changed(leaf("role", "viewer"), same)
        assert field.has_changed({}, same)


class TestBuilderPages:
    def post(self, desk, step, data):
        return desk.post(
            reverse(f"admin:campaigns_segment_{step}"), data.urlencode(), "application/x-www-form-urlencoded"
        )

    def test_a_button_shows_the_builder_again(self, desk):
        page = self.post(desk, "build", form(ROOT, do="add:0")).content.decode()
        assert 'name="rules-0.0-field"' in page
        assert "autofocus" in page

    def test_the_count_with_people_and_reasons(self, desk):
        viewer = MembershipFactory(role="viewer", person__first_name="Vi", organization__name="<b>Here</b>")
        MembershipFactory()
        unfinished = ("0.1", {"field": "area"})
        page = self.post(desk, "count", form(ROOT, VIEWERS, unfinished)).content.decode()
        assert "1 person in 1 organization" in " ".join(page.split())
        assert viewer.person.name in page
        assert "&lt;b&gt;Here" in page
        assert "Role: viewer" in page

    def test_subscribers_count_when_their_box_is_ticked(self, desk):
        from tests.factories.alerts import SubscriberFactory

        SubscriberFactory()
        assert (
            "1 subscriber" in self.post(desk, "count", form(ROOT, include_subscribers="on")).content.decode()
        )
        assert "subscriber" not in self.post(desk, "count", form(ROOT)).content.decode()

    def test_values_of_large_tables_are_found_by_name(self, desk):
        wanted = OrganizationFactory(name="Arden Shore")
        OrganizationFactory(name="Elsewhere")
        search = ("0.0", {"field": "organization", "find": "arden"})
        page = self.post(desk, "build", form(ROOT, search, do="refresh")).content.decode()
        assert f'value="{wanted.pk}"' in page
        assert "Elsewhere" not in page
        nothing = ("0.0", {"field": "organization", "find": "zzz"})
        assert "Nothing found" in self.post(desk, "build", form(ROOT, nothing, do="refresh")).content.decode()

    def test_kept_as_a_segment(self, desk, staff):
        sent = form(ROOT, VIEWERS, **{"rules-save-name": " My  viewers "})
        assert "is saved" in self.post(desk, "save", sent).content.decode()
        segment = Segment.objects.get()
        assert (segment.name, segment.rules, segment.created_by) == (
            "My viewers",
            {"all": [leaf("role", "viewer")]},
            staff,
        )
        assert "already" in self.post(desk, "save", sent).content.decode()
        assert "Give the segment a name" in self.post(desk, "save", form(ROOT, VIEWERS)).content.decode()
        broken = form(ROOT, ("0.0", {"field": "role"}), **{"rules-save-name": "X"})
        assert "choose at least one" in self.post(desk, "save", broken).content.decode()

    def test_only_for_staff_who_may_look_and_only_by_post(self, desk, client):
        assert desk.get(reverse("admin:campaigns_segment_count")).status_code == 405
        client.force_login(UserFactory(is_staff=True))
        for step in ("build", "count", "save"):
            assert self.post(client, step, form(ROOT)).status_code == 403

    def test_without_javascript_a_button_saves_nothing_and_keeps_every_answer(self, desk):
        data = form(ROOT, VIEWERS, do="add:0", name="Viewers", description="For tests")
        page = desk.post(
            reverse("admin:campaigns_segment_add"), data.urlencode(), "application/x-www-form-urlencoded"
        ).content.decode()
        assert "Nothing is saved yet" in page
        assert 'value="Viewers"' in page
        assert 'name="rules-0.1-field"' in page
        assert "0 people" in page
        assert not Segment.objects.exists()

    def test_saved_and_changed(self, desk, staff):
        data = form(ROOT, VIEWERS, name="Viewers", description="")
        url = reverse("admin:campaigns_segment_add")
        assert desk.post(url, data.urlencode(), "application/x-www-form-urlencoded").status_code == 302
        segment = Segment.objects.get()
        assert (segment.rules, segment.created_by) == ({"all": [leaf("role", "viewer")]}, staff)
        page = desk.get(reverse("admin:campaigns_segment_change", args=[segment.pk])).content.decode()
        assert 'value="viewer" checked' in page

    def test_a_circle_is_refused_on_the_page(self, desk):
        segment = Segment.objects.create(name="One", rules={})
        itself = ("0.0", {"field": "segment", "is": [str(segment.pk)]})
        page = desk.post(
            reverse("admin:campaigns_segment_change", args=[segment.pk]),
            form(ROOT, itself, name="One", description="").urlencode(),
            "application/x-www-form-urlencoded",
        )
        assert "would contain itself" in page.content.decode()


class TestUse:
    def test_what_uses_it_is_listed_and_keeps_it(self, desk):
        segment = Segment.objects.create(name="Viewers", rules=leaf("role", "viewer"))
        above = Segment.objects.create(name="Above", rules={"all": [leaf("segment", segment.pk)]})
        ActionAlertFactory(subject="Uses above", rules={"not": leaf("segment", above.pk)})
        ActionAlertFactory(subject="Unconcerned", rules=leaf("role", "viewer"))
        page = desk.get(reverse("admin:campaigns_segment_change", args=[segment.pk])).content.decode()
        assert "Uses above" in page
        assert "Unconcerned" not in page
        assert desk.post(reverse("admin:campaigns_segment_delete", args=[segment.pk])).status_code == 403
        unused = Segment.objects.create(name="Unused", rules={})
        assert desk.get(reverse("admin:campaigns_segment_delete", args=[unused.pk])).status_code == 200

    def test_a_contact_list_in_use_stays(self, desk):
        used = ContactList.objects.create(name="Forum", basis="b")
        segment = Segment.objects.create(name="People of the forum", rules=leaf("contact_list", used.pk))
        ActionAlertFactory(subject="To the forum", rules=leaf("segment", segment.pk))
        page = desk.get(reverse("admin:campaigns_contactlist_change", args=[used.pk])).content.decode()
        assert "To the forum" in page
        assert "People of the forum" in page
        assert desk.post(reverse("admin:campaigns_contactlist_delete", args=[used.pk])).status_code == 403

    def test_a_segment_whose_rules_are_gone_can_still_be_opened_and_mended(self, desk):
        segment = Segment.objects.create(name="Broken", rules=leaf("contact_list", 999))
        url = reverse("admin:campaigns_segment_change", args=[segment.pk])
        assert "(gone)" in desk.get(reverse("admin:campaigns_segment_changelist")).content.decode()
        assert desk.get(url).status_code == 200

    def test_the_service_refuses_a_name_without_letters(self, staff):
        with pytest.raises(StateError):
            save_segment(name="  ", rules={}, by=staff)

    def test_the_list_with_1_and_20_rows(self, desk, staff, django_assert_num_queries):
        url = reverse("admin:campaigns_segment_changelist")
        Segment.objects.create(name="One", rules=leaf("role", "viewer"), created_by=staff)
        desk.get(url)
        with django_assert_num_queries(LIST_QUERIES):
            desk.get(url)
        for number in range(19):
            Segment.objects.create(name=f"Segment {number}", rules=leaf("role", "viewer"), created_by=staff)
        with django_assert_num_queries(LIST_QUERIES):
            desk.get(url)
