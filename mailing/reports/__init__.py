"""What receivers and providers report about our messages, read into one shape."""

from mailing.reports.event import ProviderEvent

__all__ = ["ProviderEvent"]
