"""Signed words in the addresses of an invoice and of asking for a scholarship: whoever got our mail may open them."""

from django.urls import reverse

from partners.gatherings.tokens import place_token, read_place_token
from trainings.models import Invoice, Registration
from trainings.tokens import ROOM

INVOICE, SCHOLARSHIP = "invoice", "scholarship"


def invoice_address(invoice: Invoice, page: str = "invoice") -> str:
    """Where an invoice is read; `page` names another page of it."""
    return reverse(f"trainings:{page}", args=[place_token(ROOM, INVOICE, invoice.pk)])


def invoice_behind(token: str) -> int | None:
    """The invoice's primary key; None for what we did not sign."""
    return read_place_token(ROOM, INVOICE, token)


def scholarship_address(registration: Registration) -> str:
    """Where help with the fee of a registration is asked for."""
    return reverse("trainings:scholarship", args=[place_token(ROOM, SCHOLARSHIP, registration.pk)])


def scholarship_behind(token: str) -> int | None:
    """The registration's primary key; None for what we did not sign."""
    return read_place_token(ROOM, SCHOLARSHIP, token)
