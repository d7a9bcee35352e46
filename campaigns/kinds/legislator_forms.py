"""What somebody fills in to write to legislators, in two steps; and what that shares with calling them."""

import secrets
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django import forms
from django.forms import BoundField
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from campaigns.home_form import HomeForm
from campaigns.kinds.base import DetailsForm
from campaigns.legislator_messages import greeting, mail_link, signature, whole_text, wording_for
from campaigns.legislator_targets import Asked, Reach, reach
from campaigns.models import CallToAction, LegislatorContact
from campaigns.services.legislator_contacts import takes_mail
from campaigns.visitors import Visitor
from legislation.models import Legislator
from legislation.places.geography import current_atlas
from partners.fields import LineField

Way = LegislatorContact.Way
# What somebody chooses who does not write to a legislator, or has not called.
NOT = "not"


@dataclass(frozen=True)
class Letter:
    """The message to one legislator, ready to be sent: as a link and a text, with the field that says it went."""

    asked: Asked
    text: str
    link: str
    is_in_link: bool
    # Whether we may send it, so that opening a mail program is the second choice.
    is_sendable: bool
    field: BoundField

    @property
    def page(self) -> str:
        """Where somebody without an e-mail address is reached."""
        return self.asked.legislator.website or self.asked.legislator.ilga_url


class LegislatorsForm(DetailsForm):
    """Knows whom the visitor is asked to reach (`reach`); the page shows nothing to fill in before that is clear."""

    def __init__(self, *args: Any, call: CallToAction, visitor: Visitor, **kwargs: Any) -> None:
        super().__init__(*args, call=call, visitor=visitor, **kwargs)
        self.reach: Reach = self.find()
        for one in self.reach.asked:
            self.fields |= self.fields_for(one.legislator)

    @cached_property
    def earlier(self) -> dict[int, LegislatorContact]:
        """What the visitor did about legislators on this call before, by legislator."""
        if self.visitor.person is None:
            return {}
        rows = LegislatorContact.objects.filter(
            action__call_to_action=self.call, action__person=self.visitor.person
        )
        found = rows.select_related("legislator", "message").defer("message__message")
        return {row.legislator_id: row for row in found.order_by("contacted_at", "pk")}

    @property
    def home_form(self) -> HomeForm:
        """The question where one lives, for who is not placed yet."""
        return HomeForm()

    @property
    def has_districts(self) -> bool:
        """Whether that question can be answered at all."""
        return current_atlas() is not None

    @property
    def offer(self) -> str:
        """The signed list that the page before this one named."""
        return self.data.get("offer", "")[:2000] if self.is_bound else ""

    def find(self) -> Reach:
        """Whom the visitor is asked to reach, those whom they reached before included."""
        return reach(self.call, self.visitor, offer=self.offer)

    def fields_for(self, legislator: Legislator) -> dict[str, forms.Field]:
        """What is asked about one legislator, by the field's name."""
        return {}


