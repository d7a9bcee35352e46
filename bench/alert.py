"""The message that every sender sends in the measurements: an action alert of about 5.8 KB in HTML and text.

`{{ first_name }}` and `{{ unsubscribe_url }}` are written as our own compiler and Django's templates both read them.
"""

FROM = "Illinois Partners <alerts@partners.example>"
SENDER = "alerts@partners.example"
SUBJECT = "{{ first_name }}, three minutes for the Community Care Program today"
ACT = "https://portal.example/calls/keep-community-care-whole/?source=alert-7"
FACTS = (
    "The proposed budget cuts home visits for 4,100 seniors in our counties from July on.",
    "Every dollar taken from home care returns as $1.70 in emergency rooms and nursing homes.",
    "Agencies already wait 62 days for payment; eleven have closed a program this year.",
    "Last year’s cut was taken back after 2,300 of us filed slips within two days; the chair said so herself.",
    "The committee hears the bill on Thursday at 10:30 in the morning, Room 114 of the Stratton Building.",
)
WORDS = (
    "the committee that decides over the budget for human services meets this week. A witness slip takes three "
    "minutes, needs no account, and is counted in the hearing room when the chair reads the numbers aloud.",
    "You know better than anybody what a missed visit means: you see it in the kitchen, in the waiting room and on "
    "the phone. Please say it in your own words, or use ours and add a sentence from your work.",
    "If you have filed before, your name and organization are filled in already. If you cannot come, the slip speaks "
    "for you; if you can, the bus leaves Peoria at six and Springfield’s station at a quarter to ten.",
)
_CELL = (
    "padding:12px 24px;font-family:Arial,Helvetica,sans-serif;font-size:16px;line-height:24px;color:#1d2733"
)
_BUTTON = (
    "display:inline-block;padding:14px 28px;background:#0b5394;color:#ffffff;text-decoration:none;"
    "font-weight:bold;border-radius:6px"
)


def text() -> str:
    """The text part, with its slots open."""
    words = "\n\n".join(WORDS)
    facts = "\n".join(f"- {fact}" for fact in FACTS)
    return (
        f"Dear {{{{ first_name }}}},\n\n{words}\n\n{facts}\n\nFile your slip: {ACT}\n\n"
        "Thank you, {{ first_name }}.\n\nIllinois Partners for Human Service\n"
        "310 South Peoria Street, Chicago, Illinois 60607\n\nNo more alerts: {{ unsubscribe_url }}\n"
    )


def html() -> str:
    """The HTML part, with its slots open: tables and styles in place, as mail programs want it."""
    rows = "\n".join(f'<tr><td style="{_CELL}">&bull; {fact}</td></tr>' for fact in FACTS)
    words = "\n".join(f'<tr><td style="{_CELL}">{part}</td></tr>' for part in WORDS)
    return f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Three minutes for the Community Care Program</title></head>
<body style="margin:0;padding:0;background:#eef2f6">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr><td align="center">
<table role="presentation" width="600" cellpadding="0" cellspacing="0" style="background:#ffffff">
<tr><td style="{_CELL}">Dear {{{{ first_name }}}},</td></tr>
{words}
{rows}
<tr><td align="center" style="{_CELL}"><a href="{ACT}" style="{_BUTTON}">File your witness slip</a></td></tr>
<tr><td style="{_CELL}">Thank you, {{{{ first_name }}}}.</td></tr>
<tr><td style="{_CELL}">Illinois Partners for Human Service<br>310 South Peoria Street, Chicago, Illinois 60607<br>
<a href="{{{{ unsubscribe_url }}}}">No more alerts like this</a></td></tr>
</table></td></tr></table></body></html>
"""


def person(number: int) -> tuple[str, dict[str, str]]:
    """The number's address, and what fills the slots."""
    slots = {
        "first_name": f"Person{number}",
        "unsubscribe_url": f"https://portal.example/updates/unsubscribe/{number:012x}-of-a-signed-token/",
    }
    return f"person{number}@people.example", slots


def filled(template: str, slots: dict[str, str]) -> str:
    """The template with its slots filled, as plainly as it can be done."""
    for name, value in slots.items():
        template = template.replace("{{ " + name + " }}", value)
    return template
