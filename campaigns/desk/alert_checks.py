"""The page of checks: what stands against sending, what is worth a second look, and who lacks what."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.admin.options import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns.audience import Audience, AudienceSize, BadRules
from campaigns.audience.fields import condition
from campaigns.audience.rules import leaves
from campaigns.merge_fields import MERGE_FIELDS
from campaigns.messages.checks import Problem, problems_before_sending, try_links, warn
from campaigns.messages.checks.links import Link, links_of, outside_links, pictures_of
from campaigns.messages.checks.problems import stop
from campaigns.messages.lobbying import Suggestion, suggest_lobbying
from campaigns.messages.merge import UsedField, used_fields
from campaigns.models import ActionAlert, AlertBlock
from campaigns.staff_views import desk_context
from mailing.models import Preference

NAMES_SHOWN = 5


@dataclass(frozen=True)
class Lacking:
    """How many of the audience lack a merge field that the alert uses, some by name, and what they will read."""

    used: UsedField
    label: str
    count: int
    names: list[str]

    @property
    def instead(self) -> list[str]:
        """The words in the field's place, as they are written; "" stands for nothing at all."""
        return self.used.fallbacks


@dataclass(frozen=True)
class Findings:
    """Everything a look before sending tells. `size` is None where the audience makes no sense."""

    problems: list[Problem]
    size: AudienceSize | None
    lacking: list[Lacking]
    suggestion: Suggestion

    @property
    def stops(self) -> list[Problem]:
        return [problem for problem in self.problems if problem.stops]

    @property
    def warnings(self) -> list[Problem]:
        return [problem for problem in self.problems if not problem.stops]


def look(alert: ActionAlert, *, send_at: datetime | None = None) -> Findings:
    """Checks an alert for going out at `send_at`, by default when it is scheduled or else now."""
    when = send_at or alert.send_at or timezone.now()
    blocks, audience, seems = list(alert.blocks.all()), Audience.of(alert), suggestion(alert)
    try:
        size, readers, lacking = audience.size(), _spanish_readers(audience), _lacking(alert, blocks)
    except BadRules as error:
        problems = [stop(str(error), _("Audience")), *problems_before_sending(alert, send_at=when)]
        return Findings(problems, None, [], seems)
    problems = problems_before_sending(alert, send_at=when, reached=size.reached, spanish_readers=readers)
    if seems.lobbying != alert.lobbying:
        problems.append(
            warn(
                _("The alert is marked “%(marked)s”, but looks like “%(looks)s”. %(why)s")
                % {
                    "marked": alert.get_lobbying_display(),
                    "looks": seems.label,
                    "why": seems.words,
                },
                _("For the accountant"),
            )
        )
    problems += [_as_problem(one) for one in lacking if "" in one.instead]
    return Findings(problems, size, lacking, seems)


def checks(admin: ModelAdmin, request: HttpRequest, alert: ActionAlert) -> HttpResponse:
    """What stands against sending the alert, and what is worth a second look.

    Links to other sites are tried once the page is shown, or with `?links=1` on the way, a few seconds long.
    """
    context = desk_context(admin, request, alert, _("Checks before sending"))
    links = _asked_for(alert)
    context |= {"alert": alert, "findings": look(alert), "outside": outside_links(links)}
    if request.GET.get("links") == "1":
        context |= _answers(links)
    return TemplateResponse(request, "admin/desk/alert_checks.html", context)


def check_links(admin: ModelAdmin, request: HttpRequest, alert: ActionAlert) -> HttpResponse:
    """The part of the page of checks that says whether links to other sites answer."""
    if not admin.has_view_permission(request, alert):
        raise PermissionDenied
    return render(request, "admin/desk/alert_links.html", _answers(_asked_for(alert)))


def suggestion(alert: ActionAlert) -> Suggestion:
    """The accountant's class that an alert seems to have; the public counts where the audience makes no sense."""
    try:
        public = _is_public(Audience.of(alert))
    except BadRules:
        public = True
    return suggest_lobbying(alert, list(alert.blocks.all()), public=public)


def _asked_for(alert: ActionAlert) -> list[Link]:
    blocks = list(alert.blocks.all())
    return [*links_of(blocks), *pictures_of(blocks)]


def _answers(links: list[Link]) -> dict[str, Any]:
    answers = try_links(outside_links(links))
    places = {link.url: link.where for link in reversed(links)}
    broken = [(places.get(url, ""), url, trouble) for url, trouble in answers.items() if trouble]
    return {"answers": answers, "broken": broken, "tried": True}


def _spanish_readers(audience: Audience) -> int:
    """People of partner organizations in the audience who chose Spanish."""
    chose = Preference.objects.filter(language="es").values("email")
    return audience.people().filter(email__in=chose).count()


def _is_public(audience: Audience) -> bool:
    """Whether the alert goes to anybody who belongs to no partner organization."""
    if audience.include_subscribers:
        return True
    if not any(condition(leaf.field).frees for leaf in leaves(audience.node)):
        # Without such a condition an audience is made of partners' people alone; nobody need be counted.
        return False
    members = audience.people().filter(
        memberships__ended_on__isnull=True, memberships__organization__status="active"
    )
    return audience.people().exclude(pk__in=members.values("pk")).exists()


def _lacking(alert: ActionAlert, blocks: list[AlertBlock]) -> list[Lacking]:
    """The used merge fields that somebody of the audience lacks."""
    audience, found = Audience.of(alert), []
    for used in used_fields(alert, blocks):
        people = audience.lacking(used.name)
        if count := people.count():
            names = [str(person) for person in people.order_by("last_name", "first_name", "pk")[:NAMES_SHOWN]]
            found.append(Lacking(used, str(MERGE_FIELDS[used.name].label), count, names))
    return found


def _as_problem(one: Lacking) -> Problem:
    words = ngettext(
        "%(n)d person lacks it and reads nothing in its place. Write {{ %(name)s|words instead }}.",
        "%(n)d people lack it and read nothing in its place. Write {{ %(name)s|words instead }}.",
        one.count,
    )
    where = _("Merge field “%(label)s”") % {"label": one.label}
    return warn(words % {"n": one.count, "name": one.used.name}, where)
