"""The welcome that everybody gets who joins a partner organization: three messages, ready and running."""

from dataclasses import dataclass
from datetime import datetime

from campaigns.models import Series, SeriesStep
from campaigns.services.series import start_series
from mailing.models import Topic
from partners.models import User

NAME = "Welcome"
TOPIC = "coalition-news"


@dataclass(frozen=True)
class StepText:
    """One message, in English and in Spanish."""

    days: int
    subject: str
    subject_es: str
    body: str
    body_es: str
    button_label: str
    button_label_es: str
    button_path: str


STEPS: tuple[StepText, ...] = (
    StepText(
        days=0,
        subject="Welcome, {{ first_name|Friend }}",
        subject_es="Le damos la bienvenida, {{ first_name|colega }}",
        body=(
            "<p>Dear {{ first_name|Friend }},</p><p>It is good to have you and "
            "{{ organization|your organization }} with us. Human services hold up every community in "
            "Illinois. When the people who build them speak together, the state listens.</p>"
            "<p>On your page you see what there is to do now, who else belongs to your organization, and "
            "what you have done so far.</p>"
        ),
        body_es=(
            "<p>Hola, {{ first_name|colega }}:</p><p>Nos alegra contar con usted y con "
            "{{ organization|su organización }}. Los servicios humanos sostienen a cada comunidad de "
            "Illinois. Cuando quienes los construyen hablan juntos, el estado escucha.</p>"
            "<p>En su página puede ver qué hay que hacer ahora, quién más pertenece a su organización y lo "
            "que ha hecho hasta hoy.</p>"
        ),
        button_label="Open my page",
        button_label_es="Abrir mi página",
        button_path="/my/",
    ),
    StepText(
        days=3,
        subject="One minute that counts",
        subject_es="Un minuto que cuenta",
        body=(
            "<p>A call to action says what to do and by when. Most take a minute: you put your name to a few "
            "sentences, and we hand them to the people who decide.</p>"
            "<ul><li>Each name counts once, and your organization stands beside it.</li>"
            "<li>You see what came of it when it is over.</li></ul>"
        ),
        body_es=(
            "<p>Cada llamado a la acción dice qué hacer y hasta cuándo. Casi siempre toma un minuto: usted "
            "firma unas pocas frases y nosotros las entregamos a quienes deciden.</p>"
            "<ul><li>Cada nombre cuenta una vez, y su organización aparece a su lado.</li>"
            "<li>Cuando termina, le contamos qué se logró.</li></ul>"
        ),
        button_label="See what is open",
        button_label_es="Ver qué está abierto",
        button_path="/take-action/",
    ),
    StepText(
        days=10,
        subject="Who speaks for {{ organization|your organization }} in Springfield?",
        subject_es="¿Quién representa a {{ organization|su organización }} en Springfield?",
        body=(
            "<p>Two people in the General Assembly work for your corner of the state: a Representative and a "
            "Senator. With an address you find both, how to reach them, and what they have done about our "
            "priorities. The address is not kept.</p>"
            "<p>A short note that says who you are and whom you serve is worth more than a long one.</p>"
        ),
        body_es=(
            "<p>Dos personas de la Asamblea General trabajan para su parte del estado: una en la Cámara de "
            "Representantes y otra en el Senado. Con una dirección usted encuentra a ambas, cómo comunicarse "
            "con ellas y qué han hecho por nuestras prioridades. La dirección no se guarda.</p>"
            "<p>Una nota corta que diga quién es usted y a quién sirve vale más que una larga.</p>"
        ),
        button_label="Find who represents you",
        button_label_es="Encontrar a sus representantes",
        button_path="/who-represents-me/",
    ),
)


def write_series(*, staff: User, now: datetime) -> Series:
    """Writes the welcome and lets it run from `now` on: nobody of the demonstration's own people gets it."""
    series = Series.objects.create(
        name=NAME,
        trigger=Series.Trigger.JOINED,
        topic=Topic.objects.get(slug=TOPIC),
        created_by=staff,
    )
    SeriesStep.objects.bulk_create(SeriesStep(series=series, **vars(text)) for text in STEPS)
    return start_series(series=series, by=staff, now=now)
