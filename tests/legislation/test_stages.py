"""Stages read from the General Assembly's words. The wordings are real; people and numbers are samples."""

import gzip
import json
from datetime import date, timedelta

import pytest

from legislation.reading.line_dates import effective_day, named_day
from legislation.reading.stage_rules import RULES, Means, read_line
from legislation.reading.stages import KINDS, kind_and_chamber, read_history
from legislation.records import ActionRecord
from tests.legislation.hand_checked import CHAMBERS, CHECKED, COMMITTEES, PUBLIC_ACTS, STAGE_DAYS
from tests.legislation.lines import FIRST_DAY, actions
from tests.realdata import MEASURES, realdata

# At least one real wording for each rule of the table.
WORDINGS = [
    ("amendment", "House Floor Amendment No. 1 Referred to Rules Committee"),
    ("amendment", "House Committee Amendment No. 2 Adopted in Human Services Committee;  by Voice Vote"),
    ("amendment", "Senate Floor Amendment No. 3 Tabled Pursuant to Rule 5-4(a)"),
    ("amendment", "Senate Committee Amendment No. 1 House Concurs 071-040-000"),
    ("amendment", "House Floor Amendment No. 2 Rule 19(c) / Re-referred to Rules Committee"),
    ("concurrence", "House Concurs"),
    ("concurrence", "Senate Concurs"),
    ("concurrence", "Senate Non-Concurs"),
    ("concurrence", "House Refuses to Recede"),
    ("conference", "First Conference Committee Report Filed with Clerk"),
    ("sponsor_added", "Added Chief Co-Sponsor Rep. Pat Sample"),
    ("sponsor_added", "Added as Alternate Co-Sponsor Sen. Pat Sample"),
    ("sponsor_removed", "Remove Chief Co-Sponsor Rep. Pat Sample"),
    ("sponsor_removed", "Sponsor Removed Sen. Pat Sample"),
    ("sponsor_changed", "Alternate Chief Sponsor Changed to Sen. Pat Sample"),
    ("sponsor_named", "Chief Senate Sponsor Sen. Pat Sample"),
    ("sponsor_named", "Chief House Sponsor Rep. Pat Sample"),
    ("carried_over", "** Appointment Message Carried Over from Previous General Assembly **"),
    ("filed", "Prefiled with Clerk by Rep. Pat Sample"),
    ("filed", "Filed with the Clerk by Rep. Pat Sample"),
    ("filed", "Filed with Secretary by Sen. Pat Sample"),
    ("received", "Received by the Senate Sen. Pat Sample;  on 08/16/2023"),
    ("first_reading", "First Reading"),
    ("first_reading", "First reading {Corrected}"),
    ("first_reading", "Read in Full a First Time"),
    ("first_reading_calendar", "Placed on Calendar Order of First Reading April 10, 2025"),
    ("arrived", "Arrive in Senate"),
    ("arrived", "Arrived in House"),
    ("deadline", "Third Reading Deadline Extended-Rule May 31, 2025"),
    ("deadline", "Rule 2-10 Committee Deadline Established As May 23, 2025"),
    ("deadline", "Rule 2-10 Third Reading/Passage Deadline Established As June 1, 2025"),
    ("deadline", "Committee Deadline Extended-Rule 9(b) April 11, 2025"),
    ("deadline", "Final Action Deadline Extended-9(b) May 31, 2021"),
    (
        "not_re_referred",
        "Pursuant to Senate Rule 3-9(b)(ii) this bill shall not be re-referred to the Senate Committee on Assignments",
    ),
    ("rule_re_referred", "Rule 19(a) / Re-referred to Rules Committee"),
    ("rule_re_referred", "Rule 19(b) / Re-referred to Rules Committee"),
    ("rule_re_referred", "Rule 3-9(a) / Re-referred to Assignments"),
    ("rule_referred", "Pursuant to Senate Rule 3-9(b) / Referred to Assignments"),
    ("re_referred", "Re-referred to Assignments"),
    ("re_referred", "Re-assigned to Rules Committee"),
    ("referred", "Referred to Rules Committee"),
    ("referred", "Referred to Assignments"),
    ("referred", "Referred to Rules"),
    ("approved_for_consideration", "Approved for Consideration Rules Committee;  005-000-000"),
    ("approved_for_consideration", "Approved for Consideration Assignments"),
    ("agreed_resolutions", "Placed on Calendar Agreed Resolutions"),
    ("agreed_resolutions", "Referred to Resolutions Consent Calendar"),
    ("assigned", "Assigned to Transportation: Regulation, Roads & Bridges"),
    ("assigned", "Re-assigned to Judiciary - Civil Committee"),
    ("re_referred_to_committee", "Re-referred to Insurance"),
    ("re_referred_to_committee", "Assignments Re-refers to Child Welfare"),
    ("referred_to_committee", "Referred to Economic Opportunity & Equity Committee"),
    ("reported_back", "Reported Back To Revenue & Finance Committee;  006-000-000"),
    ("subcommittee_report", "Recommends Do Pass Subcommittee/ Revenue & Finance Committee;  005-000-000"),
    ("subcommittee", "To Tax Policy: Other Taxes Subcommittee"),
    ("subcommittee", "To Subcommittee on Procurement"),
    ("reported_unfavorably", "Recommends Do Not Adopt Executive;  004-007-000"),
    ("reported_unfavorably", "Do Pass - Lost Judiciary;  003-006-000"),
    ("do_pass", "Do Pass / Short Debate Insurance Committee;  011-006-000"),
    ("do_pass", "Do Pass as Amended Executive;  009-004-000"),
    ("do_pass", "Do Pass / Consent Calendar Judiciary - Civil Committee;  016-000-000"),
    ("do_consent_passed", "Do Consent Passed 053-000-000"),
    ("do_consent_lost", "Do Consent Lost 020-030-000"),
    ("recommends_consent", "Recommends Do Consent Executive Appointments;  006-000-000;  on 05/02/2024"),
    ("recommends_adoption", "Recommends Be Adopted as Amended Public Health Committee;  008-000-000"),
    ("recommends_adoption", "Be Adopted State Government;  008-000-000"),
    ("reported_without_recommendation", "Without Recommendation Executive Committee;  006-005-000"),
    ("postponed", "Postponed - Judiciary"),
    ("postponed", "Held in Executive Appointments"),
    ("posting", "Waive Posting Notice"),
    ("discharged", "Motion to Discharge Committee - Prevailed 060-055-000"),
    ("second_reading_calendar", "Placed on Calendar 2nd Reading - Short Debate **"),
    ("second_reading_calendar", "Placed on Calendar Order of 2nd Reading May 6, 2025"),
    ("second_reading_held", "Held on Calendar Order of Second Reading - Short Debate"),
    ("third_reading_calendar", "Placed on Calendar Order of 3rd Reading May 29, 2025"),
    ("recalled", "Recalled to Second Reading - Short Debate"),
    ("second_reading", "Second Reading - Standard Debate"),
    ("second_reading", "Read in Full a Second Time"),
    ("resolutions_calendar", "Placed on Calendar Order of Resolutions"),
    ("resolutions_calendar", "Placed on Calendar Order of Secretary's Desk Resolutions May 30, 2025"),
    ("resolutions_calendar", "Place Calendar Resolutions - Short Debate"),
    ("appointments_calendar", "Placed on Calendar Order of Executive Appointments April 8, 2025"),
    ("concurrence_calendar", "Placed on Calendar Order of Concurrence Senate Amendment(s) 1, 4"),
    ("calendar", "Placed on Calendar - Consideration Postponed"),
    ("calendar", "Placed Calendar Total Veto November 12, 2025"),
    ("calendar", "Removed from Consent Calendar Status Rep. Pat Sample"),
    ("concurrence_calendar", "Secretary's Desk - Concurrence House Amendment(s) 1"),
    ("third_reading_passed", "Third Reading - Short Debate - Passed 113-000-000"),
    ("third_reading_passed", "Third Reading - Consent Calendar - Passed 114-000-000"),
    ("third_reading_passed", "Third Reading - Passed; 057-000-000"),
    ("third_reading_lost", "Third Reading - Short Debate - Lost 049-051-002"),
    ("third_reading_lost", "Third Reading - Lost; 027-028-000"),
    ("third_reading", "Third Reading - Consideration Postponed"),
    ("third_reading", "Third Reading - Consent Calendar - First Day"),
    ("third_reading", "Read in Full a Third Time"),
    ("adopted_both", "Adopted Both Houses"),
    ("resolution_adopted", "Resolution Adopted"),
    ("resolution_adopted", "Resolution Adopted; 055-000-000"),
    ("resolution_adopted", "Resolution Adopted by Voice Vote"),
    ("resolution_lost", "Resolution Lost 040-070-000"),
    ("passed_both", "Passed Both Houses"),
    ("reconsidered", "Motion to Reconsider Vote - Prevails 115-000-000"),
    ("appointment_confirmed", "Appointment Confirmed"),
    (
        "appointment_confirmed",
        "Appt Confirmed, Pursuant Article V, Sect 9(a) of the ILL Constitution Executive Appointments",
    ),
    ("appointment_rejected", "Appointment Rejected"),
    (
        "appointment_tabled",
        "Appointment Message Tabled Pursuant Rule 10-2e - Superseded by AM 104-147 of the 104th General Assembly",
    ),
    ("withdrawn", "Withdrawn Pursuant Rule 10-2 (f)"),
    ("sent_to_governor", "Sent to the Governor"),
    ("governor_approved", "Governor Approved"),
    ("governor_approved", "Governor Certifies Changes"),
    ("vetoed_in_part", "Governor Item/Reduction Veto PA 104-0464"),
    ("vetoed", "Governor Vetoed"),
    ("vetoed", "Governor Amendatory Veto"),
    ("veto_accepted", "Both Houses Accepted Amendatory Veto"),
    ("veto_overridden", "Both Houses Override Total Veto"),
    ("unsigned", "Filed Without Signature"),
    ("public_act", "Public Act . . . . . . . . . 104-0162"),
    ("sine_die", "Session Sine Die"),
    ("untabled", "Taken from Table"),
    ("tabled", "Tabled"),
    ("tabled", "Tabled By Sponsor Sen. Pat Sample"),
    ("effective_date", "Effective Date January 1, 2026;  some provisions"),
    ("veto_motion", "Total Veto Stands - No Positive Action Taken"),
    ("veto_motion", "Bill Dead - No Positive Action Taken - Amendatory Veto"),
    ("veto_motion", "Override Governor Veto - Senate Passed 049-002-000"),
    ("veto_motion", "Accept Amendatory Veto - Senate Passed 038-016-000"),
    ("veto_motion", "Item/Reduction Veto Stands PA 99-0524"),
    ("note", "State Mandates Fiscal Note Requested by Rep. Pat Sample"),
    ("note", "Pension Note Filed"),
    ("motion", "Motion Filed to Reconsider Vote Rep. Pat Sample"),
    ("motion", "Motion to Reconsider Vote - Lost 038-073-000"),
    ("motion", "Motion Do Pass - Lost Judiciary - Civil Committee;  006-008-000"),
    ("motion", "Motion Filed - Table Bill/Resolution Pursuant to Rule 60(b), Rep. Pat Sample"),
    ("motion", "Motion to Suspend Rule 21 - Prevailed 005-000-000"),
    ("motion", "Motion Prevailed"),
    ("motion", "Prevailed to Suspend Rule 3-6(a)"),
    ("vote", "3/5 Vote Required"),
    ("vote", "Chair Rules placed on Standard debate."),
    ("appointments_together", "Pursuant to Senate Rule 10-1(c), move to compile the following AM's"),
    ("supersedes", "Supercedes AM104-188 of the 104th General Assembly"),
]

