"""The forms of joining, of an organization's own pages, and of people. They check; services write."""

from partners.forms.demographics import DemographicsForm
from partners.forms.join import OrganizationStepForm, PeopleStepForm, ServicesStepForm, SimilarForm
from partners.forms.my import InviteForm, OrganizationForm, PersonForm, RoleForm
from partners.forms.welcome import WelcomeForm

__all__ = [
    "DemographicsForm",
    "InviteForm",
    "OrganizationForm",
    "OrganizationStepForm",
    "PeopleStepForm",
    "PersonForm",
    "RoleForm",
    "ServicesStepForm",
    "SimilarForm",
    "WelcomeForm",
]
