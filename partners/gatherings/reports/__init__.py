"""Attendance reports of Zoom and Teams: whatever their language, layout and encoding, read into one shape.

`read_report` takes a file's bytes and gives a `Report` of `Participant`s; `matching.find_people` says whom they mean.
Both know no room: `meetings` and `trainings` use them alike.
"""

from partners.gatherings.reports.blocks import Problem
from partners.gatherings.reports.reading import Participant, Report, ReportTrouble, read_report

__all__ = ["Participant", "Problem", "Report", "ReportTrouble", "read_report"]
