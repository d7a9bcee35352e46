"""Press mentions: entered once each, whatever form of the address somebody copied."""

from django.utils.translation import gettext as _

from partners.errors import NotAllowed
from research.models import PressMention
from research.services.web_address import hold_address
from research.url_normal import BadAddress, normal_url


def known_mention(url: str, *, but: PressMention | None = None) -> PressMention | None:
    """The mention with this address, if there is one; nobody can enter it until the transaction ends."""
    try:
        normalized = normal_url(url)
    except BadAddress as error:
        raise NotAllowed(_("This is not the address of a page on the web.")) from error
    hold_address("mention", normalized)
    found = PressMention.objects.filter(normalized_url=normalized)
    return (found.exclude(pk=but.pk) if but and but.pk else found).first()
