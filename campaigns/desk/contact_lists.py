"""The steps from a file to a contact list: upload, columns, a look at what would happen, and the list."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.admin.options import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from campaigns.desk.contact_forms import ColumnsForm, ContactFileForm
from campaigns.models import ContactImport, ContactList, ContactRow
from campaigns.services import contact_lists as services
from campaigns.services.errors import StateError
from partners.spreadsheets import csv_download

LINES_SHOWN = 5
PROBLEMS_SHOWN = 30


def upload(admin: ModelAdmin, request: HttpRequest) -> HttpResponse:
    """Step 1: the file."""
    _allow(request)
    form = ContactFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            made = services.upload_contacts(
                file=values["file"],
                file_name=values["file"].name,
                name=values["name"],
                basis=values["basis"],
                by=request.user,
            )
        except StateError as reason:
            form.add_error("file", str(reason))
        else:
            return HttpResponseRedirect(_address("columns", made))
    return _page(admin, request, "upload", _("Import a contact list"), form=form)


def columns(admin: ModelAdmin, request: HttpRequest, key: UUID) -> HttpResponse:
    """Step 2: which column holds what; guessed already."""
    pending = _own(request, key)
    if pending.contact_list_id:
        return HttpResponseRedirect(_address("check", pending))
    form = ColumnsForm(request.POST or None, upload=pending)
    if request.method == "POST" and form.is_valid():
        try:
            services.check_contacts(upload=pending, mapping=form.mapping())
        except StateError as reason:
            form.add_error(None, str(reason))
        else:
            return HttpResponseRedirect(_address("check", pending))
    lines = list(pending.rows.order_by("line").values_list("line", "cells")[:LINES_SHOWN])
    return _page(
        admin,
        request,
        "columns",
        _("Which column holds what?"),
        upload=pending,
        form=form,
        lines=lines,
    )


def check(admin: ModelAdmin, request: HttpRequest, key: UUID) -> HttpResponse:
    """Step 3: what would become of each line; the button makes the list."""
    pending = _own(request, key)
    if not pending.tally:
        return HttpResponseRedirect(_address("columns", pending))
    if request.method == "POST":
        try:
            made = services.confirm_contacts(upload=pending, by=request.user)
        except StateError as reason:
            messages.error(request, str(reason))
        else:
            messages.success(request, _("The list “%(name)s” is ready.") % {"name": made.name})
            return HttpResponseRedirect(reverse("admin:campaigns_contactlist_change", args=[made.pk]))
    problems = pending.rows.exclude(problem="").order_by("line")
    return _page(
        admin,
        request,
        "check",
        _("Look at what will happen"),
        upload=pending,
        rows=_counts(pending),
        usable=pending.tally.get("new", 0) + pending.tally.get("known", 0),
        problems=list(problems[:PROBLEMS_SHOWN]),
        report_url=_address("report", pending),
        columns_url=_address("columns", pending),
        discard_url=_address("discard", pending),
    )


def report(admin: ModelAdmin, request: HttpRequest, key: UUID) -> StreamingHttpResponse:
    """Every line with what becomes of it, as a streamed CSV file."""
    pending = _own(request, key)
    return csv_download(f"contact-list-{pending.pk}-report.csv", _report_rows(pending))


def discard(admin: ModelAdmin, request: HttpRequest, key: UUID) -> HttpResponse:
    """Forgets the upload."""
    pending = _own(request, key)
    if request.method == "POST":
        services.discard_contacts(upload=pending)
        messages.success(request, _("The upload is erased. Nothing was imported."))
    return HttpResponseRedirect(reverse("admin:campaigns_contactlist_changelist"))


def download(admin: ModelAdmin, request: HttpRequest, found: ContactList) -> StreamingHttpResponse:
    """The people of a list, as a streamed CSV file."""
    if not admin.has_view_permission(request, found):
        raise PermissionDenied
    return csv_download(f"contact-list-{found.pk}.csv", _people_rows(found))


def _report_rows(pending: ContactImport) -> Iterator[list[object]]:
    yield [
        _("line"),
        _("e-mail address"),
        _("first name"),
        _("last name"),
        _("result"),
        _("reason"),
        _("mail"),
    ]
    said = {value: str(label) for value, label in ContactRow.State.choices}
    for row in pending.rows.order_by("line").iterator(2000):
        address = row.email or _cell(row, pending.mapping.get("email", -1))
        no_mail = _("gets no mail: suppressed or unsubscribed") if row.is_suppressed else ""
        yield [
            row.line,
            address,
            row.first_name,
            row.last_name,
            said.get(row.state, ""),
            row.problem,
            no_mail,
        ]


def _people_rows(found: ContactList) -> Iterator[list[object]]:
    yield [
        _("line"),
        _("e-mail address"),
        _("first name"),
        _("last name"),
        _("job title"),
        _("phone"),
        _("ZIP code"),
    ]
    for entry in found.entries.select_related("person").order_by("line", "pk").iterator(2000):
        person = entry.person
        yield [
            entry.line,
            person.email,
            person.first_name,
            person.last_name,
            person.title,
            person.phone,
            person.zip_code,
        ]


def _cell(row: ContactRow, place: int) -> str:
    return row.cells[place] if 0 <= place < len(row.cells) else ""


def _counts(pending: ContactImport) -> list[tuple[str, int, str]]:
    """What happens to how many lines, each with a sentence."""
    tally = pending.tally
    return [
        (_("new people"), tally.get("new", 0), _("They are added to the people we know.")),
        (
            _("known people"),
            tally.get("known", 0),
            _("They come on the list. Nothing about them is changed."),
        ),
        (
            _("doubled lines"),
            tally.get("double", 0),
            _("The same address stands in an earlier line; that one counts."),
        ),
        (_("faulty lines"), tally.get("faulty", 0), _("They are left out.")),
        (
            _("get no mail"),
            tally.get("suppressed", 0),
            _("Suppressed or unsubscribed, and stay so. They come on the list and are skipped."),
        ),
    ]


def _allow(request: HttpRequest) -> None:
    if not request.user.has_perm("campaigns.add_contactlist"):
        raise PermissionDenied


def _own(request: HttpRequest, key: UUID) -> ContactImport:
    """One's own upload. Somebody else's is as good as none."""
    _allow(request)
    found = ContactImport.objects.visible_to(request.user).filter(key=key).first()
    if found is None:
        raise Http404(_("This upload does not exist any more. Upload the file again."))
    return found


def _address(step: str, pending: ContactImport) -> str:
    return reverse(f"admin:campaigns_contactlist_{step}", args=[pending.key])


def _page(admin: ModelAdmin, request: HttpRequest, step: str, title: str, **context: Any) -> HttpResponse:
    base = {
        **admin.admin_site.each_context(request),
        "opts": admin.opts,
        "title": title,
        "desk_title": title,
        "original": _("Contact lists"),
        "back_url": reverse("admin:campaigns_contactlist_changelist"),
    }
    return TemplateResponse(request, f"admin/desk/contact_list_{step}.html", base | context)
