"""A coalition of a million: organizations, people, memberships and what they did, written by PostgreSQL itself.

Areas, counties, sub-sectors and ZIP codes are those of the demonstration, beside which these people stand.
"""

from django.db import connection, transaction

ORGANIZATIONS, PEOPLE, SECOND_PLACES, ACTED = 5_000, 1_050_000, 100_000, 50_000
UNSUBSCRIBED, PAUSED, SPANISH = 5_000, 2_000, 20_000
# Every seeded membership began on this day; none of the demonstration's did.
SINCE = "1999-09-09"

_ORGANIZATIONS = f"""
INSERT INTO partners_organization
    (name, slug, ein, website, web_domain, summary, street, city, zip_code, county_id, area_id, budget_band, phone,
     logo, status, is_listed, joined_on)
SELECT 'Helping Hands of Ward ' || n, 'helping-hands-' || n, '', '', '', '', '', 'Springfield', place.zip_code,
       county.id, county.area_id,
       (ARRAY['', 'under_500k', '500k_1m', '1m_5m', '5m_20m', 'over_20m'])[1 + n % 6], '', '', 'active', true, '{SINCE}'
FROM generate_series(1, {ORGANIZATIONS}) AS n
JOIN (SELECT row_number() OVER (ORDER BY fips) - 1 AS place, * FROM partners_county) AS county
    ON county.place = n % (SELECT count(*) FROM partners_county)
JOIN (SELECT row_number() OVER () - 1 AS place, zip_code
      FROM (SELECT DISTINCT zip_code FROM partners_organization WHERE zip_code <> '') AS known) AS place
    ON place.place = n % (SELECT count(DISTINCT zip_code) FROM partners_organization WHERE zip_code <> '')
"""
_SUB_SECTORS = """
INSERT INTO partners_organization_sub_sectors (organization_id, subsector_id)
SELECT organization.id, sector.id FROM partners_organization AS organization
JOIN (SELECT row_number() OVER (ORDER BY id) - 1 AS place, id FROM partners_subsector) AS sector
    ON (organization.id + sector.place) % 5 = 0
WHERE organization.slug LIKE 'helping-hands-%'
"""
_PEOPLE = f"""
INSERT INTO partners_person (email, first_name, last_name, title, phone, zip_code, created_at)
SELECT 'member' || n || '@people' || n % 400 || '.example',
       (ARRAY['Ana', 'José', 'Mary', 'Li', 'Noël', 'Fatima', 'Bob', 'Zoë', 'Imani', 'Raj'])[1 + n % 10],
       'Sample ' || n, '', '', '', now()
FROM generate_series(1, {PEOPLE}) AS n
"""
_PLACES = f"""
INSERT INTO partners_membership (person_id, organization_id, role, started_on)
SELECT person.id, organization.id, (ARRAY['advocate', 'primary_contact', 'viewer', 'advocate'])[1 + person.n %% 4],
       '{SINCE}'
FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM partners_person WHERE email LIKE 'member%%@people%%.example')
     AS person
JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS n FROM partners_organization
      WHERE slug LIKE 'helping-hands-%%') AS organization ON organization.n = (person.n * %s + %s) %% {ORGANIZATIONS}
WHERE person.n <= %s
"""
_ACTED = f"""
INSERT INTO campaigns_actiontaken
    (reference, call_to_action_id, person_id, comment, show_name, consent_text, verified, source_code, acted_at)
SELECT 'B-' || person.id, %s, person.id, '', false, 'bench', 'login', '', now() - interval '1 day'
FROM partners_person AS person WHERE email LIKE 'member%%@people%%.example' ORDER BY person.id DESC LIMIT {ACTED}
"""
_TABLES = (
    "partners_organization, partners_organization_sub_sectors, partners_person, partners_membership, "
    "campaigns_actiontaken, mailing_preference, mailing_suppression"
)


def seed() -> None:
    """Everybody at once; about a minute."""
    from campaigns.models import CallToAction

    call = CallToAction.objects.filter(is_standing=False).order_by("pk").first()
    if call is None:
        raise SystemExit("The demonstration has no call to action.")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_ORGANIZATIONS)
        cursor.execute(_SUB_SECTORS)
        cursor.execute(_PEOPLE)
        cursor.execute(_PLACES, [1, 0, PEOPLE])
        cursor.execute(_PLACES, [3, 1, SECOND_PLACES])
        cursor.execute(_ACTED, [call.pk])
    _wishes()
    with connection.cursor() as cursor:
        cursor.execute(f"VACUUM ANALYZE {_TABLES}")


def _wishes() -> None:
    """Some want no mail, some none for a while, some read Spanish."""
    from datetime import timedelta

    from django.utils import timezone

    from mailing.addresses import hash_address
    from mailing.models import Preference, Suppression

    def address(number: int) -> str:
        return f"member{number}@people{number % 400}.example"

    Suppression.objects.bulk_create(
        [
            Suppression(address_hash=hash_address(address(number)), reason=Suppression.Reason.UNSUBSCRIBED)
            for number in range(1, UNSUBSCRIBED + 1)
        ],
        batch_size=2000,
    )
    until = timezone.now() + timedelta(days=30)
    Preference.objects.bulk_create(
        [
            Preference(
                email=address(number),
                address_hash=hash_address(address(number)),
                language="es" if number > UNSUBSCRIBED + PAUSED else "",
                paused_until=until if number <= UNSUBSCRIBED + PAUSED else None,
            )
            for number in range(UNSUBSCRIBED + 1, UNSUBSCRIBED + PAUSED + SPANISH + 1)
        ],
        batch_size=2000,
    )
