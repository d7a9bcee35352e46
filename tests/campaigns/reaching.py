"""What the tests of calls that reach legislators share: a call with its rule, legislators of a district, the page as text."""

from campaigns.models import CallToAction, LegislatorTargets, MessageVariant
from legislation.models import Office
from tests.factories.campaigns import CallToActionFactory
from tests.factories.legislation import LegislatorFactory


def reaching_call(kind="email", *, wordings=1, rule="mine", legislators=(), targets=None, **call):
    """An open call that reaches legislators."""
    made = CallToActionFactory(kind=kind, statement="", **call)
    chosen = LegislatorTargets.objects.create(
        call_to_action=made, rule=rule, script="Hello, I ask for a vote.", **(targets or {})
    )
    chosen.legislators.set(legislators)
    for number in range(wordings if kind == "email" else 0):
        MessageVariant.objects.create(
            call_to_action=made, order=number, subject=f"Subject {number}", text=f"Wording {number}."
        )
    return CallToAction.objects.get(pk=made.pk)


def pair_of(house=25):
    """The two legislators of a House district."""
    lower = LegislatorFactory(
        given_name="Ida", family_name="House", chamber="lower", district=house, email="ida@assembly.example"
    )
    upper = LegislatorFactory(
        given_name="Sol",
        family_name="Senate",
        chamber="upper",
        district=(house + 1) // 2,
        email="sol@assembly.example",
    )
    return lower, upper


def office_of(legislator, phone, kind="capitol", position=0):
    return Office.objects.create(legislator=legislator, kind=kind, phone=phone, position=position)


def words(response) -> str:
    return " ".join(response.content.decode().split())
