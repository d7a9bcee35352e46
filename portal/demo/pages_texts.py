"""Explanations and entry pages of the demonstration, in our own words."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ExplainerText:
    slug: str
    title: str
    summary: str
    body: str


@dataclass(frozen=True)
class AudienceText:
    slug: str
    audience: str
    title: str
    summary: str
    body: str


EXPLAINERS: tuple[ExplainerText, ...] = (
    ExplainerText(
        "debt-restructuring",
        "What restructuring the state's debt means",
        "When a state owes more than it can pay at once, it can let its providers wait or change how it owes. The "
        "second way costs less, and keeps doors open.",
        "<h2>The problem, in one household</h2><p>Think of a family with a good income and a drawer of unpaid bills. "
        "The bills are due now; the income comes month by month. If the family pays whoever shouts loudest, the rest "
        "wait, and some of them charge for waiting. If it takes one loan on known terms and pays everybody today, it "
        "still owes the same. But nobody waits, and the price is known.</p>"
        "<h2>The same with a state</h2><p>A state's unpaid bills are a debt like any other, only that nobody agreed to "
        "lend. The providers who delivered the service carry it: they borrow, leave positions open, or close a "
        "program. In that time the state owes interest on late payments as well.</p>"
        "<p>To restructure means to change the form of what is owed:</p><ul>"
        "<li><strong>Pay the old bills at once</strong>, with money borrowed over several years.</li>"
        "<li><strong>Set the terms in advance</strong>: how much, until when, at what rate, and from which "
        "revenue.</li><li><strong>Keep new bills from piling up</strong>, with a budget whose revenue covers what it "
        "promises.</li></ul>"
        "<h2>What it does not do</h2><p>It is no new money and no cure for a budget that spends more than it takes in. "
        "Borrowing without the third step only moves the drawer of bills a few years ahead. That is why we speak of "
        "restructuring together with lasting revenue.</p>"
        "<h2>Why it concerns human services</h2><p>Paying community providers for services they delivered is the "
        "state's first duty toward them. They cannot wait as a bank can: their reserves are counted in weeks, and "
        "behind each unpaid bill stands a person who relies on the service.</p>",
    ),
    ExplainerText(
        "rates-and-true-cost",
        "Why a rate is not a price",
        "The state pays for most services by a rate it sets itself. What the service costs is another number.",
        "<p>When you buy a table, the seller names a price that covers the work. When the state buys an hour of "
        "counseling, the buyer names it. That number is a <strong>rate</strong>. It was often set years ago, for a "
        "different wage and a different rent.</p><h2>What a rate leaves out</h2><ul><li>The time between visits: "
        "driving, writing up, training.</li><li>The people who make the work possible: supervision, bookkeeping, a "
        "working computer.</li><li>What wages and rents did since the rate was set.</li></ul><p>The "
        "<strong>true cost</strong> is what a service of good quality takes, all of that included. Where the rate lies "
        "under it, somebody makes up the difference: a donor, a worker on a low wage, or a family on a waiting "
        "list.</p>",
    ),
    ExplainerText(
        "the-myth-of-overhead",
        "The myth of overhead",
        "A low share of overhead is often taken for thrift. It can just as well mean that nobody answers the phone.",
        "<p>Overhead is the part of a budget that no single program can claim: the bookkeeper, the training, the "
        "building's heat. It is often capped, as if every dollar of it were a dollar taken from people.</p><p>Turn "
        "it around. Nobody chooses a hospital by how little it spends on cleaning. Good work needs somebody who pays "
        "the staff on time, checks what works, and keeps data safe. The better question is what a service "
        "achieves.</p>",
    ),
)

AUDIENCES: tuple[AudienceText, ...] = (
    AudienceText(
        "policy-makers",
        "Policy makers and opinion leaders",
        "What your district gains when human services work",
        "Findings with their sources, the agenda with its asks, one page for every district, and people who can "
        "answer your questions.",
        "<p>Human services are part of what holds a district together: they let people work, learn, recover and grow "
        "old at home. Below is what we know, how we know it, and what we ask for. If you need a number for your "
        "district by tomorrow, write to us today.</p>",
    ),
    AudienceText(
        "business",
        "Business",
        "Your workforce rests on it",
        "Child care, elder care, recovery, a first job: what lets people come to work, and what it returns.",
        "<p>Whoever runs a business runs into human services, mostly when they are missing: the shift that stays "
        "empty because a child care center closed, the good worker who looks after a parent. They are part of the "
        "ground that your business stands on, like roads and schools.</p><p>Business leaders have weight in "
        "Springfield. A few sentences of yours about what you see are worth a page of ours.</p>",
    ),
    AudienceText(
        "media",
        "Media",
        "Media kit",
        "Who we are in a paragraph, facts with their day, logos, and people to ask.",
        "<h2>Before you write</h2><p>Every figure on our site has its source, year and method beside it, and is "
        "corrected in the open. We gladly put you in touch with people who do the work and agreed to speak. We ask "
        "that nobody's need is shown without their skill.</p>",
    ),
    AudienceText(
        "anyone",
        "Anyone who cares",
        "Start here",
        "What human services are, why they concern you, and three things that take five minutes.",
        "<p>You use human services, or somebody you love does: a preschool, a ride to dialysis, a counselor after a "
        "hard year. Most of it is invisible as long as it works. Here are a few stories, and what you can do so that "
        "it goes on working.</p>",
    ),
)
