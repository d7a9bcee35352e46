"""Stories that people share: kept, read by staff, told to others as far as they allow, and erased when they say so."""

import hashlib
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.html import escape, linebreaks
from django.utils.text import slugify
from django.utils.translation import gettext as _

from campaigns import emails
from campaigns.models import ActionTaken, SharedStory, Story
from campaigns.services.erasure import erase_article, erase_traces
from campaigns.services.errors import StateError
from mailing.services import queue_message
from partners.caching import empty_page_cache_on_commit
from partners.history import changed_by
from partners.models import User

State, Scope = SharedStory.State, SharedStory.Scope
# From what tells least of a person to what tells most.
_BREADTH = [Scope.LAWMAKERS, Scope.ANONYMOUS, Scope.FIRST_NAME, Scope.PUBLIC]


def _locked(shared: SharedStory, by: User | None) -> SharedStory:
    shared = SharedStory.objects.select_for_update(of=("self",)).select_related("action").get(pk=shared.pk)
    changed_by(shared, by)
    return shared


@transaction.atomic
def keep_story(
    *, action: ActionTaken, title: str, text: str, place: str, scope: str, scope_text: str
) -> SharedStory:
    """Keeps what somebody told, with what they allow in the very words they read.

    A changed story waits to be read again; a narrower consent erases the article made under the wider one at once.
    Somebody who withdrew a story may share another: the proof of the first one stays in the history.
    """
    shared = SharedStory.objects.select_for_update(of=("self",)).filter(action=action).first()
    told = {"title": title, "text": text, "place": place, "scope": scope}
    if shared is None:
        shared = SharedStory.objects.create(action=action, scope_text=scope_text, **told)
        _confirm(action)
        return shared
    if all(getattr(shared, name) == value for name, value in told.items()):
        return shared
    if shared.story is not None and _BREADTH.index(Scope(scope)) < _BREADTH.index(Scope(shared.scope)):
        erase_article(story=shared.story, by=action.person.user)
    for name, value in told.items():
        setattr(shared, name, value)
    shared.scope_text = scope_text
    shared.state, shared.decline_reason = State.WAITING, ""
    shared.moderated_at = shared.moderated_by = None
    shared.withdrawn_at, shared.withdrawal_proof = None, ""
    shared.save()
    empty_page_cache_on_commit()
    return shared


def _confirm(action: ActionTaken) -> None:
    """The receipt with the link to withdraw. Who confirmed from the mailbox gets theirs with the confirmation."""
    if action.verified != ActionTaken.Verified.MAILBOX:
        message = emails.action_receipt(action)
        queue_message(to=action.person.email, subject=message.subject, text=message.text, html=message.html)


@transaction.atomic
def accept_story(*, shared: SharedStory, by: User, now: datetime | None = None) -> SharedStory:
    """Lets others read a story, as far as its author allows."""
    shared = _locked(shared, by)
    if shared.state not in {State.WAITING, State.DECLINED}:
        raise StateError(_("Only a story that waits, or that was not used, can be accepted."))
    shared.state, shared.decline_reason = State.ACCEPTED, ""
    shared.moderated_at, shared.moderated_by = now or timezone.now(), by
    shared.save()
    empty_page_cache_on_commit()
    return shared


@transaction.atomic
def decline_story(*, shared: SharedStory, reason: str, by: User, now: datetime | None = None) -> SharedStory:
    """Does not use a story, and tells its author why, with thanks."""
    shared = _locked(shared, by)
    if shared.state not in {State.WAITING, State.ACCEPTED}:
        raise StateError(_("Only a story that waits, or that was accepted, can be declined."))
    if shared.story is not None and shared.story.status in Story.ON_ITS_WAY:
        raise StateError(_("An article was made of it. Withdraw the article first."))
    shared.state, shared.decline_reason = State.DECLINED, reason.strip()
    shared.moderated_at, shared.moderated_by = now or timezone.now(), by
    shared.save()
    message = emails.story_declined(shared)
    queue_message(
        to=shared.action.person.email, subject=message.subject, text=message.text, html=message.html
    )
    empty_page_cache_on_commit()
    return shared


@transaction.atomic
def make_article(*, shared: SharedStory, by: User) -> Story:
    """A draft for the site's stories, filled with what its author told and allows; the one made before, if any."""
    shared = _locked(shared, by)
    if shared.story is not None and not shared.story.is_erased:
        return shared.story
    if shared.state != State.ACCEPTED:
        raise StateError(_("Accept the story first."))
    if shared.scope == Scope.LAWMAKERS:
        raise StateError(_("Its author allows us to show it to lawmakers only."))
    call = shared.action.call_to_action
    name, place = author_shown(shared), place_shown(shared)
    story = Story(
        kicker=_("In their own words"),
        headline=shared.title,
        slug=_free_slug(shared),
        summary=" ".join(shared.text.split())[:280],
        city=place,
        body=linebreaks(escape(shared.text)),
        source=_("Told to us by %(name)s") % {"name": name} if name else _("Told to us; name withheld"),
        consent=Story.Consent.WRITTEN,
        consent_note=f"{shared.action.reference}: {shared.get_scope_display()}",
        call_to_action=call,
        campaign=call.campaign,
    )
    changed_by(story, by)
    story.save()
    shared.story = story
    shared.save(update_fields=["story"])
    return story


def author_shown(shared: SharedStory) -> str:
    """The author's name as far as they allow it to be shown; empty for one who does not."""
    person = shared.action.person
    return {Scope.PUBLIC: person.name, Scope.FIRST_NAME: person.first_name}.get(Scope(shared.scope), "")


def place_shown(shared: SharedStory) -> str:
    """Where the author lives, if they allow it to be shown."""
    return shared.place if shared.scope in {Scope.PUBLIC, Scope.FIRST_NAME} else ""


def _free_slug(shared: SharedStory) -> str:
    wanted = slugify(shared.title)[:80] or "story"
    taken = set(Story.objects.filter(slug__startswith=wanted).values_list("slug", flat=True))
    return wanted if wanted not in taken else f"{wanted}-{shared.pk}"


@transaction.atomic
def withdraw_shared_story(
    *, shared: SharedStory, by: User | None = None, now: datetime | None = None
) -> SharedStory:
    """Erases a story and the article made of it, everywhere, and sends its author the proof. Twice changes nothing."""
    shared = _locked(shared, by)
    if shared.state == State.WITHDRAWN:
        return shared
    shared.withdrawal_proof = proof_of(shared.action.reference, shared.title, shared.text)
    shared.withdrawn_at = now or timezone.now()
    shared.state = State.WITHDRAWN
    shared.title = shared.text = shared.place = shared.decline_reason = ""
    shared.save()
    erase_traces(shared, by)
    message = emails.story_withdrawn(shared)
    queue_message(
        to=shared.action.person.email, subject=message.subject, text=message.text, html=message.html
    )
    empty_page_cache_on_commit()
    return shared


def proof_of(reference: str, title: str, text: str) -> str:
    """The SHA-256 digest of reference, headline and story, each on lines of its own.

    Whoever kept the story can make the digest again; nobody can make the story from the digest.
    """
    return hashlib.sha256("\n".join([reference, title, text]).encode()).hexdigest()
