"""The staff desk of partners: join requests, organizations, people, and the coalition's own facts."""

from partners.admin import coalition, join, organization, people, place

__all__ = ["coalition", "join", "organization", "people", "place"]
