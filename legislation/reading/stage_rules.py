"""The table of rules by which `legislation.reading.stages` reads a line of a measure's history.

A rule is a name, the words the General Assembly prints (a pattern matched from the start of the line, without regard
to case) and what they mean. The first rule that matches reads the line. Most lines mean nothing for the stage; they
have rules with names too, so that a wording nobody has seen before stands out as `unknown`.
"""

import re
from enum import Enum
from functools import lru_cache
from typing import NamedTuple


class Means(Enum):
    """What a line does to the stage. Where the measure is (which chamber, what kind) decides the rest."""

    NOTHING = "nothing"
    FILED = "filed, or read a first time"
    REFERRED = "put before the committee on rules"
    ARRIVED = "arrived in the other chamber"
    ASSIGNED = "sent to a committee"
    SUBCOMMITTEE = "sent to a subcommittee of the committee it is in"
    REPORTED = "reported to the floor, or on a calendar before its second reading"
    SECOND_READING = "had its second reading"
    PASSED = "passed by one chamber"
    RESOLVED = "resolution adopted by one chamber"
    CONCURRENCE = "amended by the other chamber, and up again where it began"
    REVOTE = "the vote just taken no longer counts"
    BOTH = "passed by both chambers"
    ADOPTED = "adopted by all who must"
    CONFIRMED = "appointment confirmed"
    SENT = "sent to the governor"
    SIGNED = "signed by the governor"
    VETOED = "vetoed, wholly or in part"
    LAW = "became law"
    RE_REFERRED = "sent back to the committee on rules"
    TABLED = "tabled"
    UNTABLED = "taken from the table"
    LOST = "voted down, withdrawn or rejected"
    SINE_DIE = "ended with the General Assembly"


class Rule(NamedTuple):
    """One row of the table. Groups of the pattern that begin with `committee` or `act` name one."""

    name: str
    pattern: str
    means: Means = Means.NOTHING


# Where measures wait before and after committee: House Rules, Senate Assignments (called Rules until 2009).
_RULES = r"(?:the )?(?:House |Senate )?(?:Committee on )?(?:Rules|Assignments)(?: Committee)?\b"
_CALENDAR = r"Placed? (?:on )?(?:the )?Calendar,? (?:Order of )?"
_APPOINTMENT = r"(?:(?:Appointment|Appt\.?)(?: Message)?|Message),? "

