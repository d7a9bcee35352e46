"""Who comes to an event, for staff who prepare it."""

from collections.abc import Iterator

from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.utils.translation import gettext as _

from campaigns.models import CallToAction, Rsvp

_ORDER = {Rsvp.Coming.YES: 0, Rsvp.Coming.MAYBE: 1, Rsvp.Coming.NO: 2}


def answers_to(call: CallToAction) -> QuerySet[Rsvp]:
    """All answers: those who come first, then who may, then who cannot; by name."""
    order = Case(
        *(When(coming=coming, then=Value(place)) for coming, place in _ORDER.items()),
        output_field=IntegerField(),
    )
    answers = Rsvp.objects.filter(action__call_to_action=call)
    return answers.select_related("action__person", "action__organization").order_by(
        order, "action__person__last_name", "action__person__first_name", "pk"
    )


def attendance_rows(call: CallToAction) -> Iterator[list[object]]:
    """The heads, then one line per answer."""
    yield [
        _("first name"),
        _("last name"),
        _("e-mail address"),
        _("organization at that time"),
        _("answer"),
        _("guests"),
        _("needs to take part"),
    ]
    for answer in answers_to(call).iterator(1000):
        person, organization = answer.action.person, answer.action.organization
        yield [
            person.first_name,
            person.last_name,
            person.email,
            organization.name if organization else "",
            answer.get_coming_display(),
            answer.guests,
            "" if answer.coming == Rsvp.Coming.NO else answer.needs,
        ]
