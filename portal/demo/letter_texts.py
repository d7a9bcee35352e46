"""The demonstration's letter and what people told: words of nobody real."""

from dataclasses import dataclass

LETTER_TITLE = "One letter for prompt payment"
LETTER_SUBJECT = "Pay human-service providers on time"
LETTER_ASK = "Sign for your organization: ask the Governor to have providers paid within 30 days."
LETTER_WHY = (
    "<p>A payment that comes 60 days late is a loan that providers give the state, without interest. Small "
    "organizations take it from their savings, and some from payroll. One letter with names from every part of "
    "Illinois shows that this is not one agency's trouble.</p>"
)
LETTER_ADDRESS = "The Governor of Illinois\n401 South Spring Street\nSpringfield, IL 62704"
LETTER_TEXT = (
    "Dear Governor,\n\n"
    "we are organizations that care for children, train workers, house families and answer calls in the middle of "
    "the night. We do this work under contract with the State of Illinois, and we are proud of it.\n\n"
    "We ask for one thing: that the state pays for work done within 30 days of a correct invoice, and says on a "
    "public page how long each agency takes.\n\n"
    "When a payment is late, we borrow. The interest buys no hour of counseling and no bed. When a payment is on "
    "time, a supervisor can fill the open position this month and not next quarter, and a family comes off the "
    "waiting list.\n\n"
    "The rule costs the state nothing in the end: every invoice is paid anyway. It costs attention, and we offer "
    "to help with that. Our finance staff know where invoices get stuck.\n\n"
    "Respectfully,"
)
LETTER_CONSENT = (
    "Illinois Partners prints your organization's name and city, your name and your job title under the letter, "
    "and shows them on this site. Your e-mail address is never shown or passed on."
)
PAPER_NOTE = "Signed form came by mail with the spring newsletter; kept in the campaign's folder."

STORY_TITLE = "What did help at the right time change?"
STORY_ASK = "Share your story: a moment when help came at the right time, or too late."
STORY_WHY = (
    "<p>Budgets are written in numbers, and decided by people. A true story of one afternoon is what lawmakers "
    "repeat to each other. You decide who may read yours, and you can withdraw it at any time.</p><p>A few "
    "sentences are enough. Where were you? Who was there? What was different afterwards? You may have received "
    "help or given it.</p>"
)
STORY_CONSENT = (
    "Illinois Partners keeps your story and shows it only as you choose below. Your e-mail address is never shown "
    "or passed on."
)


@dataclass(frozen=True)
class Told:
    """A story that somebody told. `days` ago; `state` is what staff made of it."""

    title: str
    text: str
    place: str
    scope: str
    state: str
    days: int
    reason: str = ""


STORIES = (
    Told(
        title="The ride that came at six",
        text=(
            "My father's dialysis starts at seven. For two years a neighbor drove him, until her own knee gave "
            "out. I live three hours away.\n\nThe senior center in our county had one van and a waiting list. In "
            "March they got a second driver. He has come at six ever since, in snow too, and he knows which step "
            "of the porch is loose. He fixed it in May.\n\nPeople call that transportation. For me it is that I "
            "can sleep until five."
        ),
        place="Fulton County",
        scope="public",
        state="accepted",
        days=4,
    ),
    Told(
        title="Three weeks of quiet",
        text=(
            "I supervise a group home. Last winter we had two open positions for four months, because the rate "
            "had not moved and the warehouse down the road pays more. I worked the nights myself.\n\nThen the "
            "raise came through. Two people who had left applied again within a week. The man in room two, who "
            "had stopped coming to breakfast, came down on the first morning they were both back. We have had "
            "three weeks of quiet. That is what a rate is."
        ),
        place="Rockford",
        scope="first_name",
        state="accepted",
        days=6,
    ),
    Told(
        title="The form that somebody filled in with me",
        text=(
            "After the fire we had a motel for nine nights. I had every paper in a wet bag. A woman at the "
            "family center laid them on the radiator one by one, and then she sat beside me for two hours until "
            "the last page was done. She never once did it for me. She said: you will need to know how this "
            "works.\n\nI have helped two other people with the same form since."
        ),
        place="Cook County",
        scope="anonymous",
        state="accepted",
        days=9,
    ),
    Told(
        title="What I tell at the statehouse",
        text=(
            "I am a home visitor. I cannot put the families' stories in public, but I can tell you what my week "
            "is: eleven visits, 240 miles, one grant that ended in June and has not been renewed. Please read "
            "this to the committee."
        ),
        place="Carbondale",
        scope="lawmakers",
        state="accepted",
        days=11,
    ),
    Told(
        title="My son's first job",
        text=(
            "He is 22 and does not speak much. The job coach stood next to him at the dishwasher for six weeks, "
            "then across the room, then in the car outside. On the day she did not come at all he sent me a "
            "picture of a clean plate. He has worked there for a year now. The program that paid the coach has a "
            "list of two years."
        ),
        place="Champaign",
        scope="first_name",
        state="waiting",
        days=1,
    ),
    Told(
        title="Fourteen calls",
        text=(
            "It took fourteen calls to find a counselor who takes our insurance and has a free hour after "
            "school. I kept the list. I would like somebody in Springfield to see it: who answered, who called "
            "back, and what they said. The fourteenth was kind. The first thirteen were kind too; they were just "
            "full."
        ),
        place="Joliet",
        scope="public",
        state="waiting",
        days=2,
    ),
    Told(
        title="About the meeting last week",
        text="Please move the next meeting to the evening. Many of us work until five and would like to come.",
        place="Quincy",
        scope="public",
        state="declined",
        days=13,
        reason="This is a wish for our meetings more than a story. We passed it on to the people who plan them.",
    ),
)
