"""A file with people on its way to becoming a contact list: what it holds, and what would become of each line."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from campaigns.models.segment import ContactList
from campaigns.querysets import ContactImportQuerySet
from partners.models import User


class ContactImport(models.Model):
    """One upload between its steps. It belongs to whoever uploaded it, and is erased some days later."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("name of the list"), max_length=120)
    basis = models.CharField(_("why we may write to them"), max_length=300)
    file_name = models.CharField(_("file"), max_length=200, blank=True)
    digest = models.CharField(max_length=64, editable=False)
    # Titles of the file's columns, and which of them holds what: {"email": 2, "first_name": 0}.
    columns = ArrayField(models.CharField(max_length=200), default=list)
    mapping = models.JSONField(default=dict)
    lines = models.PositiveIntegerField(_("lines"), default=0)
    # How many lines are new, known, doubled, faulty and suppressed; empty while nobody has looked.
    tally = models.JSONField(default=dict)
    created_at = models.DateTimeField(_("uploaded"), auto_now_add=True)
    created_by = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name=_("uploaded by"))
    expires_at = models.DateTimeField(_("erased after"))
    contact_list = models.OneToOneField(
        ContactList,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="imported_from",
        verbose_name=_("contact list"),
    )

    objects = ContactImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("upload of a contact list")
        verbose_name_plural = _("uploads of contact lists")
        constraints = [
            models.UniqueConstraint(
                fields=["created_by", "digest", "name"],
                condition=models.Q(contact_list__isnull=True),
                name="contact_import_once_while_pending",
            )
        ]

    def __str__(self) -> str:
        return self.name


class ContactRow(models.Model):
    """One line of an upload, as it was written and as it was read."""

    class State(models.TextChoices):
        NEW = "new", _("new person")
        KNOWN = "known", _("known person: linked, nothing about them is changed")
        DOUBLE = "double", _("the same address stands in an earlier line")
        FAULTY = "faulty", _("cannot be used")

    contact_import = models.ForeignKey(ContactImport, models.CASCADE, related_name="rows")
    line = models.PositiveIntegerField(_("line"))
    cells = ArrayField(models.TextField())
    email = models.CharField(_("e-mail address"), max_length=254, blank=True, db_default="", default="")
    address_hash = models.CharField(max_length=64, blank=True, db_default="", default="")
    first_name = models.CharField(max_length=80, blank=True, db_default="", default="")
    last_name = models.CharField(max_length=80, blank=True, db_default="", default="")
    title = models.CharField(max_length=120, blank=True, db_default="", default="")
    phone = models.CharField(max_length=30, blank=True, db_default="", default="")
    zip_code = models.CharField(max_length=10, blank=True, db_default="", default="")
    state = models.CharField(max_length=6, choices=State.choices, blank=True, db_default="", default="")
    problem = models.CharField(_("reason"), max_length=200, blank=True, db_default="", default="")
    is_suppressed = models.BooleanField(_("gets no mail"), default=False, db_default=False)

    class Meta:
        verbose_name = _("line of an upload")
        verbose_name_plural = _("lines of uploads")
        ordering = ["contact_import", "line"]
        constraints = [
            models.UniqueConstraint(fields=["contact_import", "line"], name="contact_row_once_per_line")
        ]

    def __str__(self) -> str:
        return f"{self.line}: {self.email}"
