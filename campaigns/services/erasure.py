"""What is left of a shared story in other rows, and how it goes when its author withdraws it."""

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from campaigns.models import ActionTaken, IssueOfTheWeek, SharedStory, Story, UnconfirmedAction
from campaigns.services.stories import unpublish
from partners.history import changed_by
from partners.models import User

# Whatever of an article may hold its author's words, name or place.
_WORDS = (
    "summary",
    "agency",
    "city",
    "body",
    "quote",
    "quote_by",
    "quote_role",
    "source_url",
    "consent_note",
)


def erase_traces(shared: SharedStory, by: User | None) -> None:
    """Erases the words from histories, from answers that still wait, and from the article made of them."""
    SharedStory.history.filter(id=shared.pk).update(place="", decline_reason="")
    _forget_in_log(shared)
    action = shared.action
    ActionTaken.objects.filter(pk=action.pk).update(comment="")
    ActionTaken.history.filter(id=action.pk).update(comment="")
    UnconfirmedAction.objects.filter(
        call_to_action=action.call_to_action_id, email=action.person.email
    ).delete()
    if shared.story is not None:
        erase_article(story=shared.story, by=by)


@transaction.atomic
def erase_article(*, story: Story, by: User | None) -> None:
    """Takes an article off the site and erases its words, from its history too. Its row stays."""
    unpublish(story=story, by=by)
    article = Story.objects.select_for_update(of=("self",)).get(pk=story.pk)
    issue = IssueOfTheWeek.objects.filter(story=article).first()
    if issue:
        _forget_in_log(issue)
        issue.delete()
    article.facts.all().delete()
    left = dict.fromkeys(_WORDS, "") | {
        "kicker": _("Withdrawn"),
        "headline": _("A story that its author withdrew"),
        # The address was made of the headline.
        "slug": f"withdrawn-{article.pk}",
        "source": _("Withdrawn by its author"),
        "status": Story.Status.WITHDRAWN,
    }
    for name, value in left.items():
        setattr(article, name, value)
    changed_by(article, by)
    article.save()
    del left["status"]
    Story.history.filter(id=article.pk).update(**left)
    _forget_in_log(article)


def _forget_in_log(row: Model) -> None:
    """The desk's own log names rows by their headlines."""
    entries = LogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(row), object_id=str(row.pk)
    )
    entries.update(object_repr=_("Withdrawn story"), change_message="")
