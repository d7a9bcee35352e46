"""The mail with somebody's certificate."""

from django.conf import settings
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from partners.emails import Message, render_message
from trainings.models import Certificate


def certificate_ready(certificate: Certificate) -> Message:
    """To whoever completed a training: the code, the page anybody can check, the file."""
    page = settings.SITE_URL + certificate.get_absolute_url()
    file = reverse("trainings:certificate_file", args=[certificate.printed_code])
    return render_message(
        "trainings/email/certificate",
        to=certificate.enrollment.person.email,
        subject=_("Your certificate: %(title)s") % {"title": Truncator(certificate.course_title).chars(120)},
        certificate=certificate,
        page_url=page,
        file_url=settings.SITE_URL + file,
    )
