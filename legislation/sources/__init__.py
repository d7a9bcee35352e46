"""One small adapter per source of legislative data; each yields the records of `legislation.records`."""

from legislation.sources.base import Progress, ReadOptions, Source, SourceBroken, SourceUnavailable
from legislation.sources.detection import detect
from legislation.sources.districts import Districts
from legislation.sources.ilga_billstatus import BillStatus
from legislation.sources.ilga_hearings import Hearings
from legislation.sources.ilga_slips import Slips
from legislation.sources.legiscan import LegiScan
from legislation.sources.openstates_api import OpenStatesApi
from legislation.sources.openstates_files import OpenStatesFiles
from legislation.sources.openstates_people import OpenStatesPeople
from legislation.sources.zip_codes import ZipCodes

_ALL: tuple[Source, ...] = (
    OpenStatesApi(),
    OpenStatesFiles(),
    OpenStatesPeople(),
    BillStatus(),
    Hearings(),
    Slips(),
    LegiScan(),
    Districts(),
    ZipCodes(),
)
# By the name typed after --source.
SOURCES: dict[str, Source] = {source.name: source for source in _ALL}

__all__ = ["SOURCES", "Progress", "ReadOptions", "Source", "SourceBroken", "SourceUnavailable", "detect"]
