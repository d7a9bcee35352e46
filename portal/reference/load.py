"""Writes the reference data that is missing. What staff have changed since stays as it is."""

from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils import timezone

from campaigns.models import CallToAction, Pillar
from legislation.models import Subject
from mailing.addresses import normalize_address
from mailing.models import Topic
from partners.caching import empty_page_cache_on_commit
from partners.models import Area, Coalition, County, SubSector, User
from portal.reference.coalition import COALITION, PILLARS, TOPICS
from portal.reference.places import AREAS, COUNTIES
from portal.reference.standing import OPEN_FOR, STANDING_CALL
from portal.reference.sub_sectors import SUB_SECTORS
from portal.reference.subjects import SUBJECTS


@dataclass(frozen=True)
class Loaded:
    """Rows that were missing and are there now, by what they are."""

    coalition: int
    areas: int
    counties: int
    sub_sectors: int
    pillars: int
    topics: int
    subjects: int
    standing_call: int

    @property
    def total(self) -> int:
        return sum(vars(self).values())


@transaction.atomic
def load_reference() -> Loaded:
    """The coalition's row, areas, counties, sub-sectors, pillars, mail topics, subjects of bills, and the call
    that takes stories at any time. Safe to run at any time."""
    loaded = Loaded(
        coalition=_coalition(),
        areas=_areas(),
        counties=_counties(),
        sub_sectors=_sub_sectors(),
        pillars=_pillars(),
        topics=_topics(),
        subjects=_subjects(),
        standing_call=_standing_call(),
    )
    if loaded.total:
        empty_page_cache_on_commit()
    return loaded


@transaction.atomic
def create_staff_account(*, email: str, password: str | None) -> tuple[User, bool]:
    """A login with every right, its address taken as verified; an existing login is left as it is.

    Without a password nobody can sign in until one is set over the password reset page. Returns the login and
    whether it is new.
    """
    existing = User.objects.filter(email=normalize_address(email)).first()
    if existing:
        return existing, False
    user = User.objects.create_superuser(email, password)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user, True


def _coalition() -> int:
    _row, created = Coalition.objects.get_or_create(id=1, defaults=COALITION)
    return int(created)


def _areas() -> int:
    known = set(Area.objects.values_list("slug", flat=True))
    rows = [
        Area(slug=facts.slug, name=facts.name, description=facts.description, order=place)
        for place, facts in enumerate(AREAS, start=1)
        if facts.slug not in known
    ]
    return len(Area.objects.bulk_create(rows))


def _counties() -> int:
    known = set(County.objects.values_list("fips", flat=True))
    areas = Area.objects.in_bulk([facts.slug for facts in AREAS], field_name="slug")
    rows = [
        County(name=name, fips=COUNTIES[name], area=areas[facts.slug])
        for facts in AREAS
        for name in facts.counties
        if COUNTIES[name] not in known
    ]
    return len(County.objects.bulk_create(rows))


def _sub_sectors() -> int:
    known = set(SubSector.objects.values_list("slug", flat=True))
    rows = [
        SubSector(slug=slug, name=name, description=description, order=place)
        for place, (slug, name, description) in enumerate(SUB_SECTORS, start=1)
        if slug not in known
    ]
    return len(SubSector.objects.bulk_create(rows))


def _pillars() -> int:
    known = set(Pillar.objects.values_list("slug", flat=True))
    rows = [
        Pillar(slug=slug, name=name, statement=statement, order=place)
        for place, (slug, name, statement) in enumerate(PILLARS, start=1)
        if slug not in known
    ]
    return len(Pillar.objects.bulk_create(rows))


def _topics() -> int:
    known = set(Topic.objects.values_list("slug", flat=True))
    rows = [
        Topic(slug=slug, name=name, description=description, order=place)
        for place, (slug, name, description) in enumerate(TOPICS, start=1)
        if slug not in known
    ]
    return len(Topic.objects.bulk_create(rows))


def _subjects() -> int:
    known = set(Subject.objects.values_list("slug", flat=True))
    rows = [
        Subject(slug=slug, name=name, words=words, order=place)
        for place, (name, slug, words) in enumerate(SUBJECTS, start=1)
        if slug not in known
    ]
    return len(Subject.objects.bulk_create(rows))


def _standing_call() -> int:
    """Only where there is none: staff may have put another in its place, or closed it."""
    now = timezone.now()
    if CallToAction.objects.filter(is_standing=True).exists():
        return 0
    _call, created = CallToAction.objects.get_or_create(
        slug=STANDING_CALL["slug"],
        defaults=STANDING_CALL | {"opens_at": now, "closes_at": now + OPEN_FOR},
    )
    return int(created)
