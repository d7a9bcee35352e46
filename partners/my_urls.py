"""The organization's own pages. The portal includes them under `my/`, in the namespace `my`."""

from django.urls import path

from partners.views import my, people

_organization = "organizations/<slug:slug>/"

urlpatterns = [
    path("profile/", my.profile, name="profile"),
    path(_organization, my.organization, name="organization"),
    path(f"{_organization}edit/", my.organization_edit, name="organization_edit"),
    path(f"{_organization}questions/", my.organization_demographics, name="organization_demographics"),
    path(f"{_organization}people/", people.people, name="people"),
    path(f"{_organization}people/invite/", people.invite_person, name="invite"),
    path(
        f"{_organization}people/invitations/<int:pk>/withdraw/",
        people.invitation_withdraw,
        name="invitation_withdraw",
    ),
    path(
        f"{_organization}people/invitations/<int:pk>/resend/",
        people.invitation_resend,
        name="invitation_resend",
    ),
    path(f"{_organization}people/<int:pk>/role/", people.membership_role, name="membership_role"),
    path(f"{_organization}people/<int:pk>/end/", people.membership_end, name="membership_end"),
]