TO_COMMITTEE = (
    "H Filed with the Clerk by Rep. Pat Sample",
    "H First Reading",
    "H Referred to Rules Committee",
)
TO_FLOOR = (
    *TO_COMMITTEE,
    "H Assigned to Housing Committee",
    "H Do Pass / Short Debate Housing Committee;  010-000-000",
)
TO_PASSAGE = (
    *TO_FLOOR,
    "H Placed on Calendar 2nd Reading - Short Debate",
    "H Second Reading - Short Debate",
    "H Placed on Calendar Order of 3rd Reading - Short Debate",
    "H Third Reading - Short Debate - Passed 113-000-000",
)
TO_SENATE = (*TO_PASSAGE, "S Arrive in Senate", "S First Reading", "S Referred to Assignments")
TO_GOVERNOR = (
    *TO_SENATE,
    "S Assigned to Executive",
    "S Do Pass Executive;  009-004-000",
    "S Second Reading",
    "S Third Reading - Passed; 057-000-000",
    "H Passed Both Houses",
    "H Sent to the Governor",
)
SENATE_BILL = (
    "S Filed with Secretary by Sen. Pat Sample",
    "S First Reading",
    "S Referred to Assignments",
    "S Assigned to Judiciary",
    "S Do Pass Judiciary;  008-000-000",
    "S Placed on Calendar Order of 2nd Reading March 9, 2025",
    "S Second Reading",
    "S Placed on Calendar Order of 3rd Reading March 10, 2025",
    "S Third Reading - Passed; 052-000-000",
    "H Arrived in House",
    "H Chief House Sponsor Rep. Pat Sample",
    "H First Reading",
    "H Referred to Rules Committee",
    "H Assigned to Judiciary - Civil Committee",
)