class MessageForm(LegislatorsForm):
    """Writing: step "write" takes the words, step "send" what became of each message."""

    subject = LineField(
        label=_("Subject"),
        max_length=160,
        error_messages={"required": _("Enter a subject.")},
    )
    text = forms.CharField(
        label=_("Your message"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=_("Change it as you like: your own words count most. We add the greeting and your name."),
        error_messages={
            "required": _("Write your message."),
            "max_length": _("Shorten your message to 4,000 characters. It has %(show_value)d now."),
        },
    )
    story = forms.CharField(
        label=_("What it means to you"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_(
            "Two or three sentences from your own life or work. They stand at the end of the message."
        ),
        error_messages={
            "max_length": _("Shorten your story to 2,000 characters. It has %(show_value)d now.")
        },
    )
    written = ("subject", "text", "story")

    def __init__(self, *args: Any, call: CallToAction, visitor: Visitor, **kwargs: Any) -> None:
        wording = wording_for(call, visitor, secrets.randbelow(1000))
        if wording:
            kwargs["initial"] = {"subject": wording.subject, "text": wording.text} | (
                kwargs.get("initial") or {}
            )
        self.sendable: set[int] = set()
        super().__init__(*args, call=call, visitor=visitor, **kwargs)
        if self.is_bound and self.step != "send":
            self._preselect()

    @property
    def step(self) -> str:
        """Where the form was sent from: "write", "send", or "change" for back to writing."""
        step = self.data.get("step", "")
        return step if step in {"send", "change"} else "write"

    def find(self) -> Reach:
        done = {pk for pk, row in self.earlier.items() if row.state != LegislatorContact.State.WAITING}
        found = reach(self.call, self.visitor, offer=self.offer, without=done)
        if found.targets.through_us:
            self.sendable = takes_mail([one.legislator for one in found.asked])
        return found

    def fields_for(self, legislator: Legislator) -> dict[str, forms.Field]:
        name = f"{legislator.title} {legislator.name}".strip()
        if legislator.pk not in self.sendable:
            label = _("I sent it to %(name)s") % {"name": name}
            return {f"to_{legislator.pk}": forms.BooleanField(label=label, required=False)}
        way = forms.ChoiceField(
            label=_("Your message to %(name)s") % {"name": name},
            choices=[
                (Way.THROUGH_US, _("Send it for me")),
                (Way.OWN_MAIL, _("I sent it myself, from my own mail program")),
                (NOT, _("Do not write to this legislator")),
            ],
            widget=forms.RadioSelect,
            error_messages={"required": _("Say whether this message goes out.")},
        )
        return {f"to_{legislator.pk}": way}

    def _preselect(self) -> None:
        """The second step opens with "Send it for me" where we may."""
        data = QueryDict(mutable=True)
        data.update(self.data)
        for pk in self.sendable:
            data[f"to_{pk}"] = Way.THROUGH_US
        self.data = data

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.step == "send" and not self.errors and not self._ways(cleaned):
            first = next(iter(self.reach.asked), None)
            words = gettext("Say for at least one legislator that your message goes out.")
            self.add_error(f"to_{first.legislator.pk}" if first else None, words)
        return cleaned

    def _ways(self, cleaned: dict[str, Any]) -> dict[str, str]:
        ways = {}
        for one in self.reach.asked:
            value = cleaned.get(f"to_{one.legislator.pk}")
            if value and value != NOT:
                ways[str(one.legislator.pk)] = value if isinstance(value, str) else Way.OWN_MAIL.value
        return ways

    def is_valid(self) -> bool:
        """The answer is complete after the second step; the first one leads there without an error."""
        return super().is_valid() and self.step == "send"

    @property
    def is_written(self) -> bool:
        """Whether the words are complete, so that the second step can be shown."""
        return (
            self.is_bound and self.step != "change" and not any(name in self.errors for name in self.written)
        )

    def details(self) -> dict[str, Any]:
        words = {name: self.cleaned_data[name] for name in self.written}
        return words | {"ways": self._ways(self.cleaned_data)}

    @property
    def signed(self) -> str:
        """Name and ZIP code at the end of the message; a stranger's come from the fields beside this form."""
        person = self.visitor.person
        if person:
            return signature(person.name, person.zip_code)
        name = f"{self.data.get('first_name', '').strip()} {self.data.get('last_name', '').strip()}"
        return signature(name.strip(), self.data.get("zip_code", "").strip())

    @property
    def letters(self) -> list[Letter]:
        """The messages of the second step."""
        words = {name: self.cleaned_data.get(name, "") for name in self.written}
        return [self._letter(one, **words) for one in self.reach.asked]

    def _letter(self, one: Asked, *, subject: str, text: str, story: str) -> Letter:
        whole = whole_text(one.legislator, text=text, story=story, signed=self.signed)
        email = one.legislator.email
        link = mail_link(email, subject=subject, text=whole) if email else ""
        number = one.legislator.pk
        return Letter(one, whole, link, "&body=" in link, number in self.sendable, self[f"to_{number}"])

    @property
    def greetings(self) -> list[str]:
        """How the messages begin, for the first step."""
        return [greeting(one.legislator) for one in self.reach.asked]
