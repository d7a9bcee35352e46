"""The weekly mail about the groups somebody joined. Built here, queued by `services.digests`."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from mailing.composing.message import sender_domain
from mailing.services import Draft, Precedence
from partners.emails import render_message
from partners.gatherings.tokens import place_token
from partners.models import Person
from trainings.models import Group, GroupResource, Post

SHOWN = 12
USE = "digest"


@dataclass(frozen=True)
class GroupNews:
    """What was written in one group, the oldest first, and what was shared there to keep at hand."""

    group: Group
    posts: Sequence[Post]
    resources: Sequence[GroupResource] = ()

    @property
    def shown(self) -> Sequence[Post]:
        return self.posts[:SHOWN]

    @property
    def more(self) -> int:
        """How many posts the mail only counts."""
        return len(self.posts) - len(self.shown)


def digest(reader: Person, news: Sequence[GroupNews]) -> Draft:
    """One mail about all groups of a reader that have news."""
    stop_url = settings.SITE_URL + reverse(
        "trainings:stop_digest", args=[place_token("community", USE, reader.pk)]
    )
    message = render_message(
        "trainings/email/community_digest",
        to=reader.email,
        subject=_("New in your groups: %s") % ", ".join(one.group.name for one in news),
        reader=reader,
        news=news,
        site=settings.SITE_URL,
        groups_url=settings.SITE_URL + reverse("community:groups"),
        unsubscribe_url=stop_url,
    )
    return Draft(
        **message,
        precedence=Precedence.NOTICE,
        headers={
            "List-Id": f"<community.{sender_domain()}>",
            "List-Unsubscribe": f"<{stop_url}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )
