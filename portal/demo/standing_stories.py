"""Stories and work that sample people shared over the call that is always open."""

from datetime import datetime, timedelta
from random import Random

from campaigns.kinds.story import consent_words
from campaigns.models import ActionTaken, CallToAction, SharedStory
from partners.models import Membership, User
from partners.references import random_code
from portal.demo.letter_texts import Told

STORIES = (
    Told(
        "Her first “no”",
        "Our daughter was two and hardly spoke. Every Tuesday an early intervention therapist sat on our kitchen floor "
        "with a box of wooden animals. In the ninth week our daughter pushed the horse away and said no. The therapist "
        "wrote it down like a result, and it was one.",
        "Marion",
        "first_name",
        "accepted",
        96,
    ),
    Told(
        "What our kitchen taught us about scheduling",
        "We run a community kitchen with eleven people in training. We used to plan by tasks and lost people to "
        "early buses. Now we plan by bus lines. Attendance went from 71 to 93 percent in a quarter (sample figures). "
        "The template is free for any partner who asks.",
        "Rockford",
        "public",
        "accepted",
        41,
    ),
    Told(
        "Thirty years of answering the phone",
        "When I began, the hotline was a card file. The calls have not changed much. What changed is how long we can "
        "stay on, since a second person was funded for the night.",
        "Joliet",
        "anonymous",
        "waiting",
        2,
    ),
)


def write_standing_stories(*, staff: User, seed: int, now: datetime) -> None:
    """Three people of partners told something; staff have read two of it."""
    rng = Random(f"{seed} standing stories")
    call = CallToAction.objects.standing(now).first()
    # Who has been with a partner for long enough, so that nobody acted before they came.
    members = Membership.objects.filter(ended_on__isnull=True, started_on__lt=now - timedelta(days=120))
    if call is None:
        return
    for told, member in zip(STORIES, members.select_related("person").order_by("pk"), strict=False):
        acted_at = now - timedelta(days=told.days, minutes=rng.randint(5, 600))
        decided = told.state != SharedStory.State.WAITING
        action = ActionTaken.objects.create(
            reference="A-" + random_code(8, rng),
            call_to_action=call,
            person=member.person,
            organization=member.organization,
            consent_text=call.consent_text,
            verified=ActionTaken.Verified.LOGIN,
            acted_at=acted_at,
        )
        SharedStory.objects.create(
            action=action,
            title=told.title,
            text=told.text,
            place=told.place,
            scope=told.scope,
            scope_text=consent_words(told.scope),
            state=told.state,
            moderated_at=acted_at + timedelta(hours=20) if decided else None,
            moderated_by=staff if decided else None,
        )
