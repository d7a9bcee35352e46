"""Public pages of partners, joining, invitations, and the organization's own pages behind sign-in."""

from partners.views.directory import directory, logo, organization
from partners.views.invitation import invitation
from partners.views.join import join_start, join_step

__all__ = ["directory", "invitation", "join_start", "join_step", "logo", "organization"]
