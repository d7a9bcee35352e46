"""Who we are and who belongs to us."""

from partners.models.alias import OrganizationAlias
from partners.models.coalition import Ally, Coalition, TeamMember
from partners.models.demographics import ProfileAnswer
from partners.models.join import JoinApplication
from partners.models.organization import Organization
from partners.models.person import Invitation, Membership, Person, User
from partners.models.place import Area, County, SubSector
from partners.models.underrepresented import UnderrepresentedSubSector

__all__ = [
    "Ally",
    "Area",
    "Coalition",
    "County",
    "Invitation",
    "JoinApplication",
    "Membership",
    "Organization",
    "OrganizationAlias",
    "Person",
    "ProfileAnswer",
    "SubSector",
    "TeamMember",
    "UnderrepresentedSubSector",
    "User",
]
