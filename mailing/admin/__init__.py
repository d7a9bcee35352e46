"""The mail engine for staff: mostly to read, with the few decisions that are a person's to take."""

from mailing.admin import consent, deliveries, mailings, outbox, overview, suppressions

__all__ = ["consent", "deliveries", "mailings", "outbox", "overview", "suppressions"]