def stage(identifier: str, *lines: str) -> str:
    return read_history(identifier, actions(*lines)).stage


@pytest.mark.parametrize(("rule", "wording"), WORDINGS)
def test_rule_reads_the_wording(rule, wording):
    assert read_line(wording).rule == rule


def test_every_rule_has_a_wording():
    assert {rule for rule, _wording in WORDINGS} == {rule.name for rule in RULES}


def test_rules_have_different_names():
    assert len({rule.name for rule in RULES}) == len(RULES)


def test_wording_nobody_has_seen_is_unknown_and_moves_nothing():
    reading = read_history("HB1", actions(*TO_FLOOR, "H Placed upon the President's Pedestal"))
    assert (reading.lines[-1].rule, reading.lines[-1].stage, reading.stage) == (
        "unknown",
        "",
        "passed_committee",
    )


@pytest.mark.parametrize(
    ("wording", "committee"),
    [
        (
            "Assigned to Executive Appointments;  on 10/18/2023 - and on 01/07/2025, Due to Sine Die",
            "Executive Appointments",
        ),
        ("Re-assigned to Judiciary - Civil Committee", "Judiciary - Civil Committee"),
        ("Reported Back To Revenue & Finance Committee;", "Revenue & Finance Committee"),
        ("Assignments Re-refers to Child Welfare", "Child Welfare"),
    ],
)
def test_committee_is_named_as_printed(wording, committee):
    assert read_line(wording).committee == committee


