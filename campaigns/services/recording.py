"""The row of an answer, written in one statement: hundreds of people may answer one call to action in a second."""

from datetime import datetime
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from campaigns.models import ActionTaken, CallToAction
from campaigns.permissions import roles_for
from campaigns.services.errors import CallClosed
from mailing.plans import columns, fetch, made_of
from partners.models import Membership, Person
from partners.permissions import ACTING_ORGANIZATION

_HOLD = "SELECT status, opens_at, closes_at, audience FROM campaigns_calltoaction WHERE id = %s FOR SHARE"

# The call is held, the organization found and the answer written, each person once. Nothing is written where the call
# is not open, or not for this person, or its audience is no longer what the page said.
_WRITE = f"""
WITH call AS (
    SELECT id, consent_text FROM campaigns_calltoaction
    WHERE id = %(call)s AND audience = %(audience)s AND status = 'published'
      AND opens_at <= %(now)s AND closes_at > %(now)s
    FOR SHARE
), acting AS ({ACTING_ORGANIZATION})
INSERT INTO campaigns_actiontaken
    (reference, call_to_action_id, person_id, organization_id, comment, show_name, consent_text,
     verified, source_code, via_id, credited_id, acted_at)
SELECT %(reference)s, call.id, %(person)s, acting.id, %(comment)s, %(show_name)s, call.consent_text,
       %(verified)s, %(source_code)s, %(via)s::bigint, %(credited)s::bigint, %(now)s
FROM call LEFT JOIN acting ON true
WHERE acting.id IS NOT NULL OR %(audience)s = 'everyone'
ON CONFLICT (call_to_action_id, person_id) DO NOTHING
RETURNING {columns(ActionTaken)}
"""  # noqa: S608 - nothing in it comes from outside


def hold_open_call(call_to_action: CallToAction, now: datetime) -> CallToAction:
    """The call, kept from being closed while an answer is written. Raises `CallClosed`.

    The lock is a shared one, here and where answers are written: nobody who answers waits for another, only staff
    who close the call wait for all of them.
    """
    with connection.cursor() as cursor:
        cursor.execute(_HOLD, [call_to_action.pk])
        found = cursor.fetchone()
    if found is not None:
        call_to_action.status, call_to_action.opens_at, call_to_action.closes_at, call_to_action.audience = (
            found
        )
    if found is None or not call_to_action.is_open(now):
        raise CallClosed(_("This call to action is not open."))
    return call_to_action


def write_answer(call: CallToAction, person: Person, *, now: datetime, **said: Any) -> ActionTaken | None:
    """Writes a person's first answer, with the organization for which they act, and holds the call.

    None where the call does not take it, or they answered before.
    """
    values = {
        "call": call.pk,
        "audience": call.audience,
        "person": person.pk,
        "roles": [*(roles_for(call) or Membership.Role)],
        "now": now,
    }
    rows = fetch(_WRITE, values | said)
    if not rows:
        return None
    action = made_of(ActionTaken, rows[0])
    # Whoever asks for them need not read them again.
    action.call_to_action, action.person = call, person
    return action
