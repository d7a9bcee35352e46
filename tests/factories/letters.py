"""Letters, signatures and shared stories for tests."""

import factory
from django.utils import timezone

from campaigns.kinds.story import consent_words
from campaigns.models import SharedStory, Signature, SignOnLetter
from tests.factories.campaigns import ActionTakenFactory, CallToActionFactory
from tests.factories.partners import OrganizationFactory


class LetterCallFactory(CallToActionFactory):
    kind = "sign_on"
    audience = "speakers"
    statement = "Dear Governor,\n\npay on time."


class SignOnLetterFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = SignOnLetter

    call_to_action = factory.SubFactory(LetterCallFactory)
    addressed_to = "The Governor\nSpringfield"
    subject = "Pay providers on time"


class SignatureFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Signature

    call_to_action = factory.SubFactory(LetterCallFactory)
    organization = factory.SubFactory(OrganizationFactory)
    action = factory.SubFactory(
        ActionTakenFactory,
        call_to_action=factory.SelfAttribute("..call_to_action"),
        organization=factory.SelfAttribute("..organization"),
        verified="login",
    )
    organization_name = factory.SelfAttribute("organization.name")
    signer_name = "Ana Sample"
    signed_at = factory.LazyFunction(timezone.now)


class StoryCallFactory(CallToActionFactory):
    kind = "story"
    statement = ""


class SharedStoryFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = SharedStory

    action = factory.SubFactory(ActionTakenFactory, call_to_action=factory.SubFactory(StoryCallFactory))
    title = "The lamp in the window"
    text = "A neighbor left the lamp on until we were home."
    place = "Quincy"
    scope = "public"
    scope_text = factory.LazyAttribute(lambda shared: consent_words(shared.scope))
    state = "waiting"
