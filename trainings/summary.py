"""A registration's answers once more, with links to change them."""

from django.urls import reverse
from django.utils.translation import gettext as _

from partners.gatherings.models import Mode
from trainings.draft import FEE, HELP, NAMES, WISHES, Draft
from trainings.forms import fee_label


def summary_rows(draft: Draft) -> list[dict[str, object]]:
    """Rows for `components/summary_list.html`."""
    address = reverse("trainings:register", args=[draft.session.slug])
    contact = draft.contact
    who = f"{contact.first_name} {contact.last_name}".strip()
    part = _("You take part") if draft.takes_part else _("You do not take part")
    rows = [_row(_("You"), f"{who}\n{contact.email}\n{part}", address)]
    if NAMES in draft.steps:
        named = draft.people[1:] if draft.takes_part else draft.people
        people = [f"{one.first_name} {one.last_name}, {one.email}" for one in named]
        rows.append(_row(_("Colleagues"), "", f"{address}{NAMES}/", values=people))
    if WISHES in draft.steps:
        rows += _wishes(draft, f"{address}{WISHES}/")
    if FEE in draft.steps and draft.tier:
        rows.append(_row(_("Fee for each person"), fee_label(draft.tier), f"{address}{FEE}/"))
    if HELP in draft.steps:
        rows.append(_row(_("Help with the fee"), _help(draft), f"{address}{HELP}/"))
    return rows


def _help(draft: Draft) -> str:
    wanted = draft.help_wanted
    if wanted is None:
        return _("You do not ask for a scholarship")
    if wanted.amount is None:
        return _("You ask for the whole fee")
    return _("You ask for $%(amount)s for each person") % {"amount": f"{wanted.amount:,.2f}"}


def _wishes(draft: Draft, address: str) -> list[dict[str, object]]:
    contact = draft.contact
    rows: list[dict[str, object]] = []
    if draft.session.mode == Mode.HYBRID:
        how = _("Online") if contact.is_online else _("In person")
        rows.append(_row(_("How you take part"), how, address))
    if draft.takes_part:
        needs = contact.needs or _("Nothing")
        rows.append(_row(_("What you need to take part"), needs, address))
        if contact.language:
            rows.append(_row(_("Language you prefer"), contact.language, address))
    return rows


def _row(label: str, value: str, url: str, *, values: list[str] | None = None) -> dict[str, object]:
    return {"label": label, "value": value, "values": values or [], "url": url}
