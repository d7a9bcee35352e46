"""The demonstration's surveys beside the calls to action: about trainings, of all partners, and an anonymous one."""

from dataclasses import dataclass

SCALE = (2, 4, 12, 34, 28)


@dataclass(frozen=True)
class Ask:
    """One question in both languages, how likely each answer is, and what share of people answers it."""

    text: str
    text_es: str
    kind: str
    choices: tuple[str, ...] = ()
    choices_es: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    lines_es: tuple[str, ...] = ()
    hint: str = ""
    hint_es: str = ""
    weights: tuple[int, ...] = ()
    samples: tuple[str, ...] = ()
    share: float = 0.95
    is_required: bool = False
    # The number of the question it depends on, counted from one, and that question's answers.
    after: int = 0
    after_values: tuple[str, ...] = ()
    measures: str = ""
    counting: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sheet:
    """A survey in both languages."""

    title: str
    title_es: str
    introduction: str
    introduction_es: str
    purpose: str
    questions: tuple[Ask, ...]
    is_anonymous: bool = False
    asks_to_quote: bool = False
    is_open: bool = False


_VALUE = ("Very valuable", "Valuable", "Somewhat valuable", "Not valuable")
_VALUE_ES = ("Muy valiosa", "Valiosa", "Algo valiosa", "Nada valiosa")

AT_THE_END = Sheet(
    title="Your training: what you take with you",
    title_es="Su capacitación: lo que se lleva",
    introduction="Five short questions, about two minutes.",
    introduction_es="Cinco preguntas cortas, unos dos minutos.",
    purpose="training",
    asks_to_quote=True,
    questions=(
        Ask(
            "How valuable was this training for your work?",
            "¿Qué tan valiosa fue esta capacitación para su trabajo?",
            "choice",
            _VALUE,
            _VALUE_ES,
            weights=(30, 24, 7, 2),
            is_required=True,
            measures="value",
            counting=_VALUE[:2],
        ),
        Ask(
            "What was missing?",
            "¿Qué faltó?",
            "short",
            samples=("More time to practice", "Examples from rural counties", "A handout to share"),
            share=0.8,
            after=1,
            after_values=_VALUE[2:],
        ),
        Ask(
            "How was each part?",
            "¿Cómo fue cada parte?",
            "matrix",
            ("Good", "Mixed", "Poor"),
            ("Buena", "Regular", "Mala"),
            ("The facilitator", "The materials", "The time to practice"),
            ("La persona que facilitó", "Los materiales", "El tiempo para practicar"),
            weights=(30, 8, 2),
        ),
        Ask(
            "How likely are you to recommend it to a colleague?",
            "¿Qué tan probable es que la recomiende a un colega?",
            "nps",
            weights=(0, 0, 0, 1, 1, 2, 3, 8, 14, 16, 15),
        ),
        Ask(
            "What will you do differently now?",
            "¿Qué hará de otra manera ahora?",
            "long",
            samples=(
                "I will begin with the solution, and name the problem after it.",
                "We will rewrite our annual report with the words we practiced.",
                "I will call my senator's office before the hearing, not after it.",
            ),
            share=0.55,
        ),
    ),
)
AT_90_DAYS = Sheet(
    title="Three months later: what became of it",
    title_es="Tres meses después: qué resultó",
    introduction="Two questions about a training you took.",
    introduction_es="Dos preguntas sobre una capacitación que tomó.",
    purpose="training",
    asks_to_quote=True,
    questions=(
        Ask(
            "Have you used what you learned?",
            "¿Ha usado lo que aprendió?",
            "choice",
            ("Yes, often", "Yes, once or twice", "Not yet"),
            ("Sí, a menudo", "Sí, una o dos veces", "Todavía no"),
            weights=(14, 16, 8),
            is_required=True,
            measures="used",
            counting=("Yes, often", "Yes, once or twice"),
        ),
        Ask(
            "What for?",
            "¿Para qué?",
            "long",
            samples=(
                "For the talk with our board about next year's budget.",
                "In a letter to the editor, which was printed.",
            ),
            share=0.6,
            after=1,
            after_values=("Yes, often", "Yes, once or twice"),
        ),
    ),
)
PARTNERS = Sheet(
    title="The yearly survey of all partners",
    title_es="La encuesta anual de todas las organizaciones",
    introduction="Once a year we ask every partner how it goes. Your answers decide whom we call first.",
    introduction_es="Una vez al año preguntamos a cada organización cómo va todo. Sus respuestas deciden a quién llamamos primero.",
    purpose="partners",
    asks_to_quote=True,
    questions=(
        Ask(
            "How well do we work together?",
            "¿Qué tan bien trabajamos juntos?",
            "scale",
            hint="1 is badly, 5 is very well.",
            hint_es="1 es mal, 5 es muy bien.",
            weights=SCALE,
            is_required=True,
            measures="relation",
        ),
        Ask(
            "What should change?",
            "¿Qué debería cambiar?",
            "long",
            samples=(
                "Tell us earlier when a hearing is posted.",
                "Fewer e-mails, and each with one thing to do.",
            ),
            after=1,
            after_values=("1-3",),
            share=0.8,
        ),
        Ask(
            "What do you use most?",
            "¿Qué usa más?",
            "several",
            ("Action alerts", "Trainings", "Local Area Councils", "Research", "Stories"),
            (
                "Alertas de acción",
                "Capacitaciones",
                "Consejos de Área Local",
                "Investigación",
                "Historias",
            ),
            weights=(20, 14, 10, 6, 8),
        ),
        Ask(
            "Since when does your organization know us?",
            "¿Desde cuándo nos conoce su organización?",
            "date",
            hint="Roughly is enough.",
            hint_es="Basta con una fecha aproximada.",
            samples=("2015-01-01", "2018-07-01", "2021-03-15", "2024-09-01"),
            share=0.4,
        ),
        Ask(
            "Shall we get in touch?",
            "¿Quiere que nos pongamos en contacto?",
            "choice",
            ("Yes, please call us", "Not now"),
            ("Sí, por favor llámenos", "Por ahora no"),
            weights=(1, 9),
            is_required=True,
            measures="contact",
            counting=("Yes, please call us",),
        ),
    ),
)
VOICE = Sheet(
    title="Can you speak freely with us?",
    title_es="¿Puede hablar con libertad con nosotros?",
    introduction="Three questions. Nothing is kept that says who answered.",
    introduction_es="Tres preguntas. No se guarda nada que diga quién respondió.",
    purpose="general",
    is_anonymous=True,
    asks_to_quote=True,
    is_open=True,
    questions=(
        Ask(
            "Can you say what you think in our meetings?",
            "¿Puede decir lo que piensa en nuestras reuniones?",
            "choice",
            ("Always", "Mostly", "Rarely", "Never"),
            ("Siempre", "Casi siempre", "Rara vez", "Nunca"),
            weights=(16, 18, 11, 2),
            is_required=True,
        ),
        Ask(
            "What keeps you from it?",
            "¿Qué se lo impide?",
            "long",
            samples=(
                "Larger organizations speak first and longest.",
                "Our funder sits at the same table.",
            ),
            after=1,
            after_values=("Rarely", "Never"),
            share=0.7,
        ),
        Ask(
            "How fairly do we share attention between small and large organizations?",
            "¿Con cuánta justicia repartimos la atención entre organizaciones pequeñas y grandes?",
            "scale",
            hint="1 is unfairly, 5 is very fairly.",
            hint_es="1 es injustamente, 5 es muy justamente.",
            weights=(3, 8, 14, 16, 9),
        ),
    ),
)