# fmt: off
RULES: tuple[Rule, ...] = (
    # An amendment has a life of its own: nothing that befalls it moves the measure (see legislation.reading.amendments).
    Rule("amendment", r"(?:House |Senate )?(?:Committee |Floor )?Amendments? No"),
    Rule("concurrence", r"(?:House|Senate) (?:Non-?|Refuses to |Does Not |Fails to )?(?:Concur|Recede)"),
    Rule("conference", r"(?:House |Senate )?(?:First |Second |1st |2nd )?Conference (?:Committee|Report)"
                       r"|(?:House |Senate )?(?:Requests?|Accedes?|Appoints?)\b"),
    # Sponsors (see legislation.reading.sponsor_lines).
    Rule("sponsor_added", r"Added (?:as )?(?:an )?(?:Alternate )?(?:Chief )?Co-?Sponsors?\b"),
    Rule("sponsor_removed", r"Removed? (?:as )?(?:Alternate )?(?:Chief )?(?:Co-?)?Sponsor"
                            r"|(?:Alternate )?(?:Chief )?(?:Co-?)?Sponsor Removed"),
    Rule("sponsor_changed", r"(?:Alternate )?(?:Chief )?(?:Co-?)?Sponsor Changed"),
    Rule("sponsor_named", r"(?:Alternate )?(?:Chief )?(?:House |Senate )?(?:Co-?)?Sponsors?\b"),
    # Filing and first reading.
    Rule("carried_over", r"\*+ ?Appointment Message Carried Over"),
    Rule("filed", r"(?:Pre-?)?filed with (?:the )?(?:Clerk|Secretary)", Means.FILED),
    Rule("received", r"Received (?:by|in) the (?:Senate|House)", Means.FILED),
    Rule("first_reading", r"(?:1st|First) Reading|Read(?: in Full)?,? a First Time", Means.FILED),
    Rule("first_reading_calendar", _CALENDAR + r"(?:1st|First) Reading"),
    Rule("arrived", r"Arrived? in (?:the )?(?:Senate|House)", Means.ARRIVED),
    Rule("deadline", r"[^;]*\bDeadline\b"),
    # To the committee on rules, back to it, and out of it.
    Rule("not_re_referred", r"[^;]*\bnot be re-?referred"),
    Rule("rule_re_referred", r"Rule \d+(?:-\d+)? ?(?:\([\w-]+\) ?)* ?/ ?(?:Re-?)?referred to " + _RULES,
         Means.RE_REFERRED),
    Rule("rule_referred", r"Pursuant to (?:Senate |House )?Rule [^/]*/ ?(?:Re-?)?referred to " + _RULES,
         Means.RE_REFERRED),
    Rule("re_referred", r"Re-?(?:referred|assigned|committed) to " + _RULES, Means.RE_REFERRED),
    Rule("referred", r"(?:Referred|Assigned) to " + _RULES, Means.REFERRED),
    Rule("approved_for_consideration", r"(?:Be )?Approved for (?:Floor )?Consideration", Means.REPORTED),
    # A list for praise and mourning that is adopted as a whole; no committee has said anything.
    Rule("agreed_resolutions",
         _CALENDAR + r"(?:Agreed|Consent) Resolutions?|Referred to Resolutions? Consent Calendar"),
    # Committees.
    Rule("assigned", r"(?:Re-?)?assigned to (?P<committee_assigned>[^;]+)", Means.ASSIGNED),
    Rule("re_referred_to_committee",
         r"(?:Assignments |Rules )?Re-?(?:refers|referred|committed) to (?P<committee_re_referred>[^;]+)",
         Means.ASSIGNED),
    Rule("referred_to_committee",
         r"(?:Assignments Refers|Rules Refers|Referred) to (?P<committee_referred>[^;]+)", Means.ASSIGNED),
    Rule("reported_back", r"Reported Back To (?P<committee_back>[^;]+)", Means.ASSIGNED),
    Rule("subcommittee_report", r"Recommends? [^;]*? Subcommittee ?/"),
    Rule("subcommittee", r"To (?P<committee_sub>\w[^;]*)", Means.SUBCOMMITTEE),
    Rule("reported_unfavorably",
         r"(?:Recommends? )?(?:Do )?Not (?:Pass|Adopt|Consent|Be Adopted)|Recommends? (?:Do )?Not"
         r"|(?:Recommends? )?(?:Do Pass|Be Adopted|Do Adopt)(?: as Amended)?[ /-]+(?:Lost|Failed)"),
    Rule("do_pass", r"(?:Recommends? )?Do Pass", Means.REPORTED),
    Rule("do_consent_passed", r"Do Consent[^;]*? Passed", Means.CONFIRMED),
    Rule("do_consent_lost", r"Do Consent[^;]*? (?:Lost|Failed)", Means.LOST),
    Rule("recommends_consent", r"Recommends? Do Consent", Means.REPORTED),
    Rule("recommends_adoption", r"(?:Recommends? )?(?:Be Adopted|Do Adopt)|Recommends? Adoption", Means.REPORTED),
    Rule("reported_without_recommendation", r"(?:Reported )?Without Recommendation", Means.REPORTED),
    Rule("postponed", r"Postponed|Held in|Remains in"),
    Rule("posting", r"(?:Waive )?Posting"),
    Rule("discharged", r"(?:Motion (?:to|-) )?Discharged? (?:Committee|from|[^;]+?)[ -]+(?:Prevail|Adopted|Carried)",
         Means.REPORTED),
    # Calendars and readings.
    Rule("second_reading_calendar", _CALENDAR + r"(?:2nd|Second) Reading", Means.REPORTED),
    Rule("second_reading_held", r"Held on (?:the )?Calendar,? Order of (?:2nd|Second) Reading", Means.SECOND_READING),
    Rule("third_reading_calendar", _CALENDAR + r"(?:3rd|Third) Reading", Means.SECOND_READING),
    Rule("recalled", r"Recalled to (?:2nd|Second) Reading", Means.SECOND_READING),
    Rule("second_reading", r"(?:2nd|Second) Reading|Read(?: in Full)?,? a Second Time", Means.SECOND_READING),
    # Senate bills are not printed as having arrived: the Secretary's Desk says that they are back.
    Rule("concurrence_calendar", rf"(?:{_CALENDAR}|Secretary's Desk[ -]+)(?:Non-?)?Concurrence",
         Means.CONCURRENCE),
    Rule("resolutions_calendar", _CALENDAR + r"(?:Secretary's Desk,? )?(?:Non-?exempt )?Resolutions?", Means.REPORTED),
    Rule("appointments_calendar", _CALENDAR + r"(?:Executive|Advice)", Means.REPORTED),
    Rule("calendar", _CALENDAR + r"|Held on (?:the )?Calendar|Removed from|Secretary's Desk|Consideration Postponed"),
    # Votes of a chamber.
    Rule("third_reading_passed", r"(?:3rd|Third) Reading[^;]*? Passed|Read(?: in Full)?,? a Third Time[^;]*? Passed",
         Means.PASSED),
    Rule("third_reading_lost", r"(?:3rd|Third) Reading[^;]*? (?:Lost|Failed)", Means.LOST),
    Rule("third_reading", r"(?:3rd|Third) Reading|Read(?: in Full)?,? a Third Time"),
    Rule("adopted_both", r"Adopted (?:by )?Both Houses", Means.ADOPTED),
    Rule("resolution_adopted",
         r"(?:Joint )?Resolution (?:as Amended )?Adopted|Adopted(?:$| as Amended| by Voice Vote| \d)", Means.RESOLVED),
    Rule("resolution_lost", r"(?:Joint )?Resolution (?:as Amended )?(?:Lost|Failed|Not Adopted)", Means.LOST),
    Rule("passed_both", r"Passed (?:by )?Both Houses", Means.BOTH),
    Rule("reconsidered", r"Motion to Reconsider(?: the)? Vote[^;]*? Prevail", Means.REVOTE),
    # Appointments.
    Rule("appointment_confirmed", _APPOINTMENT + r"Confirmed", Means.CONFIRMED),
    Rule("appointment_rejected", _APPOINTMENT + r"(?:Rejected|Failed|Lost|Not Confirmed|Returned)", Means.LOST),
    Rule("appointment_tabled", _APPOINTMENT + r"Tabled", Means.TABLED),
    Rule("withdrawn", _APPOINTMENT + r"Withdrawn|Withdrawn (?:Pursuant|by)", Means.LOST),
    # The governor.
    Rule("sent_to_governor", r"Sent to (?:the )?Governor", Means.SENT),
    Rule("governor_approved", r"Governor (?:Approved|Signed|Certifies)|(?:Approved|Signed) by (?:the )?Governor",
         Means.SIGNED),
    # Without the vetoed or reduced items the rest is law, and the line names its Public Act.
    Rule("vetoed_in_part", r"Governor (?:Item|Reduction|Item/Reduction) Veto PA (?P<act_in_part>\d+-\d+)", Means.LAW),
    Rule("vetoed", r"Governor (?:Total |Amendatory |Item |Reduction |Item/Reduction )?Veto"
                   r"|(?:Total|Amendatory|Item|Reduction|Item/Reduction) Veto$", Means.VETOED),
    Rule("veto_accepted", r"Both Houses Accept(?:ed)? Amendatory Veto", Means.BOTH),
    Rule("veto_overridden", r"Both Houses (?:Override|Overrode)|[\w/]+ Veto Overridden Both Houses", Means.LAW),
    Rule("unsigned", r"(?:Filed|Becomes? Law|Became Law) Without (?:the )?(?:Governor'?s )?Signature", Means.LAW),
    Rule("public_act", r"Public Act[ .]*(?P<act_public>\d+-\d+)", Means.LAW),
    # The end.
    Rule("sine_die", r"Session Sine Die", Means.SINE_DIE),
    Rule("untabled", r"(?:Bill |Resolution )?Taken from (?:the )?Table", Means.UNTABLED),
    Rule("tabled", r"(?:(?:Bill|Resolution|Measure)[ -]+)?Tabled\b", Means.TABLED),
    # Lines that say nothing of the stage.
    Rule("effective_date", r"Effective Date"),
    Rule("veto_motion", r"[^;]*\bVeto\b|Restored Items|Item Restored"),
    Rule("note", r"[^;]*\bNote\b"),
    Rule("motion", r"[^;]*\bMotion\b|Moved to|Prevailed|Lost to Suspend|Suspend|Appeal Ruling"),
    Rule("vote", r"\d/\d Vote Required|Verified|Chair Rules"),
    Rule("appointments_together", r"Pursuant to Senate Rule \d+-\d+\(c\)"),
    Rule("supersedes", r"Supercedes|Supersedes"),
)
# fmt: on

BY_NAME = {rule.name: rule for rule in RULES}
UNKNOWN = Rule("unknown", "")
_TABLE = re.compile("|".join(f"(?P<rule_{rule.name}>{rule.pattern})" for rule in RULES), re.IGNORECASE)
_PREFIX = len("rule_")


class Line(NamedTuple):
    """What one description says, wherever it is printed. `committee` and `act` are "" where it names none."""

    rule: str
    means: Means
    committee: str = ""
    act: str = ""


@lru_cache(maxsize=30_000)
def read_line(description: str) -> Line:
    """The rule for a line, and the committee or Public Act it names."""
    match = _TABLE.match(description.strip())
    if match is None or match.lastgroup is None:
        return Line(UNKNOWN.name, UNKNOWN.means)
    rule = BY_NAME[match.lastgroup[_PREFIX:]]
    committee = act = ""
    if "(?P<" in rule.pattern:
        for name, value in match.groupdict().items():
            if value and name.startswith("committee"):
                committee = value.strip()
            elif value and name.startswith("act"):
                act = value
    return Line(rule.name, rule.means, committee, act)
