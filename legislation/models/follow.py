"""Who wants to hear of what happens to a bill, a legislator's bills, a committee or a search."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from legislation.models.bill import Bill, BillEvent
from legislation.models.people import Committee, Legislator
from legislation.querysets import FollowQuerySet, NoticeQuerySet, SavedSearchQuerySet


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


class FollowSettings(models.Model):
    """How one person wants to hear of what they follow. Whoever never chose gets a digest every day."""

    class Digest(models.TextChoices):
        DAILY = "daily", _("every morning")
        WEEKLY = "weekly", _("every Monday")
        OFF = "off", _("never")

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="follow_settings"
    )
    digest = models.CharField(
        _("digest"), max_length=6, choices=Digest.choices, default=Digest.DAILY, db_default=Digest.DAILY
    )
    # Set by the link in a mail or the button on the page: nothing is sent until the person starts it again.
    stopped_at = models.DateTimeField(_("stopped"), null=True, blank=True)
    # Part of the calendar's secret address; counted up, so that the old address is worth nothing.
    calendar_number = models.PositiveIntegerField(default=1, db_default=1)

    class Meta:
        verbose_name = _("follower's settings")
        verbose_name_plural = _("followers' settings")

    def __str__(self) -> str:
        return f"{self.user}: {self.get_digest_display()}"


class Notice(models.Model):
    """One event, or one news of a hearing, for one person: each at most once.

    The row is written when the event is given out, and `queued_at` together with the message that tells it.
    """

    class Way(models.TextChoices):
        IMMEDIATE = "immediate", _("at once")
        DIGEST = "digest", _("in a digest")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    # Why they hear of it. Whoever stops following hears no more of what waits.
    follow = models.ForeignKey(Follow, models.CASCADE, related_name="+")
    event = models.ForeignKey(BillEvent, models.CASCADE, null=True, blank=True, related_name="notices")
    # What is no bill's event: that slips of a hearing close soon, or that a committee meets without any bill.
    hearing = models.ForeignKey(
        "legislation.Hearing", models.CASCADE, null=True, blank=True, related_name="+"
    )
    # Which news of the hearing, with its day ("soon 2026-03-05"): what moves is told again.
    hearing_news = models.CharField(max_length=30, blank=True)
    way = models.CharField(max_length=9, choices=Way.choices)
    created_at = models.DateTimeField(db_default=Now())
    queued_at = models.DateTimeField(null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        constraints = [
            models.CheckConstraint(
                condition=(
                    models.Q(event__isnull=False, hearing__isnull=True, hearing_news="")
                    | (models.Q(event__isnull=True, hearing__isnull=False) & ~models.Q(hearing_news=""))
                ),
                name="notice_one_cause",
            ),
            models.UniqueConstraint(fields=["user", "event"], name="notice_once"),
            models.UniqueConstraint(
                fields=["user", "hearing", "hearing_news"], name="notice_of_hearing_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["way", "user"], condition=models.Q(queued_at__isnull=True), name="notice_waiting"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.event or self.hearing}"
