"""What the demonstration's alerts say, block by block, and to whom."""

from dataclasses import dataclass
from typing import Any

from campaigns.models import ActionAlert, AlertBlock
from partners.models import Membership

_Kind = AlertBlock.Kind
DOWNSTATE = (
    "northwest", "quad-cities", "peoria-western", "east-central", "central", "metro-east", "southern",
)  # fmt: skip


@dataclass(frozen=True)
class BlockText:
    """One block, in English and, where the alert has it, in Spanish."""

    kind: AlertBlock.Kind
    text: str = ""
    text_es: str = ""
    label: str = ""
    label_es: str = ""


@dataclass(frozen=True)
class AlertText:
    """One alert. `days_ago` is when it went out; None for the draft."""

    call: str
    subject: str
    preheader: str
    blocks: tuple[BlockText, ...]
    days_ago: int | None
    rules: dict[str, Any]
    subject_es: str = ""
    preheader_es: str = ""
    include_subscribers: bool = False
    reminder_days: tuple[int, ...] = ()
    lobbying: ActionAlert.Lobbying = ActionAlert.Lobbying.DIRECT
    staff_minutes: int = 90


ALERTS: tuple[AlertText, ...] = (
    AlertText(
        call="larger-share-of-the-budget",
        subject="{{ first_name|Friend }}, one name from every county would be heard",
        preheader="Ask for a larger share of the state budget for human services.",
        blocks=(
            BlockText(
                _Kind.TEXT,
                "<p>Dear {{ first_name|Friend }},</p><p>The General Revenue Fund is where Illinois decides what "
                "comes first. We ask for a higher share for human services than in FY23, and we want every county "
                "to be on the list.</p>",
            ),
            BlockText(
                _Kind.TEXT,
                "<p>Will you add your name for {{ organization|your organization }}? It takes a minute.</p>",
            ),
            BlockText(_Kind.BUTTON),
        ),
        days_ago=30,
        rules={"all": [{"field": "area", "is": list(DOWNSTATE)}]},
        staff_minutes=120,
    ),
    AlertText(
        call="fund-1000-repayments",
        subject="{{ first_name|Friend }}, 1,000 loan repayments need your name",
        preheader="The loan repayment program is law. Now it needs lasting funds.",
        blocks=(
            BlockText(
                _Kind.TEXT,
                "<p>Dear {{ first_name|Friend }},</p><p>The loan repayment program for human service professionals "
                "is law, and its first $5.25 million is at work. Together with ICOY we ask for more.</p>",
            ),
            BlockText(
                _Kind.FACTS,
                "<p>$5.25 million | appropriated for the first year</p><p>$15 million | what we ask for</p>"
                "<p>1,000 | repayments that would pay for</p>",
            ),
            BlockText(_Kind.BUTTON),
            BlockText(_Kind.DIVIDER),
            BlockText(
                _Kind.TEXT,
                "<p>Add your name for {{ organization|your organization }}, and forward this to a colleague who "
                "still repays a student loan.</p>",
            ),
        ),
        days_ago=9,
        rules={"all": [{"field": "role", "is": [Membership.Role.PRIMARY_CONTACT.value]}]},
    ),
    AlertText(
        call="pay-for-services-delivered",
        subject="{{ first_name|Friend }}, ask the state to pay for work that is done",
        subject_es="{{ first_name|Hola }}, pida al estado que pague el trabajo hecho",
        preheader="Arden Shore's story, and what you can do in one minute.",
        preheader_es="La historia de Arden Shore y lo que usted puede hacer en un minuto.",
        blocks=(
            BlockText(
                _Kind.TEXT,
                "<p>Dear {{ first_name|Friend }},</p><p>Arden Shore Child and Family Services in Waukegan serves "
                "more than 1,500 clients. That is 15 to 20 percent fewer than before the state cut about $400,000 "
                "from its funding.</p>",
                "<p>Hola, {{ first_name|amiga o amigo }}:</p><p>Arden Shore Child and Family Services, en Waukegan, "
                "atiende a más de 1,500 personas. Son entre 15 y 20 por ciento menos que antes de que el estado "
                "recortara unos $400,000 de sus fondos.</p>",
            ),
            BlockText(
                _Kind.FACTS,
                "<p>1,500 | clients served</p><p>$400,000 | cut from its funding</p>",
                "<p>1,500 | personas atendidas</p><p>$400,000 | recortados de sus fondos</p>",
            ),
            BlockText(
                _Kind.TEXT,
                "<p>Providers should be paid for the services they deliver, on time and in full. Add your name for "
                "{{ organization|your organization }}, and ask the state to restructure the debt it owes them.</p>",
                "<p>Quienes prestan servicios deben recibir su pago completo y a tiempo. Firme por "
                "{{ organization|su organización }} y pida al estado que reestructure la deuda que tiene con "
                "ellos.</p>",
            ),
            BlockText(_Kind.BUTTON, label="Add my name", label_es="Agregar mi nombre"),
        ),
        days_ago=None,
        rules={},
        include_subscribers=True,
        reminder_days=(4,),
        lobbying=ActionAlert.Lobbying.GRASSROOTS,
        staff_minutes=60,
    ),
)
