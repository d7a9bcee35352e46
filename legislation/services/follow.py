"""Following: what somebody wants to hear of, and how. Doing the same thing twice does no harm."""

from django.db import transaction
from django.db.models import F
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from legislation.models import Bill, Committee, Follow, FollowSettings, Legislator, Notice, SavedSearch
from legislation.search.bills import BillSearch
from partners.errors import NotAllowed
from partners.models import User

# What one person may keep: each search is asked again with all that changes.
MOST_SEARCHES = 50
MOST_FOLLOWS = 1000
LONGEST_QUERY = 1000

Followed = Bill | Legislator | Committee
# What can be followed, by the name of the field that holds it.
KINDS: dict[str, type[Followed]] = {"bill": Bill, "legislator": Legislator, "committee": Committee}


@transaction.atomic
def follow(*, user: User, target: Followed, immediate: bool = True) -> Follow:
    """Begins to follow, or changes how; with the same again nothing happens."""
    _lock_settings(user)
    found = Follow.objects.filter(user=user, **{_field(target): target}).first()
    if found is None:
        _refuse_too_many(user)
        return Follow.objects.create(user=user, immediate=immediate, **{_field(target): target})
    return set_way(follow=found, immediate=immediate)


@transaction.atomic
def unfollow(*, user: User, target: Followed) -> None:
    """Stops following; what still waits to be told about it is forgotten."""
    Follow.objects.filter(user=user, **{_field(target): target}).delete()


@transaction.atomic
def set_way(*, follow: Follow, immediate: bool) -> Follow:
    """Important news at once, or everything in the digest."""
    if follow.immediate != immediate:
        follow.immediate = immediate
        follow.save(update_fields=["immediate"])
    return follow


@transaction.atomic
def save_search(*, user: User, query: str, name: str = "", immediate: bool = False) -> SavedSearch:
    """Keeps a search and follows it. Two spellings of one search are one; a new name replaces the old."""
    search = BillSearch.parse(read_query(query))
    canonical = search.canonical_query()
    if not search.is_active:
        raise NotAllowed(_("Choose at least one filter or word first: all bills would be too much news."))
    if len(canonical) > LONGEST_QUERY:
        raise NotAllowed(_("This search is too long to keep. Use fewer filters."))
    _lock_settings(user)
    saved = SavedSearch.objects.filter(user=user, query=canonical).first()
    if saved is None:
        if SavedSearch.objects.filter(user=user).count() >= MOST_SEARCHES:
            raise NotAllowed(
                _("You keep %(most)d searches already. Remove one first.") % {"most": MOST_SEARCHES}
            )
        saved = SavedSearch(user=user, query=canonical, name=search.describe()[:120])
    saved.name = " ".join(name.split())[:120] or saved.name
    saved.save()
    Follow.objects.get_or_create(user=user, search=saved, defaults={"immediate": immediate})
    return saved


@transaction.atomic
def rename_search(*, search: SavedSearch, name: str, immediate: bool) -> SavedSearch:
    """Gives a search another name and says how to hear of it."""
    search.name = name
    search.save(update_fields=["name"])
    Follow.objects.update_or_create(user=search.user, search=search, defaults={"immediate": immediate})
    return search


@transaction.atomic
def remove_search(*, search: SavedSearch) -> None:
    """Forgets a search, its follow, and what waits to be told about it."""
    search.delete()


@transaction.atomic
def choose_digest(*, user: User, digest: str) -> FollowSettings:
    """How often the digest comes. Without one, what waits for it is forgotten."""
    settings = _lock_settings(user)
    settings.digest = FollowSettings.Digest(digest)
    settings.save(update_fields=["digest"])
    if settings.digest == FollowSettings.Digest.OFF:
        Notice.objects.waiting().filter(user=user, way=Notice.Way.DIGEST).delete()
    return settings


@transaction.atomic
def stop_mail(*, user: User) -> FollowSettings:
    """No more mail about what this person follows; the list itself stays."""
    settings = _lock_settings(user)
    if settings.stopped_at is None:
        settings.stopped_at = timezone.now()
        settings.save(update_fields=["stopped_at"])
    Notice.objects.waiting().filter(user=user).delete()
    return settings


@transaction.atomic
def start_mail(*, user: User) -> FollowSettings:
    """Mail again, about what happens from now on."""
    settings = _lock_settings(user)
    settings.stopped_at = None
    settings.save(update_fields=["stopped_at"])
    return settings


@transaction.atomic
def settings_of(*, user: User) -> FollowSettings:
    """A person's settings, made at the first look."""
    return FollowSettings.objects.get_or_create(user=user)[0]


@transaction.atomic
def new_calendar_address(*, user: User) -> FollowSettings:
    """Makes the old address of one's calendar worth nothing."""
    settings_of(user=user)
    FollowSettings.objects.filter(user=user).update(calendar_number=F("calendar_number") + 1)
    return FollowSettings.objects.get(user=user)


def _field(target: Followed) -> str:
    return next(name for name, model in KINDS.items() if isinstance(target, model))


def _lock_settings(user: User) -> FollowSettings:
    """Lets two tabs of one person wait for each other."""
    settings_of(user=user)
    return FollowSettings.objects.select_for_update().get(user=user)


def _refuse_too_many(user: User) -> None:
    if Follow.objects.filter(user=user).count() >= MOST_FOLLOWS:
        raise NotAllowed(
            _("You follow %(most)d things already. Stop following one first.") % {"most": MOST_FOLLOWS}
        )


def read_query(query: str) -> QueryDict:
    """An address's query, as a search reads it."""
    return QueryDict(query[:4000].lstrip("?"))