# A House bill, line by line.


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (TO_COMMITTEE[:1], "introduced"),
        (TO_COMMITTEE, "introduced"),
        (TO_FLOOR[:4], "in_committee"),
        ((*TO_FLOOR[:4], "H To Tenants Subcommittee"), "in_committee"),
        (
            (*TO_FLOOR[:4], "H Recommends Do Pass Subcommittee/ Housing Committee;  003-000-000"),
            "in_committee",
        ),
        ((*TO_FLOOR[:4], "H Motion Do Pass - Lost Housing Committee;  004-006-000"), "in_committee"),
        ((*TO_COMMITTEE, "H To Tenants Subcommittee"), "in_committee"),
        (TO_FLOOR, "passed_committee"),
        (TO_PASSAGE[:6], "passed_committee"),
        (TO_PASSAGE[:7], "second_reading"),
        (TO_PASSAGE[:8], "second_reading"),
        ((*TO_PASSAGE[:8], "H Third Reading - Consideration Postponed"), "second_reading"),
        ((*TO_PASSAGE[:8], "H Recalled to Second Reading - Short Debate"), "second_reading"),
        ((*TO_PASSAGE[:8], "H Third Reading - Short Debate - Lost 049-051-002"), "dead"),
        (TO_PASSAGE, "passed_chamber"),
        ((*TO_PASSAGE, "H Motion Filed to Reconsider Vote Rep. Pat Sample"), "passed_chamber"),
        ((*TO_PASSAGE, "H Motion to Reconsider Vote - Lost 038-073-000"), "passed_chamber"),
        ((*TO_PASSAGE, "H Motion to Reconsider Vote - Prevails 115-000-000"), "second_reading"),
        (TO_SENATE[:10], "crossed"),
        (TO_SENATE, "crossed"),
        (TO_GOVERNOR[:13], "crossed"),
        (TO_GOVERNOR[:16], "crossed"),
        (TO_GOVERNOR[:17], "passed_both"),
        (TO_GOVERNOR, "sent_to_governor"),
        ((*TO_GOVERNOR, "H Governor Approved"), "signed"),
        ((*TO_GOVERNOR, "H Governor Approved", "H Public Act . . . . . . . . . 104-0162"), "public_act"),
        ((*TO_GOVERNOR, "H Filed Without Signature"), "public_act"),
        ((*TO_GOVERNOR, "H Governor Vetoed"), "vetoed"),
    ],
)
def test_stages_of_a_house_bill(lines, expected):
    assert stage("HB1", *lines) == expected


def test_amendments_do_not_move_the_bill():
    reading = read_history(
        "HB1",
        actions(
            *TO_FLOOR[:4],
            "H House Committee Amendment No. 1 Filed with Clerk by Rep. Pat Sample",
            "H House Committee Amendment No. 1 Referred to Rules Committee",
            "H House Committee Amendment No. 1 Rules Refers to Housing Committee",
            "H House Committee Amendment No. 1 Adopted in Housing Committee;  by Voice Vote",
            "H House Committee Amendment No. 2 Tabled",
            "H House Floor Amendment No. 3 Rule 19(c) / Re-referred to Rules Committee",
        ),
    )
    assert (reading.stage, reading.committee_name) == ("in_committee", "Housing Committee")
    assert [line.stage for line in reading.lines[4:]] == [""] * 6


def test_concurrence_waits_for_both_chambers():
    amended = (
        *TO_GOVERNOR[:16],
        "H Arrived in House",
        "H Placed on Calendar Order of Concurrence Senate Amendment(s) 1",
    )
    assert stage("HB1", *amended) == "crossed"
    assert read_history("HB1", actions(*amended)).current_chamber == "lower"
    assert stage("HB1", *amended, "H Senate Floor Amendment No. 1 House Concurs 077-040-000") == "crossed"
    assert stage("HB1", *amended, "H House Concurs", "H Passed Both Houses") == "passed_both"
    assert stage("HB1", *amended, "H Rule 19(b) / Re-referred to Rules Committee") == "re_referred"


def test_the_lines_say_which_of_them_changed_the_stage():
    reading = read_history("HB1", actions(*TO_FLOOR))
    assert [line.stage for line in reading.lines] == [
        "introduced",
        "",
        "",
        "in_committee",
        "passed_committee",
    ]
    assert reading.stage_on == FIRST_DAY + timedelta(days=4)
    assert reading.introduced_on == FIRST_DAY


def test_the_committee_is_known_while_the_bill_lies_there():
    assert read_history("HB1", actions(*TO_FLOOR[:4])).committee_name == "Housing Committee"
    assert (
        read_history("HB1", actions(*TO_FLOOR[:4], "H To Tenants Subcommittee")).committee_name
        == "Housing Committee"
    )
    assert (
        read_history("HB1", actions(*TO_COMMITTEE, "H To Tenants Subcommittee")).committee_name
        == "Tenants Subcommittee"
    )
    assert read_history("HB1", actions(*TO_FLOOR)).committee_name == ""
    in_senate = read_history("HB1", actions(*TO_SENATE, "S Assigned to Executive", "S Postponed - Executive"))
    assert (in_senate.stage, in_senate.current_chamber, in_senate.committee_name) == (
        "crossed",
        "upper",
        "Executive",
    )


# Sent back, and back again.


def test_sent_back_keeps_how_far_it_was():
    reading = read_history("HB1", actions(*TO_FLOOR[:4], "H Rule 19(a) / Re-referred to Rules Committee"))
    assert (reading.stage, reading.furthest_stage, reading.committee_name) == (
        "re_referred",
        "in_committee",
        "",
    )


@pytest.mark.parametrize(
    "words",
    [
        "Rule 3-9(a) / Re-referred to Assignments",
        "Pursuant to Senate Rule 3-9(b) / Referred to Assignments",
        "Re-referred to Assignments",
    ],
)
def test_sent_back_by_the_second_chamber(words):
    reading = read_history("HB1", actions(*TO_SENATE, "S Assigned to Executive", f"S {words}"))
    assert (reading.stage, reading.furthest_stage, reading.current_chamber) == (
        "re_referred",
        "crossed",
        "upper",
    )


