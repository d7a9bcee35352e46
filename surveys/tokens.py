"""The token in an invitation's link. It can be made again for a reminder, and by nobody else."""

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse
from django.utils.http import base36_to_int, int_to_base36

from surveys.models import SurveyInvitation

_signer = Signer(salt="surveys.invitation", sep=".")


def invitation_token(invitation: SurveyInvitation) -> str:
    """Stands for one invitation."""
    return _signer.sign(int_to_base36(invitation.pk))


def invitation_url(invitation: SurveyInvitation) -> str:
    """The whole address that an invitation's mail leads to."""
    return settings.SITE_URL + reverse("surveys:answer", args=[invitation_token(invitation)])


def read_invitation(token: str) -> SurveyInvitation | None:
    """The invitation a token stands for; None when it is forged or gone."""
    try:
        number = base36_to_int(_signer.unsign(token))
    except (BadSignature, ValueError):
        return None
    return SurveyInvitation.objects.select_related("survey", "person").filter(pk=number).first()
