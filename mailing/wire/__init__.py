"""How messages leave: mail servers, several of them with fail-over, or a provider's web service."""

from mailing.wire.outcomes import Envelope, Outcome, Ready, Transport, Verdict
from mailing.wire.relays import all_relays_down_since, ask_relays_again, open_transport

__all__ = [
    "Envelope",
    "Outcome",
    "Ready",
    "Transport",
    "Verdict",
    "all_relays_down_since",
    "ask_relays_again",
    "open_transport",
]
