"""Conditions about what mail somebody asked for, and in which language."""

from django.utils.translation import gettext_lazy as _

from campaigns.audience.fields import Condition, Frees, register
from campaigns.audience.options import FixedOptions, ModelOptions
from campaigns.audience.rules import Leaf
from campaigns.audience.sql import PersonIn, Test, either
from mailing.models import MailingContent, Preference, Subscription, Topic
from partners.models import Person

GROUP = _("Mail")


def _topic(leaf: Leaf) -> Test:
    wanted = Subscription.objects.active().filter(topic__slug__in=leaf.values)
    return PersonIn(Person.objects.filter(email__in=wanted.values("email")).values("pk"))


def _language(leaf: Leaf) -> Test:
    chosen = Preference.objects.exclude(language__in=["", "en"])
    other = PersonIn(Person.objects.filter(email__in=chosen.values("email")).values("pk"))
    spanish = PersonIn(
        Person.objects.filter(email__in=chosen.filter(language="es").values("email")).values("pk")
    )
    return either({"en": ~other, "es": spanish}[one] for one in leaf.values)


register(
    Condition(
        "topic",
        _("Subscribed to the topic"),
        GROUP,
        _topic,
        ModelOptions(Topic, value="slug"),
        frees=Frees.ANYBODY,
        hint=_(
            "People we know by name who confirmed it, whether or not they belong to a partner organization. "
            "Subscribers of action alerts whom we know by address alone come along by the box below."
        ),
    ),
    Condition(
        "language",
        _("Language"),
        GROUP,
        _language,
        FixedOptions(lambda: MailingContent.Language.choices),
        hint=_("As chosen on the preference page; whoever chose none reads English."),
    ),
)
