"""Voices and profiles of workers: published as far as they allow, and erased when they say so."""

import hashlib
from datetime import datetime
from typing import Any, TypeVar

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns import voice_emails as emails
from campaigns.models import WorkerProfile, WorkerVoice
from campaigns.models.consent import GivenWords
from campaigns.services.errors import StateError
from mailing.services import queue_message
from partners.caching import empty_page_cache_on_commit
from partners.history import changed_by
from partners.models import User

Words = TypeVar("Words", bound="WorkerVoice | WorkerProfile")
State = GivenWords.State


def _locked(words: Words, by: User | None) -> Words:
    locked: Any = type(words)._default_manager.select_for_update(of=("self",)).get(pk=words.pk)
    changed_by(locked, by)
    return locked


def _missing(words: WorkerVoice | WorkerProfile) -> list[str]:
    """What stands against publishing, in sentences."""
    missing = []
    if not words.scope_text.strip():
        missing.append(_("Write down the consent in the words they agreed to."))
    if isinstance(words, WorkerVoice):
        if not words.quote.strip():
            missing.append(_("Write down what they told us."))
        return missing
    if not words.name.strip():
        missing.append(_("Say how they wish to be named; it is not shown when they allow no name."))
    if not (words.skill.strip() and words.training.strip() and words.result.strip()):
        missing.append(_("Tell the skill, the training and what it changed."))
    if words.address_names_them:
        missing.append(str(words.TELLING_ADDRESS))
    return missing


@transaction.atomic
def publish_words(*, words: Words, by: User, now: datetime | None = None) -> Words:
    """Puts a voice or a profile where its scope allows, and mails its author the link to withdraw it."""
    words = _locked(words, by)
    if words.state != State.DRAFT:
        raise StateError(_("Only a draft can be published."))
    missing = _missing(words)
    if missing:
        raise StateError(" ".join(missing))
    words.state = State.PUBLISHED
    words.published_at = now or timezone.now()
    words.save()
    if words.email:
        message = emails.words_published(words)
        queue_message(to=words.email, subject=message.subject, text=message.text, html=message.html)
    empty_page_cache_on_commit()
    return words


@transaction.atomic
def take_down_words(*, words: Words, by: User) -> Words:
    """Staff take a published voice or profile back to a draft; nothing is erased."""
    words = _locked(words, by)
    if words.state != State.PUBLISHED:
        raise StateError(_("Only what is published can be taken off the site."))
    words.state = State.DRAFT
    words.save()
    empty_page_cache_on_commit()
    return words


@transaction.atomic
def withdraw_words(*, words: Words, by: User | None = None, now: datetime | None = None) -> Words:
    """Erases what somebody told us, everywhere, and sends them the proof. Twice changes nothing."""
    words = _locked(words, by)
    if words.state == State.WITHDRAWN:
        return words
    words.withdrawal_proof = proof_of(words)
    words.withdrawn_at = now or timezone.now()
    words.state = State.WITHDRAWN
    email = words.email
    for name in words.WORDS:
        setattr(words, name, "")
    if isinstance(words, WorkerProfile):
        words.organization = None
        _forget_address(words)
    else:
        words.sub_sector = None
        WorkerVoice.history.filter(id=words.pk).update(sub_sector=None)
    words.save()
    if email:
        message = emails.words_withdrawn(words)
        queue_message(to=email, subject=message.subject, text=message.text, html=message.html)
    empty_page_cache_on_commit()
    return words


def _forget_address(profile: WorkerProfile) -> None:
    """The address may be made of the name: no row, and no row of the history, keeps it."""
    profile.slug = f"withdrawn-{profile.pk}"
    WorkerProfile.history.filter(id=profile.pk).update(slug=profile.slug, organization=None)


def proof_of(words: WorkerVoice | WorkerProfile) -> str:
    """The SHA-256 digest of every field that is about to be erased, each on lines of its own.

    Whoever kept the words can make the digest again; nobody can make the words from it.
    """
    lines = [str(words.pk), *(getattr(words, name) for name in words.WORDS if name != "email")]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