@pytest.mark.parametrize(
    ("before", "line", "expected"),
    [
        (TO_FLOOR[:4], "H Assigned to Insurance Committee", "in_committee"),
        (TO_FLOOR, "H Approved for Consideration Rules Committee;  005-000-000", "passed_committee"),
        (TO_PASSAGE[:7], "H Approved for Consideration Rules Committee;  003-002-000", "second_reading"),
        (TO_PASSAGE[:7], "H Placed on Calendar 2nd Reading - Short Debate", "second_reading"),
        (TO_PASSAGE[:7], "H Assigned to Insurance Committee", "in_committee"),
    ],
)
def test_brought_back_in_the_first_chamber(before, line, expected):
    assert stage("HB1", *before, "H Rule 19(a) / Re-referred to Rules Committee", line) == expected


def test_a_new_committee_starts_the_floor_anew():
    again = (
        *TO_PASSAGE[:7],
        "H Rule 19(a) / Re-referred to Rules Committee",
        "H Assigned to Insurance Committee",
    )
    assert (
        stage("HB1", *again, "H Do Pass / Short Debate Insurance Committee;  010-000-000")
        == "passed_committee"
    )


@pytest.mark.parametrize(
    "line",
    ["S Approved for Consideration Assignments", "S Re-assigned to Executive", "S Re-referred to Insurance"],
)
def test_brought_back_in_the_second_chamber(line):
    assert stage("HB1", *TO_SENATE, "S Rule 3-9(a) / Re-referred to Assignments", line) == "crossed"


def test_a_plain_referral_after_work_was_done_sends_back():
    assert stage("HB1", *TO_FLOOR, "H Referred to Rules Committee") == "re_referred"
    assert stage("HB1", *TO_COMMITTEE, "H Referred to Rules Committee") == "introduced"


def test_tabled_and_taken_from_the_table():
    assert stage("HB1", *TO_FLOOR, "H Tabled By Sponsor Rep. Pat Sample") == "tabled"
    assert stage("HB1", *TO_PASSAGE[:7], "H Tabled", "H Taken from Table") == "second_reading"
    assert stage(
        "HB1", *TO_FLOOR, "H Motion Filed - Table Bill/Resolution Pursuant to Rule 60(b), Rep. Pat Sample"
    ) == ("passed_committee")


# Senate bills.


def test_stages_of_a_senate_bill():
    expected = ["introduced"] * 3 + ["in_committee"] + ["passed_committee"] * 2 + ["second_reading"] * 2
    expected += ["passed_chamber"] + ["crossed"] * 5
    assert [stage("SB1", *SENATE_BILL[:end]) for end in range(1, len(SENATE_BILL) + 1)] == expected


def test_a_senate_bill_on_the_houses_consent_calendar():
    lines = (
        *SENATE_BILL,
        "H Do Pass / Consent Calendar Judiciary - Civil Committee;  016-000-000",
        "H Placed on Calendar 2nd Reading - Consent Calendar",
        "H Second Reading - Consent Calendar",
        "H Removed from Consent Calendar Status Rep. Pat Sample",
        "H Held on Calendar Order of Second Reading - Short Debate",
        "H Final Action Deadline Extended-9(b) May 31, 2025",
    )
    assert stage("SB1", *lines) == "crossed"
    sent_back = read_history("SB1", actions(*lines, "H Rule 19(a) / Re-referred to Rules Committee"))
    assert (sent_back.stage, sent_back.furthest_stage, sent_back.current_chamber) == (
        "re_referred",
        "crossed",
        "lower",
    )


def test_a_senate_bill_comes_back_for_concurrence():
    lines = (
        *SENATE_BILL,
        "H House Committee Amendment No. 1 Adopted in Judiciary - Civil Committee;  by Voice Vote",
        "H Do Pass as Amended / Short Debate Judiciary - Civil Committee;  010-005-000",
        "H Third Reading - Short Debate - Passed 074-038-000",
        "S Secretary's Desk - Concurrence House Amendment(s) 1",
        "S Placed on Calendar Order of Concurrence House Amendment(s) 1 - May 22, 2025",
        "S House Committee Amendment No. 1 Senate Concurs 058-000-000",
        "S Senate Concurs",
    )
    assert stage("SB1", *lines) == "crossed"
    assert read_history("SB1", actions(*lines[:-4])).current_chamber == "lower"
    # Nothing is printed of its arrival: the Secretary's Desk is in the Senate.
    assert read_history("SB1", actions(*lines[:-3])).current_chamber == "upper"
    assert stage("SB1", *lines, "S Passed Both Houses", "S Sent to the Governor") == "sent_to_governor"


def test_a_senate_subcommittee_and_its_report():
    lines = (
        *SENATE_BILL[:4],
        "S To Subcommittee on Procurement",
        "S Reported Back To Judiciary;  002-001-000",
    )
    reading = read_history("SB1", actions(*lines))
    assert (reading.stage, reading.committee_name) == ("in_committee", "Judiciary")


# Vetoes.


def test_a_veto_that_stands():
    lines = (*TO_GOVERNOR, "H Governor Vetoed", "H Placed on Calendar Total Veto")
    reading = read_history("HB1", actions(*lines, "H Total Veto Stands - No Positive Action Taken"))
    assert (reading.stage, reading.furthest_stage, reading.current_chamber) == (
        "vetoed",
        "sent_to_governor",
        "lower",
    )
    assert reading.stage_on == reading.lines[len(TO_GOVERNOR)].happened_on


