"""Who wants to hear of what happens to a bill, a legislator's bills, a committee or a search."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from legislation.models.bill import Bill, BillEvent
from legislation.models.people import Committee, Legislator
from legislation.querysets import FollowQuerySet, SavedSearchQuerySet


class SavedSearch(models.Model):
    """A search over bills that somebody keeps. `query` is the address's query string in its canonical form."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_searches")
    name = models.CharField(_("name"), max_length=120)
    query = models.CharField(max_length=1000)
    created_at = models.DateTimeField(_("saved"), auto_now_add=True)

    objects = SavedSearchQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved search")
        verbose_name_plural = _("saved searches")
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["user", "query"], name="savedsearch_once")]

    def __str__(self) -> str:
        return self.name


class Follow(models.Model):
    """A signed-in person's wish for news: exactly one of bill, legislator, committee and search."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="follows")
    bill = models.ForeignKey(Bill, models.CASCADE, null=True, blank=True, related_name="follows")
    legislator = models.ForeignKey(Legislator, models.CASCADE, null=True, blank=True, related_name="follows")
    committee = models.ForeignKey(Committee, models.CASCADE, null=True, blank=True, related_name="follows")
    search = models.OneToOneField(SavedSearch, models.CASCADE, null=True, blank=True, related_name="follow")
    # Stage changes, hearings and slip windows at once; the rest in the digest. Off: everything in the digest.
    immediate = models.BooleanField(_("important news at once"), default=True)
    created_at = models.DateTimeField(_("since"), auto_now_add=True)

    objects = FollowQuerySet.as_manager()

    class Meta:
        verbose_name = _("follow")
        verbose_name_plural = _("follows")
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=(
                    models.Q(bill__isnull=False, legislator=None, committee=None, search=None)
                    | models.Q(bill=None, legislator__isnull=False, committee=None, search=None)
                    | models.Q(bill=None, legislator=None, committee__isnull=False, search=None)
                    | models.Q(bill=None, legislator=None, committee=None, search__isnull=False)
                ),
                name="follow_one_thing",
            ),
            models.UniqueConstraint(fields=["user", "bill"], name="follow_bill_once"),
            models.UniqueConstraint(fields=["user", "legislator"], name="follow_legislator_once"),
            models.UniqueConstraint(fields=["user", "committee"], name="follow_committee_once"),
        ]

    def __str__(self) -> str:
        return str(self.bill or self.legislator or self.committee or self.search)


class Notice(models.Model):
    """One event told to one person: written with the message, so that nobody hears of it twice."""

    class Way(models.TextChoices):
        IMMEDIATE = "immediate", _("at once")
        DIGEST = "digest", _("in a digest")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    event = models.ForeignKey(BillEvent, models.CASCADE, related_name="notices")
    way = models.CharField(max_length=9, choices=Way.choices)
    # A digest's news waits until this is set.
    queued_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        constraints = [models.UniqueConstraint(fields=["user", "event"], name="notice_once")]
        indexes = [
            models.Index(fields=["user"], condition=models.Q(queued_at__isnull=True), name="notice_waiting")
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.event}"
