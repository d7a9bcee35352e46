"""A join request's answers in words, for the applicant's check page and for staff."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from partners.models import Area, County, JoinApplication, Organization, ProfileAnswer, SubSector


@dataclass
class Section:
    """One page of the request; `rows` are what the summary list component takes."""

    title: str
    rows: list[dict[str, Any]]


def summary_sections(application: JoinApplication) -> list[Section]:
    """Every answer with the address of the page that changes it. Three reads."""
    facts, people, services = (
        application.organization_answers,
        application.people_answers,
        application.service_answers,
    )
    organization = [
        (_("Name"), facts.get("name"), "name"),
        (_("EIN"), facts.get("ein"), "ein"),
        (_("Website"), facts.get("website"), "website"),
        (_("Address"), _address(facts), "street"),
        (_("County"), str(County.objects.filter(pk=facts.get("county")).first() or ""), "county"),
        (_("Public phone number"), facts.get("phone"), "phone"),
    ]
    contact = [
        (_("Primary contact"), _name(people, ""), "first_name"),
        (_("Job title"), people.get("title"), "title"),
        (_("E-mail address"), people.get("email"), "email"),
        (_("Phone number"), people.get("phone"), "phone"),
        (_("Colleague to invite"), _colleague(people), "second_first_name"),
    ]
    fields = SubSector.objects.filter(pk__in=services.get("sub_sectors", []))
    work = [
        (_("Fields of work"), [str(field) for field in fields], "sub_sectors"),
        (_("Local Area Council"), str(Area.objects.filter(pk=services.get("area")).first() or ""), "area"),
        (
            _("Annual budget"),
            dict(Organization.BudgetBand.choices).get(services.get("budget_band")),
            "budget_band",
        ),
        (_("What you do"), services.get("summary"), "summary"),
    ]
    return [
        Section(_("Your organization"), _rows("organization", organization)),
        Section(_("People"), _rows("people", contact)),
        Section(_("Services and area"), _rows("services", work)),
    ]


def _rows(step: str, facts: list[tuple[str, Any, str]]) -> list[dict[str, Any]]:
    url = reverse("partners:join_step", args=[step])
    return [
        {
            "label": label,
            "value": "" if isinstance(value, list) else value,
            "values": value if isinstance(value, list) else None,
            "url": f"{url}#id_{field}" if field != "sub_sectors" else f"{url}#div_id_{field}",
        }
        for label, value, field in facts
    ]


def _address(facts: dict[str, Any]) -> str:
    lines = [facts.get("street", ""), f"{facts.get('city', '')}, IL {facts.get('zip_code', '')}".strip()]
    return "\n".join(part for part in lines if part)


def _name(people: dict[str, Any], prefix: str) -> str:
    return f"{people.get(f'{prefix}first_name', '')} {people.get(f'{prefix}last_name', '')}".strip()


def _colleague(people: dict[str, Any]) -> str:
    name = _name(people, "second_")
    return f"{name}\n{people.get('second_email', '')}".strip() if name else ""


def demographic_rows(application: JoinApplication) -> list[tuple[str, str]]:
    """The optional answers in words, by question."""
    words = {
        **dict(ProfileAnswer.Race.choices),
        **dict(ProfileAnswer.Ability.choices),
        **dict(ProfileAnswer.Population.choices),
    }
    rows = []
    for marker in ProfileAnswer.Marker:
        answer = application.demographic_answers.get(marker.value) or {}
        said = [str(words.get(value, value)) for value in answer.get("values", [])]
        said += [part for part in [answer.get("self_description")] if part]
        if answer.get("number") is not None:
            said.append(str(answer["number"]))
        if answer.get("declined"):
            said.append(_("prefers not to say"))
        rows.append((str(marker.label), ", ".join(said) or _("not answered")))
    return rows
