"""Invoices and credit notes as PDF, in the coalition's look."""

import hashlib
import json
from typing import Any

from django.core.cache import cache
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from mailing.composing.compile import clean_body
from partners.services.identity import get_coalition
from partners.typesetting import typeset_pdf
from trainings.models import CreditNote, Invoice
from trainings.money_emails import money

TEMPLATE = "trainings/typst/invoice.typ"
KEPT_FOR = 24 * 3600


def invoice_pdf(invoice: Invoice) -> bytes:
    """The invoice as it stands: its lines as they were written, and what came and went since."""
    rows = [
        *[[line.words, money(line.amount)] for line in invoice.lines.all()],
        *[[f"{note.number}: {note.words}", f"−{money(note.amount)}"] for note in invoice.credits.all()],
    ]
    if invoice.paid:
        rows.append([_("Received"), f"−{money(invoice.paid)}"])
    if invoice.refunded:
        rows.append([_("Given back"), money(invoice.refunded)])
    return _set(
        {
            "title": _("Invoice %s") % invoice.number,
            "state": str(invoice.get_state_display()),
            "facts": [
                [_("Written"), _day(invoice.issued_at)],
                [_("Due"), date_format(invoice.due_on, "F j, Y")],
                [_("Reference"), invoice.registration.reference],
            ],
            "rows": rows,
            "sum": [_("To pay"), money(invoice.due)],
            "words": how_to_pay(invoice),
            **_common(invoice),
        }
    )


def credit_note_pdf(note: CreditNote) -> bytes:
    """A credit note: what it takes off which invoice."""
    return _set(
        {
            "title": _("Credit note %s") % note.number,
            "state": str(note.get_reason_display()),
            "facts": [[_("Written"), _day(note.issued_at)], [_("To invoice"), note.invoice.number]],
            "rows": [[note.words, money(note.amount)]],
            "sum": [_("Taken off"), money(note.amount)],
            "words": [_("This lowers the invoice. What you paid too much, we give back the way you paid.")],
            **_common(note.invoice),
        }
    )


def how_to_pay(invoice: Invoice) -> list[str]:
    """Where checks go to and what to write on them; nothing where nothing is to be paid."""
    if not invoice.due:
        return []
    coalition = get_coalition()
    return [
        _("By check: to %(name)s, %(address)s. Write %(number)s on it.")
        % {"name": coalition.name, "address": coalition.postal_address, "number": invoice.number},
        _("By bank transfer: write to %(email)s for our account. Name %(number)s as the purpose.")
        % {"email": coalition.email, "number": invoice.number},
    ]


def _common(invoice: Invoice) -> dict[str, Any]:
    coalition = get_coalition()
    sender = [coalition.name, *coalition.address_lines, coalition.email]
    return {
        "sender": [line for line in sender if line],
        "billed_to": [line for line in clean_body(invoice.billed_to).splitlines() if line],
        "about": clean_body(invoice.about),
        "labels": {"to": _("Billed to"), "for": _("For"), "what": _("What for"), "amount": _("Amount")},
        "page": _("Page"),
        "of": _("of"),
    }


def _day(moment: Any) -> str:
    return date_format(timezone.localtime(moment), "F j, Y")


def _set(data: dict[str, Any]) -> bytes:
    data["rows"] = [[clean_body(words), amount] for words, amount in data["rows"]]
    key = f"invoice:{hashlib.sha256(json.dumps(data).encode()).hexdigest()}"
    made: bytes | None = cache.get(key)
    if made is None:
        made = typeset_pdf(TEMPLATE, data)
        cache.set(key, made, KEPT_FOR)
    return made