def test_a_veto_overridden_is_law():
    lines = (
        *TO_GOVERNOR,
        "H Governor Vetoed",
        "H Override Governor Veto - House Passed 075-036-000",
        "S Override Governor Veto - Senate Passed 040-015-000",
    )
    assert stage("HB1", *lines) == "vetoed"
    assert stage("HB1", *lines, "H Both Houses Override Total Veto") == "public_act"
    reading = read_history(
        "HB1", actions(*lines, "H Both Houses Override Total Veto", "H Public Act . . . . 104-0500")
    )
    assert (reading.stage, reading.public_act) == ("public_act", "104-0500")


def test_an_amendatory_veto_accepted_goes_to_the_governor_again():
    lines = (
        *TO_GOVERNOR,
        "H Governor Amendatory Veto",
        "H Amendatory Veto Motion - Motion Referred to Rules Committee",
        "H Amendatory Veto Motion - Motion Prevailed 074-038-000",
        "S Amendatory Veto Motion - Approved for Consideration Assignments",
        "S Accept Amendatory Veto - Senate Passed 038-016-000",
    )
    assert stage("HB1", *lines) == "vetoed"
    accepted = (*lines, "H Both Houses Accepted Amendatory Veto")
    assert stage("HB1", *accepted) == "passed_both"
    assert stage("HB1", *accepted, "H Sent to the Governor") == "sent_to_governor"
    assert stage("HB1", *accepted, "H Sent to the Governor", "H Governor Certifies Changes") == "signed"


def test_an_amendatory_veto_left_alone_stays_a_veto():
    lines = (
        *TO_GOVERNOR,
        "H Governor Amendatory Veto",
        "H Bill Dead - No Positive Action Taken - Amendatory Veto",
    )
    assert stage("HB1", *lines) == "vetoed"


def test_a_veto_of_items_leaves_the_rest_law():
    reading = read_history("HB1", actions(*TO_GOVERNOR, "H Governor Item/Reduction Veto PA 104-0464"))
    assert (reading.stage, reading.public_act) == ("public_act", "104-0464")
    assert stage(
        "HB1", *TO_GOVERNOR, "H Governor Item/Reduction Veto PA 104-0464", "H Placed Calendar Item Veto"
    ) == ("public_act")


# Resolutions, constitutional amendments, appointments, orders.


def test_a_chambers_own_resolution():
    assert stage(
        "HR1", "H Filed with the Clerk by Rep. Pat Sample", "H Placed on Calendar Agreed Resolutions"
    ) == ("introduced")
    assert (
        stage("HR1", "H Filed with the Clerk by Rep. Pat Sample", "H Resolution Adopted by Voice Vote")
        == "adopted"
    )
    assert (
        stage("SR1", "S Filed with Secretary", "S Referred to Resolutions Consent Calendar") == "introduced"
    )
    assert stage("SR1", "S Filed with Secretary", "S Resolution Adopted; 050-000-000") == "adopted"
    assert (
        stage("HR1", "H Filed with the Clerk by Rep. Pat Sample", "H Resolution Lost 040-070-000") == "dead"
    )


def test_a_resolution_sent_from_the_agreed_list_to_committee():
    lines = ("H Filed with the Clerk by Rep. Pat Sample", "H Placed on Calendar Agreed Resolutions")
    assert stage("HR1", *lines, "H Referred to Rules Committee") == "introduced"


def test_a_joint_resolution_needs_both_chambers():
    lines = (
        "H Filed with the Clerk by Rep. Pat Sample",
        "H Referred to Rules Committee",
        "H Recommends Be Adopted Rules Committee;  005-000-000",
        "H Placed on Calendar Order of Resolutions",
        "H Resolution Adopted 104-000-000",
    )
    assert stage("HJR1", *lines[:4]) == "passed_committee"
    assert stage("HJR1", *lines) == "passed_chamber"
    there = (*lines, "S Arrive in Senate", "S Referred to Assignments")
    assert stage("HJR1", *there) == "crossed"
    assert stage("HJR1", *there, "S Resolution Adopted", "H Adopted Both Houses") == "adopted"


def test_a_joint_resolution_adopted_by_the_second_chamber_unchanged_is_adopted():
    lines = ("H Filed with the Clerk by Rep. Pat Sample", "H Resolution Adopted", "S Arrive in Senate")
    assert stage("HJR1", *lines, "S Resolution Adopted") == "adopted"
    amended = "S Senate Floor Amendment No. 1 Adopted"
    assert stage("HJR1", *lines, amended, "S Resolution Adopted") == "crossed"
    assert stage("HJR1", *lines, amended, "S Resolution Adopted", "H Adopted Both Houses") == "adopted"


def test_a_constitutional_amendment():
    lines = (
        "S Filed with Secretary by Sen. Pat Sample",
        "S Referred to Assignments",
        "S Assigned to Executive",
        "S Be Adopted Executive;  012-000-000",
        "S Placed on Calendar Order of First Reading",
        "S Read in Full a First Time",
        "S Placed on Calendar Order of 2nd Reading March 9, 2025",
        "S Read in Full a Second Time",
        "S Read in Full a Third Time",
        "S 3/5 Vote Required",
        "S Third Reading - Passed; 049-007-000",
        "H Arrived in House",
        "H Read in Full a First Time",
    )
    stages = [stage("SJRCA1", *lines[:end]) for end in range(1, len(lines) + 1)]
    assert stages == (
        ["introduced"] * 2
        + ["in_committee"]
        + ["passed_committee"] * 4
        + ["second_reading"] * 3
        + ["passed_chamber"]
        + ["crossed"] * 2
    )
    assert stage("SJRCA1", *lines, "S Adopted Both Houses") == "adopted"
    assert stage("SJRCA1", *lines, "S Passed Both Houses") == "adopted"


