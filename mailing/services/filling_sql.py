"""The statements that `filling` runs one after the other, in one transaction.

`mailing_staged` is a table of this transaction alone: the recipients as they came, each with the hash of their
address. Then who is known goes, and one statement judges the others and writes them with their batches. Nothing is
sorted twice and nothing is written twice on the way: that is what a million rows in seconds needs.
"""

import hashlib

from django.conf import settings

# Addresses beyond doubt, whose compared form is the lower case; all others are looked at in Python. Where the whole
# address is that short, no part of it is too long.
_PLAIN = r"^[A-Za-z0-9_+-]+(\.[A-Za-z0-9_+-]+)*@([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,}$"
_PLAIN_LENGTH = 63
_COMPARED = 'lower(btrim(written) COLLATE "C")'

# Nothing in it is numbered, so that PostgreSQL may use all cores where the caller's tables are large.
_STAGE = f"""
SELECT recipient, party, language, slots, false AS bad, written,
       CASE WHEN length(written) <= {_PLAIN_LENGTH} AND btrim(written) COLLATE "C" ~ '{_PLAIN}'
            THEN encode(sha256(%s::bytea || sha256(%s::bytea || convert_to({_COMPARED}, 'UTF8'))), 'hex')
       END AS hash
FROM (
    SELECT recipient::bigint, party::bigint, coalesce(email, '')::text AS written,
           coalesce(language, '')::text AS language, coalesce(slots, '{{}}')::jsonb AS slots
    FROM (
-- recipients
    ) AS source(recipient, party, email, language, slots)
) AS source
"""  # noqa: S608 - nothing in it comes from outside
_NOBODY = "SELECT NULL::bigint, NULL::bigint, ''::text, ''::text, '{}'::jsonb WHERE false"

STAGE_MORE = """
INSERT INTO mailing_staged (recipient, party, language, slots, bad, written, hash)
SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::jsonb[], %s::boolean[], %s::text[], %s::text[])
"""

# Addresses that SQL was not sure about. They come back by STAGE_MORE.
ODD = "SELECT recipient, party, written, language, slots FROM mailing_staged WHERE hash IS NULL"
FORGET_ODD = "DELETE FROM mailing_staged WHERE hash IS NULL"

HAS_KNOWN = "SELECT EXISTS (SELECT FROM mailing_delivery WHERE mailing_id = %s)"
FORGET_KNOWN = """
DELETE FROM mailing_staged AS staged WHERE EXISTS (
    SELECT FROM mailing_delivery AS known
    WHERE known.mailing_id = %(mailing)s AND known.address_hash = staged.hash
) OR EXISTS (
    SELECT FROM mailing_delivery AS known
    WHERE known.mailing_id = %(mailing)s AND known.recipient = staged.recipient
)
"""

# Who comes first stays: of an address, and of a recipient. A row that would give way only to a row that gives way
# itself is looked at again, so that nobody is left out for the sake of a row that is not there.
FORGET_DOUBLES = """
WITH numbered AS MATERIALIZED (
    SELECT ctid AS place, row_number() OVER () AS n, hash, recipient FROM mailing_staged
), ranked AS MATERIALIZED (
    SELECT place, n, min(n) OVER (PARTITION BY hash) AS of_address,
           CASE WHEN recipient IS NULL THEN n ELSE min(n) OVER (PARTITION BY recipient) END AS of_recipient
    FROM numbered
), kept AS (
    SELECT n FROM ranked WHERE of_address = n AND of_recipient = n
)
DELETE FROM mailing_staged AS staged USING ranked
WHERE staged.ctid = ranked.place AND (ranked.of_address <> ranked.n OR ranked.of_recipient <> ranked.n)
  AND (ranked.of_address IN (SELECT n FROM kept) OR ranked.of_recipient IN (SELECT n FROM kept))
"""

# By chance, another one in each mailing, the same whenever it is asked again, and to the exact share.
_BY_CHANCE = (
    "row_number() OVER (PARTITION BY state ORDER BY sha256(convert_to(hash || %(mailing)s::text, 'UTF8')))"
)
_HALF = "greatest(1, round(count(*) OVER (PARTITION BY state) * %(test_percent)s / 200.0))"
_VARIANT = f"""
CASE WHEN state <> 'pending' THEN 'A' WHEN {_BY_CHANCE} <= {_HALF} THEN 'A'
     WHEN {_BY_CHANCE} <= 2 * {_HALF} THEN 'B' ELSE '' END
"""

