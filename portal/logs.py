"""Structured logs: lines for people on a terminal, JSON in production. Errors go to Sentry when it is configured."""

import sys
from typing import Any

import structlog
from django.conf import settings
from structlog.typing import EventDict, Processor

processors: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso"),
]


def renderer(logger: Any, name: str, event_dict: EventDict) -> str | bytes:
    """The last step of formatting: colours only where somebody watches."""
    event_dict.pop("_record", None)
    event_dict.pop("_from_structlog", None)
    if settings.PRODUCTION:
        # A line of JSON holds the whole traceback as text.
        event_dict = structlog.processors.format_exc_info(logger, name, event_dict)
        return structlog.processors.JSONRenderer()(logger, name, event_dict)
    # Without the values of variables: among them are passwords and what people wrote to us.
    console = structlog.dev.ConsoleRenderer(
        colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
    )
    return console(logger, name, event_dict)


def configure() -> None:
    """Sets structlog up and starts Sentry where a DSN is given."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *processors,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    if settings.SENTRY_DSN:
        import sentry_sdk

        sentry_sdk.init(
            dsn=settings.SENTRY_DSN,
            send_default_pii=False,
            # What people typed stays here: neither forms nor values of variables go along with an error.
            max_request_body_size="never",
            include_local_variables=False,
            before_breadcrumb=without_query,
        )


def without_query(crumb: dict[str, Any], hint: dict[str, Any]) -> dict[str, Any]:
    """Of what we asked other servers only where it went: queries hold keys of sources and people's addresses."""
    data = crumb.get("data") or {}
    for name in ("http.query", "http.fragment"):
        data.pop(name, None)
    if isinstance(data.get("url"), str):
        data["url"] = data["url"].partition("?")[0]
    return crumb
