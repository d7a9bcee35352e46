"""What the columns of a report are called, in English, Spanish and German.

Layouts: Zoom's participant list of a meeting and its attendee report of a webinar, with older headings; Teams'
attendance report with its three parts, the report of one list before that, and the list downloaded during a meeting.
"""

import re
import unicodedata

NAME, FIRST, LAST, EMAIL = "name", "first", "last", "email"
# `SINCE` and `UNTIL` are somebody's first and last moment; in between they may have been away.
JOINED, LEFT, SINCE, UNTIL, MINUTES = "joined", "left", "since", "until", "minutes"
ACTION, MOMENT, ATTENDED, WAITING, ACCOUNT = "action", "moment", "attended", "waiting", "account"

_WORDS = {
    NAME: """
        name (original name) | user name (original name) | user name | name | full name | participant name
        nombre (nombre original) | nombre de usuario (nombre original) | nombre de usuario | nombre | nombre completo
        name (originalname) | name (ursprunglicher name) | benutzername (originalname) | benutzername
        benutzername (ursprunglicher name) | vollstandiger name
    """,
    FIRST: "first name | nombre de pila | primer nombre | vorname",
    LAST: "last name | apellido | apellidos | nachname",
    EMAIL: """
        email | e-mail | user email | email address | registration email
        correo electronico | correo | e-mail del usuario | correo electronico del usuario
        direccion de correo electronico | e-mail-adresse | benutzer-e-mail | e-mail des benutzers
    """,
    JOINED: """
        join time | hora para unirse | hora de entrada | hora de union | hora de ingreso
        beitrittszeit | zeitpunkt des beitritts | teilnahmezeit | beitrittsuhrzeit
    """,
    LEFT: """
        leave time | hora para salir | hora de salida | hora de abandono
        verlassenszeit | zeitpunkt des verlassens | austrittszeit | verlassen um
    """,
    SINCE: """
        first join | first join time | primera entrada | primera union | primera conexion
        erster beitritt | erste teilnahme | erstmals beigetreten
    """,
    UNTIL: """
        last leave | last leave time | ultima salida | ultimo abandono | ultima desconexion
        letztes verlassen | letzter austritt | zuletzt verlassen
    """,
    MINUTES: """
        duration (minutes) | total duration (minutes) | time in session (minutes) | duration | in-meeting duration
        meeting duration | duracion (minutos) | duracion total (minutos) | tiempo en la sesion (minutos) | duracion
        duracion en la reunion | duracion de la reunion | dauer (minuten) | gesamtdauer (minuten)
        zeit in der sitzung (minuten) | dauer | besprechungsdauer | dauer in der besprechung | dauer der teilnahme
    """,
    ACTION: "user action | accion del usuario | benutzeraktion",
    MOMENT: "timestamp | marca de tiempo | zeitstempel",
    ATTENDED: "attended | asistio | asistencia | teilgenommen",
    WAITING: "in waiting room | en sala de espera | en la sala de espera | im warteraum",
    ACCOUNT: "participant id (upn) | id. de participante (upn) | id de participante (upn) | teilnehmer-id (upn)",
}
COLUMNS = {
    word.strip(): column
    for column, words in _WORDS.items()
    for line in words.splitlines()
    for word in line.split("|")
    if word.strip()
}
# The language of a heading tells how its dates are written; words that two languages share tell nothing.
DAY_FIRST_WORDS = re.compile(r"\b(nombre|correo|hora|duracion|dauer|beitritt|verlassen|benutzername|erster)")

# A heading with one of these stands over the meeting itself, whose host has a name, too.
_OF_THE_MEETING = {"topic", "tema", "thema", "meeting id", "id de la reunion", "meeting-id", "webinar id"}

YES = {"yes", "si", "ja", "true"}
LEFT_WORDS = {"left", "salio", "abandono", "abandonado", "se fue", "ha salido", "verlassen", "hat verlassen"}


def plain(words: str) -> str:
    """Small letters without accents, to compare headings and answers."""
    apart = unicodedata.normalize("NFKD", words)
    return "".join(sign for sign in apart if not unicodedata.combining(sign)).casefold().strip()


def column_of(heading: str) -> str:
    """What a column holds; "" for one that nobody needs. A time zone may stand behind: "First Join (UTC)"."""
    return COLUMNS.get(re.sub(r"\s*\(utc\)$", "", plain(heading)), "")


def headings_of(cells: list[str]) -> dict[str, int]:
    """Column → its place, where these cells are a heading over people; else nothing."""
    found: dict[str, int] = {}
    for place, cell in enumerate(cells):
        if column := column_of(cell):
            found.setdefault(column, place)
    if any(plain(cell) in _OF_THE_MEETING for cell in cells):
        return {}
    has_name = NAME in found or (FIRST in found and LAST in found)
    tells_time = found.keys() & {JOINED, SINCE, MINUTES, MOMENT}
    return found if has_name and tells_time else {}
