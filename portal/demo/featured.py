"""The organizations that the demonstration's stories and logins speak of. They come first at any size."""

from dataclasses import dataclass

from portal.embedded.demo_logins import ADVOCATE, CONTACT


@dataclass(frozen=True)
class Featured:
    """An organization with a fixed name. `people` are role, first name, last name, title and address."""

    name: str
    domain: str
    city: str
    sub_sectors: tuple[str, ...]
    summary: str
    budget_band: str
    years: int  # Since it joined.
    people: tuple[tuple[str, str, str, str, str], ...]


def _sample_person(
    domain: str, role: str, first_name: str, last_name: str, title: str
) -> tuple[str, str, str, str, str]:
    return (
        role,
        first_name,
        last_name,
        title,
        f"{first_name}.{last_name}@{domain}".lower().replace(" ", "."),
    )


FEATURED: tuple[Featured, ...] = (
    Featured(
        name="Arden Shore Child and Family Services",
        domain="ardenshore.example",
        city="Waukegan",
        sub_sectors=("child-welfare", "family-support", "behavioral-health"),
        summary=(
            "Helps children and families in and around Waukegan heal and go on with confidence. More than "
            "1,500 clients count on its counseling and care."
        ),
        budget_band="5m_20m",
        years=13,
        people=(
            ("primary_contact", "Maria", "Gomez", "Director of community relations", CONTACT.email),
            ("advocate", "James", "Okafor", "Family therapist", ADVOCATE.email),
        ),
    ),
    Featured(
        name="Prairie Lantern Behavioral Health",
        domain="prairielantern.example",
        city="Decatur",
        sub_sectors=("behavioral-health", "substance-use"),
        summary=(
            "Answers mental health crises in Macon County with mobile teams, and stays with people long "
            "after the crisis is over. It trains and supervises its own counselors."
        ),
        budget_band="5m_20m",
        years=11,
        people=(
            _sample_person(
                "prairielantern.example", "primary_contact", "Yolanda", "Whitfield", "President and CEO"
            ),
            _sample_person("prairielantern.example", "advocate", "Delphine", "Okoye", "Crisis counselor"),
        ),
    ),
    Featured(
        name="Riverbend Works",
        domain="riverbendworks.example",
        city="Peoria",
        sub_sectors=("employment", "community-development"),
        summary=(
            "Trains welders, cooks and machine operators in Peoria, and plans every course around the rest "
            "of a person's week."
        ),
        budget_band="1m_5m",
        years=8,
        people=(
            _sample_person(
                "riverbendworks.example", "primary_contact", "Monique", "Salazar", "Program director"
            ),
        ),
    ),
    Featured(
        name="Bluff Country Family Alliance",
        domain="bluffcountry.example",
        city="Carbondale",
        sub_sectors=("family-support", "early-childhood"),
        summary="Visits families with young children at home, in seven counties of Southern Illinois.",
        budget_band="under_500k",
        years=9,
        people=(
            _sample_person(
                "bluffcountry.example", "primary_contact", "Ruth Ann", "Keller", "Executive director"
            ),
        ),
    ),
    Featured(
        name="Three Oaks Home Care Cooperative",
        domain="threeoaks.example",
        city="Galesburg",
        sub_sectors=("aging",),
        summary=(
            "A cooperative owned by its home care workers. It trains them, and they decide together how "
            "care is planned."
        ),
        budget_band="1m_5m",
        years=6,
        people=(
            _sample_person("threeoaks.example", "primary_contact", "Denise", "Abernathy", "General manager"),
            _sample_person("threeoaks.example", "advocate", "Lourdes", "Medina", "Home care worker"),
        ),
    ),
    Featured(
        name="Forge City Pathways",
        domain="forgecity.example",
        city="Rockford",
        sub_sectors=("employment", "youth"),
        summary=(
            "Prepares adults and teens in Rockford for jobs in manufacturing, and measures what the "
            "training returns."
        ),
        budget_band="1m_5m",
        years=7,
        people=(
            _sample_person("forgecity.example", "primary_contact", "Michael", "Tran", "Executive director"),
            _sample_person("forgecity.example", "advocate", "Terrence", "Boyd", "Director of evaluation"),
        ),
    ),
    Featured(
        name="Bright Harbor Youth Project",
        domain="brightharbor.example",
        city="Cicero",
        sub_sectors=("youth", "immigrant-refugee"),
        summary=(
            "After-school reading, music and homework help in Cicero, in English and Spanish, with trained "
            "youth workers."
        ),
        budget_band="500k_1m",
        years=5,
        people=(
            _sample_person("brightharbor.example", "primary_contact", "Guadalupe", "Serrano", "Director"),
            _sample_person("brightharbor.example", "advocate", "Imani", "Foster", "Youth program manager"),
        ),
    ),
    Featured(
        name="Lantern House Advocates",
        domain="lanternhouse.example",
        city="Joliet",
        sub_sectors=("domestic-sexual-violence", "housing"),
        summary=(
            "A hotline, safe housing and company in court for survivors in Will and Grundy Counties, day "
            "and night."
        ),
        budget_band="1m_5m",
        years=12,
        people=(
            _sample_person(
                "lanternhouse.example", "primary_contact", "Samuel", "Adeyemi", "Executive director"
            ),
            _sample_person("lanternhouse.example", "advocate", "Priya", "Raman", "Hotline advocate"),
        ),
    ),
    Featured(
        name="Crossroads Community Health Workers",
        domain="crossroadshealth.example",
        city="Macomb",
        sub_sectors=("health-access",),
        summary=(
            "Community health workers from three towns in McDonough County, who come to the house or meet "
            "people at the old bank."
        ),
        budget_band="under_500k",
        years=3,
        people=(
            _sample_person(
                "crossroadshealth.example", "primary_contact", "Karen", "Lindqvist", "Coordinator"
            ),
        ),
    ),
    Featured(
        name="Welcome Bridge Center",
        domain="welcomebridge.example",
        city="Chicago",
        sub_sectors=("immigrant-refugee", "employment"),
        summary=(
            "Welcomes families in their first years in Chicago with language classes, legal help and a "
            "first job."
        ),
        budget_band="1m_5m",
        years=10,
        people=(
            _sample_person(
                "welcomebridge.example", "primary_contact", "Hassan", "Mansour", "Executive director"
            ),
        ),
    ),
)