# The table of rules: who gets nothing and why, and whose hours ask for a batch of their own.
_JUDGED = f"""
SELECT recipient, party, CASE WHEN bad THEN written ELSE {_COMPARED} END AS email, staged.hash, slots,
       CASE WHEN chosen.language IN ('en', 'es') THEN chosen.language
            WHEN staged.language IN ('en', 'es') THEN staged.language ELSE 'en' END AS language,
       CASE WHEN bad THEN 'failed' WHEN refusal.why IS NOT NULL THEN 'suppressed'
            WHEN word.frequency = 'weekly' AND word.state = 'subscribed' THEN 'summarized'
            ELSE 'pending' END AS state,
       CASE WHEN bad THEN %(impossible)s ELSE coalesce(refusal.why, '') END AS response,
       timed.not_before
FROM mailing_staged AS staged
LEFT JOIN mailing_suppression AS suppression ON suppression.address_hash = staged.hash
LEFT JOIN mailing_subscription AS word ON word.address_hash = staged.hash AND word.topic_id = %(topic)s
LEFT JOIN mailing_preference AS chosen ON chosen.address_hash = staged.hash
CROSS JOIN LATERAL (
    SELECT CASE chosen.hours WHEN 'morning' THEN %(morning)s::timestamptz WHEN 'noon' THEN %(noon)s
                WHEN 'evening' THEN %(evening)s ELSE %(begins)s END AS not_before
) AS timed
CROSS JOIN LATERAL (
    SELECT CASE WHEN suppression.reason IS NOT NULL THEN suppression.reason
                WHEN word.state = 'unsubscribed' THEN 'unsubscribed'
                WHEN chosen.paused_until > timed.not_before THEN 'paused' END AS why
) AS refusal
"""  # noqa: S608 - nothing in it comes from outside


def stage(select: str | None) -> str:
    """Makes the staged table of a SELECT of recipients, or an empty one for a few. Takes `hash_pads`."""
    if select is None:
        return f"CREATE TEMPORARY TABLE mailing_staged ON COMMIT DROP AS {_STAGE.replace('-- recipients', _NOBODY)}"
    return f"CREATE UNLOGGED TABLE mailing_staged AS {_STAGE.replace('-- recipients', select)}"


def deal(*, tested: bool, with_domains: bool) -> str:
    """Judges everybody, deals them into batches that share state, variant, limited domain and time, and writes both.

    One statement, so that all of it sees the same refusals. Rows of a kind go in by the hash of their address: so
    their order is by chance, domains are mixed, and the index of hashes grows at one end.
    """
    domain = "split_part(email, '@', 2)"
    domain = f"CASE WHEN {domain} = ANY(%(domains)s) THEN {domain} ELSE '' END" if with_domains else "''"
    return f"""
WITH judged AS NOT MATERIALIZED (
    SELECT known.*, {_VARIANT if tested else "'A'"} AS variant, {domain} AS domain FROM ({_JUDGED}) AS known
), kinds AS MATERIALIZED (
    -- How many rows and batches of other kinds come before those of this one.
    SELECT counted.*, (sum(people) OVER before - people)::bigint AS rows_before,
           (sum(parts) OVER before - parts)::bigint AS parts_before
    FROM (
        SELECT state, variant, domain, not_before, count(*) AS people,
               (count(*) + %(size)s - 1) / %(size)s AS parts,
               row_number() OVER (ORDER BY not_before, state, variant, domain) AS kind
        FROM judged GROUP BY state, variant, domain, not_before
    ) AS counted
    WINDOW before AS (ORDER BY kind)
), dealt AS MATERIALIZED (
    SELECT nextval(pg_get_serial_sequence('mailing_batch', 'id')) AS id, kinds.*, parts_before + part AS place,
           least(%(size)s, people - part * %(size)s) AS size
    FROM kinds CROSS JOIN LATERAL generate_series(0, parts - 1) AS part
), batches AS (
    INSERT INTO mailing_batch (id, mailing_id, variant, domain, state, not_before, tally)
    SELECT id, %(mailing)s, variant, domain, CASE WHEN state = 'pending' THEN 'waiting' ELSE 'done' END,
           not_before, jsonb_build_object(state, size)
    FROM dealt
), deliveries AS (
    INSERT INTO mailing_delivery
        (mailing_id, batch_id, recipient, party, email, address_hash, language, slots, state, response)
    SELECT %(mailing)s, (SELECT array_agg(id ORDER BY place) FROM dealt)[place], recipient, party, email, hash,
           language, slots, state, response
    FROM (
        -- One key instead of five: the sort compares its first eight bytes at once.
        SELECT recipient, party, email, hash, language, slots, state, response,
               parts_before + (row_number() OVER (ORDER BY chr(kind::int) || hash COLLATE "C") - rows_before - 1)
                              / %(size)s + 1 AS place
        FROM judged JOIN kinds USING (state, variant, domain, not_before)
    ) AS placed
)
SELECT state, sum(people)::bigint FROM kinds GROUP BY state
"""  # noqa: S608 - nothing in it comes from outside


# Room to sort a million rows, and all cores at work. The planner knows nothing of a table that was made this moment:
# it must not compare everybody with everybody, nor sort what a hash finds.
_ROOM = {
    "work_mem": "'256MB'",
    "parallel_tuple_cost": "0",
    "enable_mergejoin": "off",
    "enable_nestloop": "off",
}
ROOM = "; ".join(f"SET LOCAL {name} = {value}" for name, value in _ROOM.items())
ROOM_BACK = "; ".join(f"SET LOCAL {name} TO DEFAULT" for name in _ROOM)
DROP = "DROP TABLE mailing_staged"


def hash_pads() -> tuple[bytes, bytes]:
    """The outer and the inner pad of `hash_address`'s HMAC (RFC 2104), for SQL that knows only plain SHA-256."""
    key = settings.MAILING_HASH_KEY.encode()
    key = (hashlib.sha256(key).digest() if len(key) > 64 else key).ljust(64, b"\0")
    return bytes(byte ^ 0x5C for byte in key), bytes(byte ^ 0x36 for byte in key)
