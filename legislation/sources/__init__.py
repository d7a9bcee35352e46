"""One small adapter per source of legislative data; each yields the records of `legislation.records`."""

from legislation.sources.base import Progress, ReadOptions, Source, SourceBroken, SourceUnavailable

__all__ = ["Progress", "ReadOptions", "Source", "SourceBroken", "SourceUnavailable"]
