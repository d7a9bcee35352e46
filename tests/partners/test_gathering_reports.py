"""Attendance reports of Zoom and Teams: their layouts, languages, encodings, and the people in them."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.conf import settings

from partners.fiscal_year import CHICAGO
from partners.gatherings.reports import Participant, Report, ReportTrouble, read_report
from partners.gatherings.reports.matching import Known, People
from partners.gatherings.reports.names import name_key, read_name
from partners.gatherings.reports.times import Reading, day_first, minutes_in

REPORTS = Path(settings.BASE_DIR) / "tests" / "meetings" / "reports"
HELD_ON = date(2026, 3, 10)


def read(name: str, held_on: date | None = HELD_ON) -> Report:
    return read_report((REPORTS / name).read_bytes(), held_on=held_on)


def people(report: Report) -> dict[str, Participant]:
    return {one.name: one for one in report.participants}


@pytest.mark.parametrize(
    ("name", "kind", "minutes"),
    [
        (
            "zoom_meeting_en.csv",
            "zoom_meeting",
            # 10:00 to 10:40 on the computer and 10:30 to 11:20 on the phone are 80 minutes, not 90.
            {
                "Sam Sample": 92,
                "Maria Lopez": 80,
                "Chidi Okafor": 83,
                "M. Nguyen": 76,
                "Jose Ramírez": 30,
                "Galaxy S21": 10,
            },
        ),
        ("zoom_meeting_old.csv", "zoom_meeting", {"Maria Lopez": 40, "Chidi Okafor": 83}),
        ("zoom_meeting_es.csv", "zoom_meeting", {"María López": 40, "José Ramírez": 30}),
        ("zoom_people_es.csv", "zoom_meeting", {"María López": 77, "José Ramírez": 30}),
        ("zoom_meeting_de.csv", "zoom_meeting", {"Jürgen Müller": 60}),
        (
            "zoom_webinar_en.csv",
            "zoom_webinar",
            {"Sam Sample": 92, "Amina Yusuf": 82, "maria": 70, "13125550142": 50},
        ),
        ("zoom_iso.csv", "zoom_meeting", {"Maria Lopez": 40, "Chidi Okafor": 83}),
        (
            "teams_en.csv",
            "teams",
            {"Sam Sample": 92, "Maria Lopez": 70, "Chidi Okafor": 83, "Amina Yusuf": 45},
        ),
        ("teams_de.csv", "teams", {"Jürgen Müller": 70, "Maria Lopez": 83}),
        ("teams_es.csv", "teams", {"María López": 70}),
        ("teams_one_list.csv", "teams", {"Maria Lopez": 40, "Chidi Okafor": 83}),
        ("teams_join_leave.csv", "teams_list", {"Sam Sample": 60, "Maria Lopez": 50}),
    ],
)
def test_every_layout_gives_everybody_once_with_their_minutes(name, kind, minutes):
    report = read(name)
    assert report.kind == kind
    assert {one.name: one.minutes for one in report.participants} == minutes


@pytest.mark.parametrize(
    "name", ["zoom_meeting_en.csv", "zoom_meeting_es.csv", "teams_de.csv", "teams_es.csv", "zoom_iso.csv"]
)
@pytest.mark.parametrize("held_on", [HELD_ON, None])
def test_march_10_is_never_october_3(name, held_on):
    for one in read(name, held_on).participants:
        for start, end in one.intervals:
            assert start.astimezone(CHICAGO).date() == end.astimezone(CHICAGO).date() == HELD_ON


def test_times_are_chicago_unless_the_report_says_otherwise():
    known = people(read("zoom_iso.csv"))
    assert known["Maria Lopez"].intervals[0][0] == datetime(2026, 3, 10, 15, 0, tzinfo=UTC)
    assert known["Chidi Okafor"].intervals[0][0] == datetime(2026, 3, 10, 15, 2, tzinfo=UTC)


def test_a_line_that_cannot_be_read_is_named_and_costs_no_other_line():
    report = read("zoom_meeting_en.csv")
    (problem,) = report.problems
    assert problem.line == 13
    assert "“someday”" in problem.words


def test_who_only_waited_or_only_registered_was_not_there():
    assert "Late Person" not in people(read("zoom_meeting_en.csv"))
    assert "Chidi Okafor" not in people(read("zoom_webinar_en.csv"))


def test_a_phone_and_a_computer_are_one_person_with_one_address():
    maria = people(read("zoom_meeting_en.csv"))["Maria Lopez"]
    assert maria.email == "maria.lopez@hope.example"
    assert maria.shown == ["Maria Lopez (She/Her)", "iPhone (Maria Lopez)"]
    assert len(maria.intervals) == 1
    assert len(maria.rows) == 2


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "windows-1252"])
@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_encodings_and_signs_between_cells(encoding, sign):
    lines = [
        ["Name (original name)", "Email", "Join time", "Leave time", "Duration (minutes)"],
        ["José Núñez", "jose@hope.example", "03/10/2026 10:00:00 AM", "03/10/2026 10:30:00 AM", "30"],
    ]
    text = "\r\n".join(sign.join(line) for line in lines)
    (one,) = read_report(text.encode(encoding), held_on=HELD_ON).participants
    assert (one.name, one.minutes) == ("José Núñez", 30)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xfe",
        b"hello",
        b"Name,Town\nMaria,Peoria\n",
        b"%PDF-1.7\n%\xe2\xe3\xcf\xd3",
        b"PK\x03\x04" + bytes(2000),
        ("x" * 200_000).encode(),
        b"Topic,ID,User Name,Duration (minutes)\nCouncil,1,Sam,90\n",
    ],
)
def test_what_is_no_report_is_refused_in_words(data):
    with pytest.raises(ReportTrouble, match="not an attendance report"):
        read_report(data)


def test_a_huge_file_is_refused():
    with pytest.raises(ReportTrouble, match="5 MB"):
        read_report(b"a" * 5_000_001)
    with pytest.raises(ReportTrouble, match="20,000"):
        read_report(b"a,b\n" * 20_001)


def test_hostile_names_stay_text():
    long = "م" * 10_000
    text = "Name,Join time,Leave time,Duration (minutes)\n" + "\n".join(
        f'"{name}",03/10/2026 10:00:00 AM,03/10/2026 10:30:00 AM,30'
        for name in (long, "<script>alert(1)</script>", "=HYPERLINK(1)", "😀 Ana", "‮gnorw", "x\nBcc: all")
    )
    found = read_report(text.encode(), held_on=HELD_ON)
    assert len(found.participants) == 6
    assert all(len(one.name) <= 200 and "\n" not in one.name for one in found.participants)


# --- Moments and lengths ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "is_day_first", "expected"),
    [
        ("03/10/2026 02:05:09 PM", False, "2026-03-10T14:05:09-05:00"),
        ("10/03/2026 14:05:09", True, "2026-03-10T14:05:09-05:00"),
        ("10.03.2026 14:05", False, "2026-03-10T14:05:00-05:00"),
        ("3/10/26, 12:00:00 AM", False, "2026-03-10T00:00:00-05:00"),
        ("10/3/26, 2:05:09 p. m.", True, "2026-03-10T14:05:09-05:00"),
        ("2026-05-03T14:05:09", True, "2026-05-03T14:05:09-05:00"),
        ("2026-05-03T14:05:09Z", False, "2026-05-03T14:05:09+00:00"),
        ("2026-05-03 14:05:09+02:00", False, "2026-05-03T14:05:09+02:00"),
        ("Mar 10, 2026 14:05:09", False, "2026-03-10T14:05:09-05:00"),
        ("Mar 10, 2026 2:05 PM", False, "2026-03-10T14:05:00-05:00"),
        ("13/45/2026 10:00:00", True, None),
        ("02/30/2026 10:00:00 AM", False, None),
        ("10:00", False, None),
        ("", False, None),
    ],
)
def test_moments(words, is_day_first, expected):
    moment = Reading(is_day_first, CHICAGO).moment(words)
    assert (moment.isoformat() if moment else None) == expected


@pytest.mark.parametrize(
    ("words", "minutes"),
    [
        ("62", 62),
        ("1h 2m 30s", 62.5),
        ("1 h 2 min 30 s", 62.5),
        ("1 Std. 2 Min. 30 Sek.", 62.5),
        ("45m", 45),
        ("30s", 0.5),
        ("01:02:30", 62.5),
        ("", None),
        ("an hour", None),
        ("-5", None),
    ],
)
def test_lengths(words, minutes):
    assert minutes_in(words) == minutes


def test_the_order_of_day_and_month():
    assert day_first(["25/03/2026 10:00:00"], held_on=None, usual=False)
    assert not day_first(["03/25/2026 10:00:00"], held_on=None, usual=True)
    both_ways = ["03/10/2026 10:00:00"]
    assert not day_first(both_ways, held_on=date(2026, 3, 10), usual=True)
    assert day_first(both_ways, held_on=date(2026, 10, 3), usual=False)
    assert day_first(both_ways, held_on=None, usual=True)


# --- Names --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shown", "name"),
    [
        ("Maria Lopez", "Maria Lopez"),
        ("iPhone (Maria Lopez)", "Maria Lopez"),
        ("Maria Lopez (iPhone)", "Maria Lopez"),
        ("Maria Lopez (She/Her)", "Maria Lopez"),
        ("Maria Lopez she/her/hers", "Maria Lopez"),
        ("María López (ella)", "María López"),
        ("Lopez, Maria", "Maria Lopez"),
        ("Lopez, Maria (External)", "Maria Lopez"),
        ("Maria Lopez, LCSW", "Maria Lopez"),
        ("Maria Lopez, Ph.D.", "Maria Lopez"),
        ("M. Lopez – Hope House", "M. Lopez"),
        ("Maria Lopez | Hope House", "Maria Lopez"),
        ("Maria Lopez - Hope House (they/them)", "Maria Lopez"),
        ("Maria's iPhone", "Maria"),
        ("Anne-Marie O’Neil", "Anne-Marie O’Neil"),
        ("Galaxy S21", ""),
        ("13125550142", ""),
        ("", ""),
    ],
)
def test_shown_names(shown, name):
    assert read_name(shown).best == name


def test_names_are_compared_without_accents_order_and_signs():
    assert name_key("Ramírez, José") == name_key("jose RAMIREZ")
    assert name_key("O'Neil") == name_key("O’Neil")
    assert name_key("王 小明") != name_key("李 小明")


def test_whom_a_report_means():
    registered = [
        Known(1, "maria.lopez@hope.example", "Maria Lopez"),
        Known(2, "chidi@hope.example", "Chidi Okafor"),
        Known(3, "minh@hope.example", "Minh Nguyen"),
        Known(4, "ana.one@example.org", "Ana Kim"),
        Known(5, "ana.two@example.org", "Ana Kim"),
    ]
    others = [
        Known(6, "rosa@partner.example", "Rosa Delgado"),
        Known(7, "amina@partner.example", "Amina Yusuf"),
    ]
    look = People(registered, others)

    def found(shown: str, email: str = "") -> tuple[str, int | None, str]:
        finding = look.find(Participant(shown, email, [shown], [], 30, []))
        return finding.state, finding.person, finding.reason

    assert found("Somebody", "Maria.Lopez@hope.example") == ("sure", 1, "email")
    assert found("Anybody", "rosa@partner.example") == ("sure", 6, "email")
    assert found("iPhone (Lopez, María)") == ("sure", 1, "name")
    assert found("M. Nguyen – Hope House") == ("doubtful", 3, "initial")
    assert found("Chidi O") == ("doubtful", 2, "initial")
    assert found("Chidi Okafer") == ("doubtful", 2, "like")
    assert found("Ana Kim") == ("doubtful", 4, "several")
    assert found("Rosa Delgado") == ("doubtful", 6, "elsewhere")
    assert found("Amina Yusuff") == ("doubtful", 7, "like_elsewhere")
    assert found("Chidi") == ("doubtful", 2, "first_name")
    assert found("Ana") == ("unknown", None, "")
    assert found("Somebody Else") == ("unknown", None, "")
    assert found("Galaxy S21") == ("unknown", None, "")