APPOINTMENT = ("S Received by the Senate Sen. Pat Sample", "S Assigned to Executive Appointments")


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (APPOINTMENT[:1], "introduced"),
        (APPOINTMENT, "in_committee"),
        ((*APPOINTMENT, "S Held in Executive Appointments"), "in_committee"),
        ((*APPOINTMENT, "S Recommends Do Consent Executive Appointments;  006-000-000"), "passed_committee"),
        ((*APPOINTMENT, "S Do Consent Passed 053-000-000", "S Appointment Confirmed"), "confirmed"),
        (
            (*APPOINTMENT, "S Appt Confirmed, Pursuant Article V, Sect 9(a) of the ILL Constitution"),
            "confirmed",
        ),
        ((*APPOINTMENT, "S Withdrawn Pursuant Rule 10-2 (f)"), "dead"),
        ((*APPOINTMENT, "S Do Consent Lost 020-030-000"), "dead"),
        (
            (*APPOINTMENT, "S Appointment Message Tabled Pursuant Rule 10-2e - Superseded by AM 104-147"),
            "tabled",
        ),
        (
            (*APPOINTMENT, "S Motion Filed Appointment Messages Be Acted on Together ** Sen. Pat Sample"),
            "in_committee",
        ),
    ],
)
def test_stages_of_an_appointment(lines, expected):
    reading = read_history("AM1040001", actions(*lines))
    assert (reading.stage, reading.current_chamber) == (expected, "upper")


def test_an_executive_order_is_read_by_the_same_words():
    reading = read_history(
        "EO2501", actions("S Received by the Senate", "S Referred to Assignments", "S Assigned to Executive")
    )
    assert (reading.stage, reading.committee_name, reading.current_chamber) == (
        "in_committee",
        "Executive",
        "upper",
    )


@pytest.mark.parametrize("identifier", [f"{prefix}12" for prefix in KINDS])
def test_every_kind_of_measure_can_be_read(identifier):
    reading = read_history(identifier, actions("? Filed", "? Referred to Rules Committee"))
    assert (reading.stage, reading.current_chamber) == ("introduced", kind_and_chamber(identifier)[1])


def test_an_unknown_kind_of_measure_is_an_error():
    with pytest.raises(KeyError):
        read_history("XB12", [])


# The end of a General Assembly.


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (TO_COMMITTEE, "dead"),
        (TO_FLOOR, "dead"),
        (TO_SENATE, "dead"),
        ((*TO_FLOOR, "H Rule 19(a) / Re-referred to Rules Committee"), "dead"),
        (TO_GOVERNOR, "sent_to_governor"),
        ((*TO_GOVERNOR, "H Governor Vetoed"), "vetoed"),
        ((*TO_GOVERNOR, "H Public Act . . . . 104-0500"), "public_act"),
        ((*TO_FLOOR, "H Tabled"), "tabled"),
    ],
)
def test_what_is_pending_dies(lines, expected):
    assert read_history("HB1", actions(*lines), session_over=True).stage == expected
    assert read_history("HB1", actions(*lines, "H Session Sine Die")).stage == expected


def test_the_dead_keep_how_far_they_came_and_die_on_the_last_day():
    reading = read_history("HB1", actions(*TO_SENATE), session_over=True)
    assert (reading.furthest_stage, reading.stage_on) == ("crossed", date(2027, 1, 12))


# Odd order and missing words.


def test_a_line_of_the_first_chamber_printed_late_does_not_pull_back():
    assert stage(
        "SB1", *SENATE_BILL[:9], "S Recalled to Second Reading", "S Placed on Calendar Order of 3rd Reading"
    ) == ("passed_chamber")
    assert stage("HB1", *TO_SENATE, "H Placed on Calendar Order of 3rd Reading - Short Debate") == "crossed"
    assert (
        read_history("HB1", actions(*TO_SENATE, "H Second Reading - Short Debate")).current_chamber == "upper"
    )


def test_late_lines_do_not_undo_a_law():
    law = (*TO_GOVERNOR, "H Public Act . . . . . . . . . 104-0162")
    for late in (
        "H Governor Approved",
        "H Sent to the Governor",
        "H Rule 19(a) / Re-referred to Rules Committee",
    ):
        assert stage("HB1", *law, late) == "public_act"


def test_work_in_the_other_chamber_means_it_has_crossed():
    assert stage("HB1", *TO_PASSAGE, "S First Reading") == "crossed"
    assert stage("HB1", *TO_PASSAGE, "S Assigned to Executive") == "crossed"


def test_lines_without_a_chamber():
    lines = ["?" + line[1:] for line in (*TO_SENATE, "S Assigned to Executive")]
    reading = read_history("HB1", actions(*lines))
    assert (reading.stage, reading.current_chamber, reading.committee_name) == (
        "crossed",
        "upper",
        "Executive",
    )


def test_a_corrected_first_reading_changes_nothing():
    assert stage("HB1", *TO_FLOOR[:4], "H First Reading {Corrected}") == "in_committee"


def test_a_measure_without_lines():
    reading = read_history("HB1", [])
    assert (reading.stage, reading.stage_on, reading.introduced_on, reading.lines) == (
        "introduced",
        None,
        None,
        [],
    )


