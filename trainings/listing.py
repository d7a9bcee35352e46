"""The list of trainings: what a visitor asked for."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from partners.gatherings.models import Mode
from partners.models import Area, User
from trainings.models import Course, CourseTopic, FeeTier, Session
from trainings.querysets import CourseQuerySet, SessionQuerySet

# Languages people ask for, by the word that staff's own sentence about a session holds.
LANGUAGES = {
    "english": ("English", _("English")),
    "spanish": ("Spanish", _("Spanish")),
    "sign": ("Sign", _("American Sign Language")),
    "polish": ("Polish", _("Polish")),
    "chinese": ("Chinese", _("Chinese")),
    "arabic": ("Arabic", _("Arabic")),
}


@dataclass(frozen=True)
class TrainingFilter:
    """Topic, way of taking part, place, language, and whether it is free. A value that no list knows is left out."""

    topic: str = ""
    mode: str = ""
    area: str = ""
    language: str = ""
    free: bool = False

    @classmethod
    def parse(cls, query: QueryDict, topics: list[CourseTopic], areas: list[Area]) -> "TrainingFilter":
        def known(name: str, values: list[str]) -> str:
            value = query.get(name, "")
            return value if value in values else ""

        return cls(
            topic=known("topic", [topic.slug for topic in topics]),
            mode=known("mode", Mode.values),
            area=known("area", [area.slug for area in areas]),
            language=known("language", list(LANGUAGES)),
            free=query.get("free") == "1",
        )

    @property
    def is_active(self) -> bool:
        """Whether fewer than all trainings are asked for."""
        return bool(self.topic or self.mode or self.area or self.language or self.free)

    @property
    def query(self) -> str:
        """The same as part of an address."""
        asked = {
            "topic": self.topic,
            "mode": self.mode,
            "area": self.area,
            "language": self.language,
            "free": "1" if self.free else "",
        }
        return urlencode({name: value for name, value in asked.items() if value})

    def courses(self, user: User | AnonymousUser, now: datetime) -> CourseQuerySet:
        """Courses with their coming sessions that match; what asks for a session leaves out courses without one."""
        sessions = self._sessions(now)
        courses: CourseQuerySet = Course.objects.visible_to(user).published()
        if self.topic:
            courses = courses.filter(topics__slug=self.topic)
        if self.free:
            fees = FeeTier.objects.filter(course=OuterRef("pk"), is_offered=True)
            courses = courses.filter(~Exists(fees.filter(amount__gt=0)) | Exists(fees.filter(amount=0)))
        if self.mode or self.area or self.language:
            courses = courses.filter(pk__in=sessions.order_by().values("course"))
        return courses.with_coming(sessions)

    def _sessions(self, now: datetime) -> SessionQuerySet:
        sessions: SessionQuerySet = Session.objects.coming(now)
        if self.mode:
            sessions = sessions.filter(mode__in={self.mode, Mode.HYBRID})
        if self.area:
            sessions = sessions.filter(area__slug=self.area)
        if self.language:
            sessions = sessions.filter(languages__icontains=LANGUAGES[self.language][0])
        return sessions


@dataclass(frozen=True)
class Listed:
    """A course as the list shows it: its next session, how many more there are, what it costs."""

    course: Course
    next_session: Session | None
    more: int
    fee: str


def listed(course: Course) -> Listed:
    """A course read by `with_coming` as the list shows it."""
    coming = course.coming_sessions  # type: ignore[attr-defined] # the prefetch's
    return Listed(
        course=course,
        next_session=coming[0] if coming else None,
        more=max(0, len(coming) - 1),
        fee=fee_in_words(course),
    )


def by_date(courses: list[Listed]) -> list[Listed]:
    """The next first, then those without a date by title."""
    dated = [one for one in courses if one.next_session]
    dated.sort(key=lambda one: (one.next_session.starts_at, one.course.title))  # type: ignore[union-attr]
    return dated + [one for one in courses if not one.next_session]


def fee_in_words(course: Course) -> str:
    """What a course costs one person, over its scale: "Free", "$40", "$0 to $120"."""
    amounts = sorted({tier.amount for tier in course.offered})  # type: ignore[attr-defined] # the prefetch's
    if not amounts or amounts[-1] == 0:
        return str(_("Free"))
    if len(amounts) == 1:
        return f"${amounts[0]:,.0f}" if amounts[0] % 1 == 0 else f"${amounts[0]:,.2f}"
    return str(_("$%(least)s to $%(most)s")) % {"least": f"{amounts[0]:,.0f}", "most": f"{amounts[-1]:,.0f}"}
