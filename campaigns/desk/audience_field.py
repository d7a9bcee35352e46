"""The audience builder as a form field: groups of conditions, counted while staff choose.

    rules = AudienceField(label=_("Audience"))

Its value is the tree that `campaigns.audience` reads. A form that has a box `include_subscribers` has it counted too.
Without JavaScript every button sends the form; the field then says that nothing is saved yet, and shows itself again.
"""

from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.audience import Audience, BadRules, parse
from campaigns.audience.fields import grouped
from campaigns.audience.saved import expand
from campaigns.desk.audience_draft import Draft, DraftGroup, DraftLeaf
from campaigns.models import Segment

TEMPLATE = "admin/desk/audience.html"
SAMPLE = 10


class AudienceWidget(forms.Widget):
    """Shows a tree of rules, or an unfinished draft of one, as groups of conditions."""

    use_fieldset = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Draft:
        return Draft.sent(data, name)

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return f"{name}-node" not in data

    def id_for_label(self, id_: str) -> str:
        return ""

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        draft = value if isinstance(value, Draft) else Draft.of(value)
        if draft.was_sent and not draft.pressed:
            draft.problems()
        described = {key: one for key, one in (attrs or {}).items() if key.startswith("aria-")}
        return render_to_string(
            TEMPLATE,
            {
                **builder_context(name, draft, counted=bool(draft.pressed)),
                "attributes": flatatt(described),
            },
        )


class AudienceField(forms.Field):
    """Cleans to the rules of an audience; an empty builder is everybody."""

    widget = AudienceWidget
    default_error_messages = {
        "building": gettext_lazy("Nothing is saved yet. Look at the audience, then save."),
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**({"required": False} | kwargs))

    def clean(self, value: Any) -> dict[str, Any]:
        draft = value if isinstance(value, Draft) else Draft.of(value)
        if draft.pressed:
            raise forms.ValidationError(self.error_messages["building"], code="building")
        if problems := draft.problems():
            raise forms.ValidationError(problems)
        tree = draft.tree()
        try:
            expand(parse(tree))
        except BadRules as reason:
            raise forms.ValidationError(str(reason)) from None
        return tree

    def has_changed(self, initial: Any, data: Any) -> bool:
        if not isinstance(data, Draft):
            return False
        return bool(data.problems()) or data.tree() != Draft.of(initial).tree()


def builder_context(name: str, draft: Draft, *, counted: bool) -> dict[str, Any]:
    """What the builder's template needs; with the count for readers without JavaScript."""
    shown = _Shown(name)
    context: dict[str, Any] = {
        "name": name,
        "root": shown.group(draft.root),
        "segments": Segment.objects.order_by("name").values_list("pk", "name"),
        "draft": draft,
    }
    if counted:
        context |= count_context(Audience(draft.tree(), draft.with_subscribers))
    return context


def count_context(audience: Audience) -> dict[str, Any]:
    """How many an audience is for, some of them, and its rules in words."""
    if problem := audience.problem():
        return {"problem": problem}
    people = audience.sample(SAMPLE)
    why = audience.reasons([person.pk for person in people])
    return {
        "size": audience.size(),
        "people": [(person, "; ".join(why.get(person.pk, []))) for person in people],
        "words": audience.describe(),
        "default_words": not audience.rules,
    }


class _Shown:
    """A draft's nodes as a template reads them."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._groups = [(str(title), list(items)) for title, items in grouped()]

    def group(self, group: DraftGroup) -> dict[str, Any]:
        return {
            "name": self._name,
            "group": group,
            "prefix": f"{self._name}-{group.number}",
            "modes": [
                ("all", _("all of these"), group.mode == "all"),
                ("any", _("at least one of these"), group.mode == "any"),
                ("none", _("none of these"), group.mode == "none"),
            ],
            "nodes": [
                self.leaf(node) if isinstance(node, DraftLeaf) else self.group(node) for node in group.nodes
            ],
        }

    def leaf(self, leaf: DraftLeaf) -> dict[str, Any]:
        found = leaf.condition
        shown: dict[str, Any] = {
            "name": self._name,
            "leaf": leaf,
            "prefix": f"{self._name}-{leaf.number}",
            "groups": self._groups,
            "condition": found,
        }
        if found is None or found.options is None:
            return shown
        choices = found.options.all()
        if choices is not None:
            return shown | {"choices": [(value, label, value in leaf.values) for value, label in choices]}
        labels = found.options.labels(leaf.values)
        chosen = [(value, labels.get(value, _("(gone)")), True) for value in leaf.values]
        results = found.options.found(leaf.find) if leaf.find else []
        more = [(value, label, False) for value, label in results if value not in leaf.values]
        return shown | {
            "choices": chosen + more,
            "searched": True,
            "nothing": bool(leaf.find) and not results,
        }
