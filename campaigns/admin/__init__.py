"""The staff desk's pages for campaigns."""

from campaigns.admin import action, agenda, alert, call_to_action, campaign, segment, series, story

__all__ = ["action", "agenda", "alert", "call_to_action", "campaign", "segment", "series", "story"]
