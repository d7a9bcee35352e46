"""A plan of districts in which every House district has one ZIP code of its own."""

from legislation.models import ZipCode
from tests.legislation.plans import inside, load_plan


def zip_of(house: int) -> str:
    """The ZIP code of a House district."""
    return f"62{house:03d}"


def load_places() -> None:
    """The sample plan in force, with its ZIP codes, two House districts a city."""
    load_plan()
    ZipCode.objects.bulk_create(
        ZipCode(
            zip_code=zip_of(house),
            city=f"Samplefield {(house + 1) // 2}",
            county="Sangamon" if house < 60 else "Peoria",
            latitude=inside(house)[0],
            longitude=inside(house)[1],
        )
        for house in range(1, 119)
    )
