"""An organization's profile, its logo and its answers to the optional questions."""

from collections.abc import Iterable, Mapping

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from partners.answers import MarkerAnswer, is_answered
from partners.caching import empty_page_cache_on_commit
from partners.errors import NotAllowed
from partners.history import changed_by
from partners.models import Organization, ProfileAnswer, SubSector, User

PROFILE_FIELDS = (
    "name",
    "website",
    "summary",
    "street",
    "city",
    "zip_code",
    "county",
    "area",
    "budget_band",
    "phone",
)


@transaction.atomic
def update_organization(
    *,
    organization: Organization,
    by: User | None,
    facts: Mapping[str, object],
    sub_sectors: Iterable[SubSector] | None = None,
    logo: "ContentFile[bytes] | None" = None,
    remove_logo: bool = False,
) -> Organization:
    """New facts for the profile: any of PROFILE_FIELDS, and a logo made by `partners.images`."""
    organization = Organization.objects.select_for_update(of=("self",)).get(pk=organization.pk)
    for name in PROFILE_FIELDS:
        if name in facts:
            setattr(organization, name, facts[name])
    if sub_sectors is not None:
        organization.sub_sectors.set(sub_sectors)
    if logo or remove_logo:
        _forget_file(organization)
        organization.logo = ""
    if logo:
        organization.logo.save(logo.name or "logo.webp", logo, save=False)
    changed_by(organization, by)
    organization.save()
    empty_page_cache_on_commit()
    return organization


@transaction.atomic
def change_status(*, organization: Organization, status: str, by: User) -> Organization:
    """Active, lapsed or left. Only active partners are counted, listed and acted for; nothing is deleted."""
    organization = Organization.objects.select_for_update(of=("self",)).get(pk=organization.pk)
    if organization.status == status:
        raise NotAllowed(
            _("The organization has this status already: %s.") % organization.get_status_display()
        )
    organization.status = status
    changed_by(organization, by)
    organization.save(update_fields=["status"])
    empty_page_cache_on_commit()
    return organization


def _forget_file(organization: Organization) -> None:
    """Deletes the old logo once the row no longer names it."""
    storage, name = organization.logo.storage, organization.logo.name
    if name:
        transaction.on_commit(lambda: storage.delete(name), robust=True)


@transaction.atomic
def record_answers(
    *, organization: Organization, answers: Mapping[str, MarkerAnswer], by: User | None
) -> list[ProfileAnswer]:
    """Puts new answers beside the earlier ones, by marker. An empty answer is not recorded."""
    now = timezone.now()
    rows = [
        ProfileAnswer(
            organization=organization,
            marker=marker,
            values=[] if answer.get("declined") else answer.get("values", []),
            number=None if answer.get("declined") else answer.get("number"),
            self_description="" if answer.get("declined") else answer.get("self_description", ""),
            declined=bool(answer.get("declined")),
            answered_at=now,
            answered_by=by,
        )
        for marker, answer in answers.items()
        if is_answered(answer)
    ]
    return ProfileAnswer.objects.bulk_create(rows)


def unique_slug(name: str) -> str:
    """A slug no organization has: the name's, or with the next free number behind it."""
    base = slugify(name)[:100].strip("-") or "partner"
    taken = set(Organization.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    number, slug = 1, base
    while slug in taken:
        number += 1
        slug = f"{base}-{number}"
    return slug
