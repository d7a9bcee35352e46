"""Letters that organizations sign: the letter with its signers, its PDF, taking a signature back, asking for one."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from campaigns.letters import letter_of, letter_pdf, signers
from campaigns.models import CallToAction, Signature, SignOnLetter
from campaigns.services.errors import StateError
from campaigns.services.signatures import ask_to_sign, take_back_signature
from campaigns.views.preview import get_public_or_preview
from legislation.permissions import role_in
from partners.caching import cached_page
from partners.models import Organization, Person


def _letter(request: HttpRequest, slug: str) -> tuple[CallToAction, SignOnLetter, bool]:
    """A call's letter, and whether this is a staff member's preview of it; 404 where there is none."""
    letters = CallToAction.objects.filter(kind=CallToAction.Kind.SIGN_ON)
    call, is_preview = get_public_or_preview(request, public=letters.public(), everything=letters, slug=slug)
    letter = letter_of(call)
    if letter is None:
        raise Http404
    return call, letter, is_preview


@login_not_required
@cached_page
@require_safe
def letter(request: HttpRequest, slug: str) -> HttpResponse:
    """The letter as it is handed over: its text, and every organization that signed."""
    call, letter, is_preview = _letter(request, slug)
    context = {
        "call": call,
        "letter": letter,
        "signers": signers(call),
        "is_open": call.is_open(),
        "is_preview": is_preview,
    }
    return render(request, "campaigns/kinds/sign_on_letter.html", context)


@login_not_required
@require_safe
def letter_file(request: HttpRequest, slug: str) -> HttpResponse:
    """The same as a PDF to print and to hand over."""
    call, letter, _is_preview = _letter(request, slug)
    return HttpResponse(
        letter_pdf(call, letter),
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'inline; filename="{call.slug}.pdf"',
            "Cache-Control": "no-cache",
        },
    )


@require_POST
def take_back(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Takes an organization's signature back, for one of its primary contacts."""
    found = Signature.objects.visible_to(request.user).filter(organization__slug=slug)
    signature = get_object_or_404(found.select_related("call_to_action"), pk=pk)
    try:
        take_back_signature(signature=signature, by=request.user)
    except StateError as refusal:
        messages.error(request, str(refusal))
    else:
        said = _("The signature of %(organization)s is taken back. You can sign again until the deadline.")
        messages.success(request, said % {"organization": signature.organization_name})
    return redirect(signature.call_to_action)


@require_POST
def ask_contact(request: HttpRequest, slug: str, call: str) -> HttpResponse:
    """Asks the primary contacts of one's organization to sign a letter: for its people who may not sign themselves."""
    organization = get_object_or_404(Organization.objects.visible_to(request.user), slug=slug)
    asker = Person.objects.filter(user=request.user).first()
    if asker is None or not role_in(request.user, organization):
        raise Http404
    letter_call = get_object_or_404(
        CallToAction.objects.public().filter(kind=CallToAction.Kind.SIGN_ON), slug=call
    )
    try:
        count = ask_to_sign(call_to_action=letter_call, organization=organization, asker=asker)
    except StateError as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(
            request,
            _("We wrote to your primary contact.") if count == 1 else _("We wrote to your primary contacts."),
        )
    return redirect(letter_call)
