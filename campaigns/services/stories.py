"""Publishing stories, taking them back, and choosing the Issue of the Week."""

from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.models import IssueOfTheWeek, SharedStory, Story
from campaigns.services.errors import StateError
from partners.caching import empty_page_cache_on_commit
from partners.history import changed_by
from partners.models import User


def _locked(story: Story, by: User | None) -> Story:
    locked = Story.objects.select_for_update(of=("self",)).get(pk=story.pk)
    changed_by(locked, by)
    return locked


@transaction.atomic
def schedule_story(*, story: Story, publish_at: datetime, by: User, now: datetime | None = None) -> Story:
    """Publishes a story at a moment; at once when that moment is now or past. Returns the story as saved."""
    now = now or timezone.now()
    story = _locked(story, by)
    if story.status == Story.Status.PUBLISHED:
        raise StateError(_("This story is published already."))
    _refuse_without_consent(story)
    story.publish_at = publish_at
    story.status = Story.Status.PUBLISHED if publish_at <= now else Story.Status.SCHEDULED
    story.save(update_fields=["publish_at", "status", "updated_at"])
    empty_page_cache_on_commit()
    return story


def _refuse_without_consent(story: Story) -> None:
    """A story made of what somebody shared is told only as long as, and as far as, they allow it."""
    if story.is_erased:
        raise StateError(_("The words of this story are erased: its author took back their consent."))
    for shared in story.sources.all():
        if shared.state != SharedStory.State.ACCEPTED or shared.scope == SharedStory.Scope.LAWMAKERS:
            raise StateError(
                _(
                    "The author of this story changed or withdrew their consent. Look at the shared story first."
                )
            )


@transaction.atomic
def publish_due(*, now: datetime) -> int:
    """Publishes every scheduled story whose moment has come; how many."""
    stories = list(Story.objects.due(now).select_for_update(skip_locked=True, of=("self",)))
    for story in stories:
        story.status = Story.Status.PUBLISHED
        story.save(update_fields=["status", "updated_at"])
    if stories:
        empty_page_cache_on_commit()
    return len(stories)


@transaction.atomic
def withdraw_story(*, story: Story, by: User) -> Story:
    """Takes a published or scheduled story off the site, as when somebody takes back their consent."""
    story = _locked(story, by)
    if story.status not in Story.ON_ITS_WAY:
        raise StateError(_("Only a published or scheduled story can be withdrawn."))
    story.status = Story.Status.WITHDRAWN
    story.save(update_fields=["status", "updated_at"])
    empty_page_cache_on_commit()
    return story


@transaction.atomic
def unpublish(*, story: Story, by: User | None) -> Story:
    """Takes a story off the site if it is there or about to be, and leaves every other as it is."""
    story = _locked(story, by)
    if story.status in Story.ON_ITS_WAY:
        story.status = Story.Status.WITHDRAWN
        story.save(update_fields=["status", "updated_at"])
        empty_page_cache_on_commit()
    return story


@transaction.atomic
def set_issue_of_the_week(*, story: Story, week: date, by: User | None = None) -> IssueOfTheWeek:
    """Lets a story lead in the week of a day. A story leads once: choosing another week moves it."""
    monday = week - timedelta(days=week.weekday())
    story = _locked(story, by)
    if story.status == Story.Status.WITHDRAWN:
        raise StateError(_("A withdrawn story can't be the Issue of the Week."))
    taken = IssueOfTheWeek.objects.select_related("story").filter(week=monday).exclude(story=story).first()
    if taken:
        raise StateError(_("That week already has its issue: %(story)s.") % {"story": taken.story.headline})
    issue = IssueOfTheWeek.objects.filter(story=story).first() or IssueOfTheWeek(story=story)
    issue.week = monday
    changed_by(issue, by)
    try:
        with transaction.atomic():
            issue.save()
    except IntegrityError as error:
        raise StateError(_("That week was given to another story a moment ago.")) from error
    empty_page_cache_on_commit()
    return issue


# Stands for no week while two stories change places: the first Monday there is.
_NO_WEEK = date(1, 1, 1)


@transaction.atomic
def swap_weeks(*, one: date, other: date, by: User | None = None) -> None:
    """The stories of two weeks change places; a story whose other week is free moves there."""
    weeks = [day - timedelta(days=day.weekday()) for day in (one, other)]
    issues = {
        issue.week: issue for issue in IssueOfTheWeek.objects.select_for_update().filter(week__in=weeks)
    }
    if not issues or weeks[0] == weeks[1]:
        raise StateError(_("Choose two weeks, one of them with a story."))
    IssueOfTheWeek.objects.filter(week=weeks[0]).update(week=_NO_WEEK)
    for before, after in ((weeks[1], weeks[0]), (weeks[0], weeks[1])):
        issue = issues.get(before)
        if issue:
            issue.week = after
            changed_by(issue, by)
            issue.save()
    empty_page_cache_on_commit()


@transaction.atomic
def free_week(*, week: date, by: User | None = None) -> None:
    """Takes the story of a week out of the schedule; the story itself stays as it is."""
    monday = week - timedelta(days=week.weekday())
    issue = IssueOfTheWeek.objects.select_for_update().filter(week=monday).first()
    if issue is None:
        raise StateError(_("That week has no issue."))
    changed_by(issue, by)
    issue.delete()
    empty_page_cache_on_commit()
