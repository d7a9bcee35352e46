"""Saved audiences, and lists of people that came as a file."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from partners.models import Person, User


class Segment(models.Model):
    """A named audience: a tree of conditions that is answered anew whenever it is used."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    description = models.CharField(_("what it is for"), max_length=300, blank=True)
    rules = models.JSONField(_("audience"), default=dict, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    created_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("created by")
    )

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("segment")
        verbose_name_plural = _("segments")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class ContactList(models.Model):
    """People who came as a CSV file, such as the sign-in sheet of a forum. `basis` says why we may mail them."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    basis = models.CharField(
        _("why we may write to them"),
        max_length=300,
        help_text=_("Such as: signed up for alerts at the forum on March 5, 2026."),
    )
    file_name = models.CharField(_("file"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("imported"), auto_now_add=True)
    created_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("imported by")
    )
    people = models.ManyToManyField(
        Person, through="ContactListEntry", related_name="contact_lists", verbose_name=_("people")
    )

    class Meta:
        verbose_name = _("contact list")
        verbose_name_plural = _("contact lists")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.name


class ContactListEntry(models.Model):
    """One person of a list, with the line of the file it came from."""

    contact_list = models.ForeignKey(
        ContactList, models.CASCADE, related_name="entries", verbose_name=_("list")
    )
    person = models.ForeignKey(Person, models.CASCADE, related_name="list_entries", verbose_name=_("person"))
    line = models.PositiveIntegerField(_("line of the file"))

    class Meta:
        verbose_name = _("entry of a list")
        verbose_name_plural = _("entries of lists")
        constraints = [models.UniqueConstraint(fields=["contact_list", "person"], name="list_entry_once")]

    def __str__(self) -> str:
        return f"{self.person} ({self.contact_list})"
