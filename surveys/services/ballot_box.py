"""The box of anonymous answers: nothing in it says which came first, or with whom (ADR 9)."""

from django.db import connection, transaction

from surveys.models import Survey

# Taken out and put back in one statement and in random order, so that neither the place of a row on the disk nor
# the transaction that wrote it tells it from the others.
_RESPONSES = """
WITH taken AS (DELETE FROM surveys_response WHERE survey_id = %s RETURNING *)
INSERT INTO surveys_response SELECT * FROM taken ORDER BY random()
"""
_ANSWERS = """
WITH taken AS (
    DELETE FROM surveys_answer WHERE response_id IN (SELECT id FROM surveys_response WHERE survey_id = %s)
    RETURNING *
)
INSERT INTO surveys_answer SELECT * FROM taken ORDER BY random()
"""


@transaction.atomic
def shake(*, survey: Survey) -> None:
    """Mixes all the answers to an anonymous survey. The caller holds the survey."""
    if not survey.is_anonymous:
        raise ValueError("Only the answers to an anonymous survey lie in a box.")
    with connection.cursor() as cursor:
        cursor.execute(_ANSWERS, [survey.pk])
        cursor.execute(_RESPONSES, [survey.pk])