# Days in the text.


@pytest.mark.parametrize(
    ("description", "expected"),
    [
        ("Received by the Senate Sen. Pat Sample;  on 08/16/2023", date(2023, 8, 16)),
        (
            "Assigned to Executive Appointments;  on 10/18/2023 - and on 01/07/2025, Due to Sine Die",
            date(2025, 1, 7),
        ),
        ("Placed on Calendar Order of Executive Appointments May 7, 2024;  on 05/02/2024", date(2024, 5, 2)),
        ("Placed on Calendar Order of 2nd Reading May 6, 2025", None),
        ("Assigned to Executive;  on 02/30/2024", None),
        ("3/5 Vote Required", None),
    ],
)
def test_day_named_in_a_line(description, expected):
    assert named_day(description) == expected


def test_the_named_day_is_when_it_happened():
    printed = date(2025, 1, 23)
    reading = read_history(
        "AM1030246",
        [
            ActionRecord(
                "upper", printed, "** Appointment Message Carried Over from Previous General Assembly **"
            ),
            ActionRecord("upper", printed, "Received by the Senate Sen. Pat Sample;  on 08/16/2023"),
            ActionRecord("upper", printed, "Assigned to Executive Appointments;  on 08/17/2023"),
        ],
    )
    assert [line.happened_on for line in reading.lines] == [printed, date(2023, 8, 16), date(2023, 8, 17)]
    assert (reading.introduced_on, reading.stage_on) == (date(2023, 8, 16), date(2023, 8, 17))


@pytest.mark.parametrize(
    ("description", "expected"),
    [
        ("Effective Date January 1, 2026", date(2026, 1, 1)),
        ("Effective Date July 1, 2026;  some provisions", date(2026, 7, 1)),
        ("Effective Date", None),
        ("Effective Date Smarch 1, 2026", None),
        ("Effective Date February 30, 2026", None),
    ],
)
def test_effective_day(description, expected):
    assert effective_day(description) == expected


def test_of_several_effective_days_the_first_counts():
    lines = (
        *TO_GOVERNOR,
        "H Governor Approved",
        "H Effective Date January 1, 2027;  some provisions",
        "H Effective Date June 16, 2025;  some provisions",
        "H Public Act . . . . . . . . . 104-0010",
    )
    reading = read_history("HB1", actions(*lines))
    assert (reading.effective_on, reading.public_act) == (date(2025, 6, 16), "104-0010")


# The real file.


@pytest.fixture(scope="module")
def real() -> dict[str, list[ActionRecord]]:
    """The lines of every measure of the recorded file."""
    with gzip.open(MEASURES, "rt", encoding="utf-8") as lines:
        measures = [json.loads(line) for line in lines]
    return {
        measure["identifier"]: [
            ActionRecord(
                "upper" if "upper" in action["organization_id"] else "lower",
                date.fromisoformat(action["date"]),
                action["description"],
            )
            for action in measure["actions"]
        ]
        for measure in measures
    }


@realdata
class TestRealMeasures:
    @pytest.mark.parametrize("identifier", CHECKED)
    def test_stage_as_judged_by_hand(self, real, identifier):
        reading = read_history(identifier, real[identifier])
        assert (reading.stage, reading.furthest_stage) == CHECKED[identifier]

    def test_enough_were_judged(self):
        assert len(CHECKED) >= 200
        assert {stage for stage, _furthest in CHECKED.values()} >= {
            "public_act",
            "vetoed",
            "re_referred",
            "tabled",
            "adopted",
            "confirmed",
            "crossed",
        }

    def test_committees_chambers_acts_and_days(self, real):
        readings = {identifier: read_history(identifier, real[identifier]) for identifier in CHECKED}
        assert {key: readings[key].committee_name for key in COMMITTEES} == COMMITTEES
        assert {key: readings[key].current_chamber for key in CHAMBERS} == CHAMBERS
        assert {key: readings[key].stage_on.isoformat() for key in STAGE_DAYS} == STAGE_DAYS
        effective = {
            key: (
                readings[key].public_act,
                readings[key].effective_on and readings[key].effective_on.isoformat(),
            )
            for key in PUBLIC_ACTS
        }
        assert effective == PUBLIC_ACTS

    def test_every_line_is_read_by_a_named_rule(self, real):
        descriptions = {action.description for lines in real.values() for action in lines}
        unknown = {text for text in descriptions if read_line(text).rule == "unknown"}
        assert unknown == set()

    def test_no_committee_or_floor_wording_hides_among_the_lines_that_mean_nothing(self, real):
        """The words of passage and defeat mean something, except about amendments, motions, notes and vetoes."""
        beside = {"amendment", "motion", "note", "veto_motion", "subcommittee_report", "deadline"}
        telling = ("Passed", "Adopted", "Do Pass", "Re-referred", "Tabled", "Vetoed", "Public Act", "Lost")
        hidden = {
            action.description
            for lines in real.values()
            for action in lines
            if any(word in action.description for word in telling)
            and (line := read_line(action.description)).means is Means.NOTHING
            and line.rule not in beside
        }
        assert hidden == set()

    def test_a_law_is_a_measure_with_a_number_and_nothing_else_has_one(self, real):
        for identifier, lines in real.items():
            reading = read_history(identifier, lines)
            assert bool(reading.public_act) == (reading.stage == "public_act"), identifier
