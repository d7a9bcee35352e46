"""A committee that posts a hearing anew after it was called off: what calls about the old posting do."""

from datetime import datetime

from django.utils.translation import gettext as _

from campaigns.models import ActionAlert, CallToAction, FollowedHearing
from campaigns.open_windows import calls_about, new_posting
from campaigns.services.following_steps import (
    Kind,
    Status,
    close,
    ends_with_hearing,
    goes_on_after,
    save,
    shift_deadline,
    sure_until,
    tell_staff,
)
from campaigns.services.slip_calls import draft_for_posting
from legislation.models import Hearing
from legislation.slip_windows import moment_words


def draft_again(call: CallToAction, now: datetime) -> bool:
    """The hearing of a call that ends with it was posted anew: staff get a draft for the new posting."""
    hearing = call.hearing
    if hearing is None or not call.hearing_is_off or call.successor_id or not ends_with_hearing(call):
        return False
    posting = _posting(call, hearing, now)
    if posting is None:
        return False
    # Held, so that nobody drafts a call for it by hand at this moment.
    posting = Hearing.objects.select_for_update(of=("self",), no_key=True).get(pk=posting.pk)
    existing = (calls_about(posting.pk, bill, kind=call.kind).first() for bill in _bills(call) if bill)
    found = next((one for one in existing if one), None)
    call.successor = found or draft_for_posting(call=call, hearing=posting, now=now)
    save(call, _("Its hearing was posted anew."), ["successor"])
    facts = {"before": moment_words(hearing.starts_at), "after": moment_words(posting.starts_at)}
    lines = [
        _("The hearing of %(before)s is off. It was posted anew: the committee meets on %(after)s instead.")
        % facts,
        _("A draft for the new posting waits for you: look at it, publish it, and write an alert."),
    ]
    if call.status == Status.PUBLISHED:
        words = (
            _("The hearing of %(before)s was posted anew: the committee meets on %(after)s instead.") % facts
        )
        slips = _("A slip for the old posting does not count.") if call.kind == Kind.SLIP else ""
        close(call, " ".join(filter(None, [words, slips])))
        lines.append(_("The old call is closed."))
    tell_staff(call.successor, _("Posted anew: %(title)s"), lines)
    return True


def go_on_to_posting(call: CallToAction, now: datetime) -> bool:
    """A call that collects names, stories or answers goes on to the new posting, and its deadline with it."""
    hearing = call.hearing
    if hearing is None or not call.hearing_is_off or not call.is_open(now) or ends_with_hearing(call):
        return False
    posting = _posting(call, hearing, now)
    if posting is None:
        return False
    if not goes_on_after(call, hearing.starts_at):
        before = sure_until(hearing, hearing.starts_at)
        shift_deadline(call, before=before, after=sure_until(posting, posting.starts_at), now=now)
    call.hearing = posting
    followed = {"hearing": posting, "starts_at": posting.starts_at}
    FollowedHearing.objects.update_or_create(call_to_action=call, defaults=followed)
    save(call, _("Its hearing was posted anew."), ["hearing", "opens_at", "closes_at"])
    facts = {"before": moment_words(hearing.starts_at), "after": moment_words(posting.starts_at)}
    lines = [
        _("The hearing of %(before)s is off. It was posted anew: the committee meets on %(after)s instead.")
        % facts,
        _("The call goes on for the new posting. Its deadline is %(when)s now.")
        % {"when": moment_words(call.closes_at)},
    ]
    waiting = ActionAlert.objects.in_flight().filter(call_to_action=call).count()
    if waiting:
        words = _("Alerts that wait: %(n)d. See whether their words still hold, then let them go on.")
        lines.append(words % {"n": waiting})
    tell_staff(call, _("Posted anew: %(title)s"), lines)
    return True


def _bills(call: CallToAction) -> set[int | None]:
    return set(call.slip_asks.values_list("document__bill", flat=True)) | {call.bill_id}


def _posting(call: CallToAction, hearing: Hearing, now: datetime) -> Hearing | None:
    return new_posting(hearing, _bills(call), now)
