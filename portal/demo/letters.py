"""Writes the demonstration's sign-on letter with its signatures, and the stories that people shared."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from random import Random

from campaigns.kinds.story import consent_words
from campaigns.models import ActionTaken, CallToAction, Campaign, SharedStory, Signature, SignOnLetter
from partners.models import Membership, Person, User
from partners.references import random_code
from portal.demo import letter_texts as texts
from portal.demo.calls import at
from portal.demo.people import private_address, sample_name
from portal.embedded.demo_logins import CONTACT

SIGNERS = 41
# Keeps these people's addresses apart from those of the others outside of organizations.
_FIRST_NUMBER = 90_000


def write_letters(*, campaigns: Mapping[str, Campaign], staff: User, seed: int, now: datetime) -> None:
    """An open letter that some forty organizations signed, and a call for stories with some of each state."""
    rng = Random(f"{seed}:letters")
    _sign(_write_letter(campaigns["fair-contracting"], now), rng, now)
    _tell(_write_story_call(campaigns["human-services-works"], now), staff, rng, now)


def _write_letter(campaign: Campaign, now: datetime) -> CallToAction:
    call = CallToAction.objects.create(
        slug="letter-pay-on-time",
        title=texts.LETTER_TITLE,
        kind=CallToAction.Kind.SIGN_ON,
        audience=CallToAction.Audience.SPEAKERS,
        campaign=campaign,
        ask=texts.LETTER_ASK,
        why=texts.LETTER_WHY,
        statement=texts.LETTER_TEXT,
        status=CallToAction.Status.PUBLISHED,
        opens_at=at(now, 8, days=-15),
        closes_at=at(now, 17, days=20),
        goal=60,
        goal_unit=CallToAction.Unit.ORGANIZATIONS,
        consent_text=texts.LETTER_CONSENT,
    )
    SignOnLetter.objects.create(
        call_to_action=call, addressed_to=texts.LETTER_ADDRESS, subject=texts.LETTER_SUBJECT
    )
    return call


def _sign(call: CallToAction, rng: Random, now: datetime) -> None:
    """Primary contacts sign; one takes it back, one form came on paper. The demonstration's own contact has not yet."""
    contacts = list(
        Membership.objects.current()
        .filter(role=Membership.Role.PRIMARY_CONTACT, organization__status="active")
        .exclude(organization__memberships__person__email=CONTACT.email)
        .select_related("person", "organization")
        .order_by("organization_id", "pk")
        .distinct("organization_id")
    )
    chosen = rng.sample(contacts, k=min(SIGNERS, len(contacts) * 4 // 5))
    for place, membership in enumerate(chosen):
        signed_at = call.opens_at + (now - call.opens_at) * rng.betavariate(1.1, 1.6)
        paper = place == 1
        signature = Signature(
            action=None if paper else _action(call, membership.person, signed_at, rng, membership),
            call_to_action=call,
            organization=membership.organization,
            organization_name=membership.organization.name,
            signer_name=membership.person.name,
            signer_title=membership.person.title,
            signed_at=signed_at,
            withdrawn_at=signed_at + (now - signed_at) / 2 if place == 0 else None,
            note=texts.PAPER_NOTE if paper else "",
        )
        signature.save()


def _write_story_call(campaign: Campaign, now: datetime) -> CallToAction:
    return CallToAction.objects.create(
        slug="share-what-changed",
        title=texts.STORY_TITLE,
        kind=CallToAction.Kind.STORY,
        campaign=campaign,
        ask=texts.STORY_ASK,
        why=texts.STORY_WHY,
        status=CallToAction.Status.PUBLISHED,
        opens_at=at(now, 8, days=-16),
        closes_at=at(now, 17, days=45),
        goal=25,
        consent_text=texts.STORY_CONSENT,
    )


def _tell(call: CallToAction, staff: User, rng: Random, now: datetime) -> None:
    for number, told in enumerate(texts.STORIES, start=_FIRST_NUMBER):
        first_name, last_name = sample_name(rng)
        person = Person.objects.create(
            first_name=first_name,
            last_name=last_name,
            email=private_address(rng, first_name, last_name, number),
        )
        acted_at = now - timedelta(days=told.days, minutes=rng.randint(5, 600))
        decided = told.state != SharedStory.State.WAITING
        SharedStory.objects.create(
            action=_action(call, person, acted_at, rng),
            title=told.title,
            text=told.text,
            place=told.place,
            scope=told.scope,
            scope_text=consent_words(told.scope),
            state=told.state,
            moderated_at=acted_at + timedelta(hours=20) if decided else None,
            moderated_by=staff if decided else None,
            decline_reason=told.reason,
        )


def _action(
    call: CallToAction,
    person: Person,
    acted_at: datetime,
    rng: Random,
    membership: Membership | None = None,
) -> ActionTaken:
    return ActionTaken.objects.create(
        reference="A-" + random_code(8, rng),
        call_to_action=call,
        person=person,
        organization=membership.organization if membership else None,
        consent_text=call.consent_text,
        verified=ActionTaken.Verified.LOGIN if membership else ActionTaken.Verified.MAILBOX,
        acted_at=acted_at,
    )
