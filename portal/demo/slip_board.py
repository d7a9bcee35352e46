"""The slip board of the past sample hearing: partners that pledged, those that say they filed, and some not on the list."""

from datetime import datetime, timedelta
from random import Random

from campaigns.models import ActionTaken, CallToAction
from campaigns.services.actions import take_action
from campaigns.services.slip_calls import draft_slip_call
from campaigns.services.slips import pledge_slips
from campaigns.slip_asks import asks_of
from legislation.models import Hearing, ReportedSlip
from legislation.slip_matches import recorded_partners
from partners.models import Membership, Organization, User
from portal.embedded.demo_logins import DEMO_LOGINS

# Of the partners that pledge, so many of a hundred stand on the list; of those that pledged, so many say they filed.
KEEPING, FILING, UNANNOUNCED = 78, 70, 6
MOST = 60


def write_slip_board(*, staff: User, seed: int, now: datetime) -> CallToAction | None:
    """The call for the hearing whose list of slips is in. Nothing where there is no such hearing."""
    hearing = Hearing.objects.filter(key="lower:sample-with-slips").first()
    if hearing is None:
        return None
    document = hearing.documents.filter(amendment="", bill__isnull=False).first()
    if document is None or document.bill is None:
        return None
    opened = hearing.starts_at - timedelta(days=5)
    call, _is_new = draft_slip_call(hearing=hearing, bill=document.bill, by=staff, now=opened)
    call.slip_asks.exclude(document=document).delete()
    call.status, call.opens_at = CallToAction.Status.PUBLISHED, opened
    call.save()
    rng = Random(f"{seed}:board")
    for place in _chosen(rng, hearing, document.pk):
        _tell(rng, call, place, hearing)
    acted = ActionTaken.objects.filter(call_to_action=call).totals()
    call.status = CallToAction.Status.CLOSED
    call.outcome = (
        f"{acted['people']:,} people of {acted['organizations']:,} partner organizations told us that they filed a slip "
        "before the hearing. The General Assembly's list is counted apart."
    )
    call.save()
    return call


def _chosen(rng: Random, hearing: Hearing, document: int) -> list[Membership]:
    """Contacts of partners on the list, and of some that are not."""
    on_list = {
        organization
        for organization, filed in recorded_partners(hearing=hearing).items()
        if any(one == document for one, _position in filed)
    }
    contacts: dict[int, Membership] = {}
    places = Membership.objects.current().filter(
        role=Membership.Role.PRIMARY_CONTACT, organization__status=Organization.Status.ACTIVE
    )
    places = places.exclude(person__email__in=[login.email for login in DEMO_LOGINS])
    for place in places.select_related("person", "organization").order_by("pk"):
        contacts.setdefault(place.organization_id, place)
    keeping = [place for key, place in contacts.items() if key in on_list]
    silent = [place for key, place in contacts.items() if key not in on_list]
    wanted = min(len(keeping) - len(keeping) * UNANNOUNCED // 100, MOST * KEEPING // 100)
    missing = min(len(silent), -(-wanted * (100 - KEEPING) // KEEPING))
    return rng.sample(keeping, wanted) + rng.sample(silent, missing)


def _tell(rng: Random, call: CallToAction, place: Membership, hearing: Hearing) -> None:
    """Pledges within two days; most say on the next that they filed."""
    pledged = call.opens_at + timedelta(minutes=rng.randrange(60, 2 * 24 * 60))
    pledge_slips(call_to_action=call, person=place.person, organization=place.organization, now=pledged)
    if rng.randrange(100) >= FILING:
        return
    take_action(
        call_to_action=call,
        person=place.person,
        details={
            "organization": place.organization_id,
            "positions": {str(ask.document_id): ask.position for ask in asks_of(call)},
            "testimony": ReportedSlip.Testimony.RECORD,
            "posting_on": "",
        },
        verified=ActionTaken.Verified.LOGIN,
        reference="A-" + "".join(rng.choices("23456789ABCDEFGHJKLMNPQRSTUVWXYZ", k=8)),
        now=min(
            pledged + timedelta(minutes=rng.randrange(5, 1500)), hearing.starts_at - timedelta(minutes=5)
        ),
    )
