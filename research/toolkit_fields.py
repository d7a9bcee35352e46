"""What the texts of a toolkit may say of whoever takes it along: the merge fields, and how they are filled.

Written as in our mail: `{{ organization }}`, or with words for those of whom we do not know it:
`{{ organization|your organization }}`. Without such words a field stands in brackets, so that people see what to fill in.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mailing.composing.compile import COMPILED, ENGINE_SLOTS, clean_body, compile_content, personal_value
from mailing.errors import CompileError


@dataclass(frozen=True)
class ToolkitField:
    """One thing we may know. `label` stands in brackets where we do not; `source` says where it comes from."""

    name: str
    label: str | Promise
    source: str | Promise
    example: str

    @property
    def written(self) -> str:
        """As staff write it."""
        return f"{{{{ {self.name} }}}}"


_OF_PARTNER = gettext_lazy("Of the partner; visitors may type a name.")
_OF_SEAT = gettext_lazy("Of the partner's seat.")
_OF_DISTRICT = gettext_lazy(
    "Of the district somebody chose, or of the ZIP code where it lies in one district only."
)
_OF_MEMBER = gettext_lazy(
    "Who sits there today; the phone of the Springfield office, or else of the district's."
)
_OF_TOOLKIT = gettext_lazy("As the toolkit names it.")

FIELDS: dict[str, ToolkitField] = {
    one.name: one
    for one in (
        ToolkitField("organization", gettext_lazy("your organization"), _OF_PARTNER, "Prairie Path Services"),
        ToolkitField("city", gettext_lazy("your city"), _OF_SEAT, "Waukegan"),
        ToolkitField("county", gettext_lazy("county"), _OF_SEAT, "Lake"),
        ToolkitField("area", gettext_lazy("your area"), _OF_SEAT, "Lake and McHenry"),
        ToolkitField("house_district", gettext_lazy("House district"), _OF_DISTRICT, "58"),
        ToolkitField("senate_district", gettext_lazy("Senate district"), _OF_DISTRICT, "29"),
        ToolkitField("representative", gettext_lazy("your State Representative"), _OF_MEMBER, "Alex Sample"),
        ToolkitField("representative_phone", gettext_lazy("their phone number"), _OF_MEMBER, "217-555-0158"),
        ToolkitField("senator", gettext_lazy("your State Senator"), _OF_MEMBER, "Robin Sample"),
        ToolkitField("senator_phone", gettext_lazy("their phone number"), _OF_MEMBER, "217-555-0129"),
        ToolkitField(
            "partners_in_district",
            gettext_lazy("number of partners in your district"),
            gettext_lazy(
                "Active partners with their seat or people in the House district, or else the Senate's."
            ),
            "14",
        ),
        ToolkitField(
            "local_finding",
            gettext_lazy("a fact about your community"),
            gettext_lazy("The newest published finding about the district, or else about the county."),
            "1,500: people in Lake County who wait for a place (Sample data, 2025)",
        ),
        ToolkitField("bill", gettext_lazy("bill"), _OF_TOOLKIT, "HB 1075"),
        ToolkitField("report", gettext_lazy("report"), _OF_TOOLKIT, "The true cost of services"),
        ToolkitField(
            "report_link", gettext_lazy("address of the report"), _OF_TOOLKIT, "https://example.org/report/"
        ),
    )
}


def check_text(text: str) -> None:
    """Refuses a field that nothing fills, in words that name those that can be."""
    try:
        compiled = compile_content(subject="", text=text, html="", known=FIELDS).text
    except CompileError as error:
        raise ValidationError(str(error), code="field") from error
    unknown = [slot[2] for slot in COMPILED.finditer(compiled) if slot[2] in ENGINE_SLOTS]
    if unknown:
        raise ValidationError(
            _("Nothing fills {{ %(name)s }}. Use %(known)s.")
            % {"name": unknown[0], "known": ", ".join(field.written for field in FIELDS.values())},
            code="field",
        )


def fields_in(texts: Iterable[str]) -> set[str]:
    """Names of the fields that texts ask for."""
    return {slot[2] for text in texts for slot in COMPILED.finditer(_compiled(text)) if slot[2] in FIELDS}


def fill_text(text: str, values: Mapping[str, str]) -> str:
    """The text as plain text with every field filled, in one pass: what comes out of a field is never read as one."""

    def one(slot: Any) -> str:
        in_url, name, fallback, _number = slot.groups()
        field = FIELDS.get(name or "")
        if field is None:
            return slot[0]
        value = personal_value(values, field.name, fallback or f"[{field.label}]")
        return quote(value, safe="") if in_url else value

    return COMPILED.sub(one, _compiled(text))


def _compiled(text: str) -> str:
    # What was saved was checked; a text that a later version would refuse is shown as it is.
    try:
        return compile_content(subject="", text=text, html="").text
    except CompileError:
        return clean_body(text)
