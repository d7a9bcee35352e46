"""Gives the mailings that are there their contents and batches, as the new engine reads them.

What was being sent while the engine changed is unknown, as after a crash; stop the workers before you migrate.
"""

from django.db import migrations

CONTENTS = """
INSERT INTO mailing_mailingcontent (mailing_id, variant, language, subject, text, html)
SELECT id, 'A', 'en', subject, text, html FROM mailing_mailing
"""
STATES = """
UPDATE mailing_delivery
SET state = CASE state WHEN 'sending' THEN 'unknown' ELSE 'pending' END
WHERE state IN ('claimed', 'sending')
"""
# One batch of so many rows each, in the order of their numbers.
DEAL = """
WITH dealt AS (
    SELECT id, mailing_id, (row_number() OVER (PARTITION BY mailing_id ORDER BY id) - 1) / 500 AS part
    FROM mailing_delivery
), batch AS (
    INSERT INTO mailing_batch (mailing_id, variant, domain, state, not_before, cursor, window_end, exceptions, withdrawn, tally)
    SELECT mailing_id, 'A', '', 'waiting', now(), part, part, '[]', '{}', '{}'
    FROM dealt GROUP BY mailing_id, part
    RETURNING id, mailing_id, cursor AS part
)
UPDATE mailing_delivery AS delivery SET batch_id = batch.id
FROM dealt JOIN batch ON batch.mailing_id = dealt.mailing_id AND batch.part = dealt.part
WHERE delivery.id = dealt.id
"""
SETTLE = """
UPDATE mailing_batch AS batch SET cursor = 0, window_end = 0, tally = counted.tally,
    state = CASE WHEN counted.tally ?| array['pending', 'deferred'] THEN 'waiting' ELSE 'done' END
FROM (
    SELECT batch_id, jsonb_object_agg(state, rows) AS tally
    FROM (SELECT batch_id, state, count(*) AS rows FROM mailing_delivery GROUP BY batch_id, state) AS each
    GROUP BY batch_id
) AS counted
WHERE counted.batch_id = batch.id
"""
PAUSES = "UPDATE mailing_mailing SET pause_reason = 'staff' WHERE state = 'paused'"


class Migration(migrations.Migration):
    dependencies = [("mailing", "0002_batches_and_preferences")]

    operations = [migrations.RunSQL([CONTENTS, STATES, DEAL, SETTLE, PAUSES], migrations.RunSQL.noop)]
