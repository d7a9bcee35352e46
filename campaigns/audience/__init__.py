"""Who gets an alert: rules over people and organizations, counted while staff choose, filled in one statement."""

from campaigns.audience.audience import ALL_SLOTS, WHY, Audience, fixed_rules
from campaigns.audience.rules import BadRules, describe, parse
from campaigns.audience.selecting import TOPIC
from campaigns.audience.size import AudienceSize, Member

__all__ = [
    "ALL_SLOTS",
    "TOPIC",
    "WHY",
    "Audience",
    "AudienceSize",
    "BadRules",
    "Member",
    "describe",
    "fixed_rules",
    "parse",
]
