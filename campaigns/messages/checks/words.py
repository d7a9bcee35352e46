"""Whether the message is whole: subject, text, pictures, merge fields, address and way out, size."""

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from campaigns.messages.blocks import WORDED, Kind, label_of, words_of
from campaigns.messages.checks.habits import subject_habits, text_habits
from campaigns.messages.checks.links import links_of, problems_of_link
from campaigns.messages.checks.places import place
from campaigns.messages.checks.problems import Problem, stop, warn
from campaigns.messages.contents import AlertContents, blocks_of, languages, variants
from campaigns.messages.merge import merge_field_problems
from campaigns.messages.rich_text import has_words
from campaigns.models import ActionAlert, AlertBlock
from mailing.identity import sender_identity
from mailing.services import Written
from partners.plain_text import plain_text

# Gmail cuts a message off at 102 KB of HTML; the personal parts come on top.
CLIPPED_AT = 100_000
LARGE = 70_000


def head_problems(alert: ActionAlert) -> Iterator[Problem]:
    """Subject lines and preheaders in both languages."""
    subjects = [(alert.subject, _("Subject")), (alert.subject_es, _("Subject in Spanish"))]
    if alert.test == ActionAlert.Test.SUBJECT:
        subjects += [
            (alert.test_subject, _("Subject of variant B")),
            (alert.test_subject_es, _("Subject of variant B in Spanish")),
        ]
    if not alert.subject.strip():
        yield stop(_("The alert has no subject."), _("Subject"))
    for subject, where in subjects:
        yield from (stop(words, where) for words in merge_field_problems(subject))
        yield from subject_habits(subject, where)
    if not alert.preheader.strip():
        yield warn(
            _(
                "There is no preheader. Mail programs then show the first words of the message after the subject."
            ),
            _("Preheader"),
        )
    for preheader, where in (
        (alert.preheader, _("Preheader")),
        (alert.preheader_es, _("Preheader in Spanish")),
    ):
        yield from (stop(words, where) for words in merge_field_problems(preheader))


def block_problems(alert: ActionAlert, blocks: Sequence[AlertBlock]) -> Iterator[Problem]:
    """Every block by itself, and whether each variant says anything."""
    for variant in variants(alert):
        if not any(
            block.kind in WORDED and has_words(block.text) for block in blocks_of(alert, blocks, variant)
        ):
            yield stop(
                _("The alert has no text."), _("Variant %(name)s") % {"name": variant} if alert.test else ""
            )
    for number, block in enumerate(blocks, start=1):
        yield from _problems_of_block(block, number, languages(alert, blocks))
    for link in links_of(blocks):
        yield from problems_of_link(link)


def _problems_of_block(block: AlertBlock, number: int, spoken: Sequence[str]) -> Iterator[Problem]:
    where = place(number, block)
    if block.kind in WORDED and not has_words(block.text):
        yield warn(_("This block is empty and is left out."), where)
    if block.kind == Kind.IMAGE:
        if not block.url:
            yield stop(_("This picture has no address."), where)
        if not block.label.strip():
            yield stop(_("Say in the label what the picture shows: many people do not see it."), where)
    for language in spoken:
        there = place(number, block, language)
        yield from (stop(words, there) for words in merge_field_problems(words_of(block, language)))
        yield from (stop(words, there) for words in merge_field_problems(label_of(block, language)))
        if block.kind in WORDED:
            yield from text_habits(plain_text(words_of(block, language)), there)


def frame_problems(built: AlertContents) -> Iterator[Problem]:
    """What the law and the mail programs ask of every message: a way out, an address, a text part, its size."""
    if not sender_identity().postal_address.strip(" ,"):
        yield stop(
            _(
                "The coalition's postal address is missing. The law wants it in every message: enter it under Coalition."
            ),
            _("Footer"),
        )
    for one in built.contents:
        yield from _problems_of_message(one)


def _problems_of_message(one: Written) -> Iterator[Problem]:
    where = _("Variant %(variant)s, %(language)s") % {"variant": one.variant, "language": one.language}
    if "{{ unsubscribe_url }}" not in one.html or "{{ unsubscribe_url }}" not in one.text:
        yield stop(_("The link to unsubscribe is missing."), where)
    if not one.text.strip():
        yield stop(_("There is no text part."), where)
    size = len(one.html.encode())
    if size > CLIPPED_AT:
        yield stop(
            _(
                "The message has %(n)d KB. Gmail cuts it off at 102 KB, with the link to unsubscribe: shorten it."
            )
            % {"n": size // 1000},
            where,
        )
    elif size > LARGE:
        yield warn(_("The message has %(n)d KB, which is long to read.") % {"n": size // 1000}, where)
