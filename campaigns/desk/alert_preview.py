"""The preview: an alert as any person of its audience gets it, on a computer, a phone, in the dark, as plain text."""

from dataclasses import dataclass

from django.contrib.admin.options import ModelAdmin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.audience import Audience, BadRules, Member
from campaigns.desk.alert_forms import version_choices
from campaigns.messages.contents import ENGLISH, A
from campaigns.messages.preview import preview_alert
from campaigns.models import ActionAlert
from campaigns.staff_views import desk_context
from mailing.errors import CompileError
from mailing.identity import sender_identity
from partners.models import Person

PEOPLE_SHOWN = 8
LOOKS = (
    ("all", gettext_lazy("Side by side")),
    ("computer", gettext_lazy("Computer")),
    ("phone", gettext_lazy("Phone")),
    ("dark", gettext_lazy("Dark")),
    ("text", gettext_lazy("Plain text")),
)


@dataclass(frozen=True)
class Asked:
    """Whom and what a preview is asked for. `person` is None for a subscriber we know only by the address."""

    person: Person | None
    member: Member | None
    words: str
    variant: str
    language: str

    @property
    def version(self) -> str:
        return f"{self.variant}-{self.language}"

    @property
    def who(self) -> str:
        """The person as the address of a page names them."""
        return str(self.person.pk) if self.person else "subscriber"


def preview(admin: ModelAdmin, request: HttpRequest, alert: ActionAlert) -> HttpResponse:
    """The alert as one chosen person of the audience will get it."""
    context = desk_context(admin, request, alert, _("Preview"))
    look = request.GET.get("look", "")
    try:
        asked, people = asked_for(request, alert)
        shown = preview_alert(alert, person=asked.person, variant=asked.variant, language=asked.language)
    except (BadRules, CompileError) as error:
        return TemplateResponse(request, "admin/desk/alert_preview.html", context | {"trouble": str(error)})
    context |= {
        "alert": alert,
        "asked": asked,
        "shown": shown,
        "people": people,
        "versions": version_choices(alert),
        "looks": LOOKS,
        "look": look if look in dict(LOOKS) else "all",
        "sender": sender_identity(),
    }
    response = TemplateResponse(request, "admin/desk/alert_preview.html", context)
    # The message's pictures may stand on other sites.
    response._csp_update = {"img-src": ["https:"]}
    return response


def asked_for(request: HttpRequest, alert: ActionAlert) -> tuple[Asked, list[Member]]:
    """What the address asks for, and people to choose from: only those of the audience. Raises `BadRules`."""
    audience, words = Audience.of(alert), request.GET.get("q", "").strip()[:80]
    people = audience.sample(PEOPLE_SHOWN, words)
    member = _member(audience, request.GET.get("person", ""), people)
    person = Person.objects.filter(pk=member.pk).first() if member else None
    choices = dict(version_choices(alert))
    version = request.GET.get("version", "")
    if version not in choices:
        version = f"{A}-{member.language if member else ENGLISH}"
    if version not in choices:
        version = next(iter(choices))
    return Asked(person, member, words, version[0], version[2:]), people


def _member(audience: Audience, number: str, people: list[Member]) -> Member | None:
    """The chosen person, or else the first one found; nobody for a subscriber."""
    if number == "subscriber":
        return None
    if number.isdecimal() and len(number) < 18:
        email = Person.objects.filter(pk=int(number)).values_list("email", flat=True).first()
        found = [*people, *(audience.sample(PEOPLE_SHOWN, email) if email else [])]
        if listed := next((one for one in found if one.pk == int(number)), None):
            return listed
    return people[0] if people else None
