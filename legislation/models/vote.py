"""Roll calls: the counts as stated, and the votes by name, which may disagree."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from legislation.chambers import Chamber
from legislation.models.bill import Bill
from legislation.models.people import Committee, Legislator
from legislation.querysets import RollCallQuerySet, VoteQuerySet


class RollCall(models.Model):
    """One recorded vote on a measure, on the floor or in a committee."""

    class Scope(models.TextChoices):
        FLOOR = "floor", _("floor vote")
        COMMITTEE = "committee", _("committee vote")

    bill = models.ForeignKey(Bill, models.CASCADE, related_name="roll_calls", db_index=False)
    # The source's own key or address: the same vote is never stored twice.
    key = models.CharField(max_length=300, unique=True)
    chamber = models.CharField(max_length=5, choices=Chamber.choices)
    scope = models.CharField(max_length=9, choices=Scope.choices)
    committee = models.ForeignKey(
        Committee, models.SET_NULL, null=True, blank=True, related_name="roll_calls"
    )
    date = models.DateField()
    motion = models.CharField(max_length=300)
    passed = models.BooleanField()
    # As the source states them …
    stated_yes = models.PositiveSmallIntegerField(default=0)
    stated_no = models.PositiveSmallIntegerField(default=0)
    stated_present = models.PositiveSmallIntegerField(default=0)
    stated_other = models.PositiveSmallIntegerField(default=0)
    # … and as the named votes add up: present; other = not voting, excused, absent.
    named_yes = models.PositiveSmallIntegerField(default=0)
    named_no = models.PositiveSmallIntegerField(default=0)
    named_present = models.PositiveSmallIntegerField(default=0)
    named_other = models.PositiveSmallIntegerField(default=0)
    counts_agree = models.BooleanField(default=True)
    source_url = models.URLField(max_length=500, blank=True)

    objects = RollCallQuerySet.as_manager()

    class Meta:
        verbose_name = _("roll call")
        verbose_name_plural = _("roll calls")
        ordering = ["-date", "-id"]
        indexes = [models.Index(fields=["bill", "-date"], name="rollcall_of_bill")]

    def __str__(self) -> str:
        return f"{self.motion}, {self.date}"


class Vote(models.Model):
    """One member's vote. `legislator` is empty while the printed name is not resolved."""

    class Option(models.TextChoices):
        YES = "Y", _("yes")
        NO = "N", _("no")
        PRESENT = "P", _("present")
        NOT_VOTING = "NV", _("not voting")
        EXCUSED = "E", _("excused")
        ABSENT = "A", _("absent")

    roll_call = models.ForeignKey(RollCall, models.CASCADE, related_name="votes")
    legislator = models.ForeignKey(Legislator, models.SET_NULL, null=True, blank=True, related_name="votes")
    name = models.CharField(max_length=120)
    option = models.CharField(max_length=2, choices=Option.choices)

    objects = VoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("vote")
        verbose_name_plural = _("votes")
        # Two members of one surname may be printed alike, so a name is not unique in a roll call.

    def __str__(self) -> str:
        return f"{self.name}: {self.option}"
