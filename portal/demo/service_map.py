"""Writes the demonstration's service map: how human services lead to one another."""

from partners.models import SubSector
from research.models import Finding, ServiceConnection

# from, to, how, finding
CONNECTIONS: tuple[tuple[str, str, str, str], ...] = (
    ("early-childhood", "employment", "With a safe place for the children, parents can take a job and keep it.", ""),
    ("housing", "health-access", "People with an address can be reached, and keep appointments and prescriptions.", "sample-saved-by-shelter"),
    ("housing", "employment", "A home is where the rest before a shift and the mail of an employer come from.", ""),
    ("behavioral-health", "housing", "Steady care helps people through the crises in which a lease is lost.", "sample-vacancies-behavioral-health-2025"),
    ("behavioral-health", "child-welfare", "Parents who get help early can keep their family safely together.", ""),
    ("domestic-sexual-violence", "housing", "Survivors leave for good when a safe place to live is ready.", ""),
    ("domestic-sexual-violence", "child-welfare", "Where violence ends, children stay with the parent who protects them.", ""),
    ("substance-use", "justice-reentry", "Treatment that continues after release keeps people from going back.", ""),
    ("justice-reentry", "employment", "Coaching and records made clear open the first door to paid work.", ""),
    ("employment", "community-development", "Wages earned in a neighborhood are spent there, and shops return.", ""),
    ("food", "youth", "Students who had breakfast stay for the afternoon program and learn in it.", ""),
    ("youth", "employment", "Mentors and first jobs turn a summer into a trade.", ""),
    ("family-support", "early-childhood", "Home visits bring children to preschool ready, and parents along.", ""),
    ("aging", "family-support", "Home care gives caring daughters and sons their working hours back.", "sample-wage-aging-2025"),
    ("disability", "employment", "Support that people direct themselves lets them choose work, too.", ""),
    ("immigrant-refugee", "health-access", "An interpreter makes a first visit to the clinic possible.", ""),
    ("health-access", "aging", "A nurse who visits in time keeps people in their own homes for longer.", ""),
    ("child-welfare", "youth", "A steady foster home is what a mentor can build on.", "arden-shore-clients"),
)  # fmt: skip


def write_service_map(findings: dict[str, Finding]) -> None:
    """All connections, in the order of the list."""
    services = {service.slug: service for service in SubSector.objects.all()}
    ServiceConnection.objects.bulk_create(
        ServiceConnection(
            source=services[source],
            target=services[target],
            how=how,
            finding=findings.get(finding),
            order=place,
        )
        for place, (source, target, how, finding) in enumerate(CONNECTIONS, start=1)
    )
