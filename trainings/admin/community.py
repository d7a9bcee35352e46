"""Groups at the staff desk, and the moderators' queue."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, F, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import TabularInline
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminTextareaWidget

from partners.admin.base import PartnersAdmin, Question, ReadOnlyMixin
from partners.admin.editing import EditorAdmin, NamedCellsMixin
from partners.admin.filters import WaitingFilter
from partners.admin.history import HistoryAdmin
from partners.posted import posted
from trainings.models import Group, GroupMember, GroupResource, Post, PostReport
from trainings.services import moderation as services


class ReasonForm(forms.Form):
    """Why a post is hidden."""

    reason = forms.CharField(
        label=gettext_lazy("Why, as the readers see it"),
        max_length=300,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Say why; its author will read it.")},
    )


class ResourceInline(NamedCellsMixin, TabularInline):
    model = GroupResource
    fields = ["title", "url"]
    extra = 0


@admin.register(Group)
class GroupAdmin(HistoryAdmin, EditorAdmin):
    list_display = ["name", "people", "subjects", "is_open"]
    search_fields = ["name", "summary"]
    fields = ["name", "slug", "summary", "guidelines", "is_open"]
    inlines = [ResourceInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Group]:
        rows: Any = super().get_queryset(request)
        return rows.with_numbers()

    def get_prepopulated_fields(self, request: HttpRequest, obj: Group | None = None) -> dict[str, list[str]]:
        return {"slug": ["name"]} if obj is None else {}

    def get_readonly_fields(self, request: HttpRequest, obj: Group | None = None) -> list[str]:
        return ["slug"] if obj else []

    def has_delete_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        return super().has_delete_permission(request, obj) and (obj is None or not obj.posts.exists())

    @display(description=gettext_lazy("members"))
    def people(self, group: Any) -> int:
        return group.people

    @display(description=gettext_lazy("subjects"))
    def subjects(self, group: Any) -> int:
        return group.subjects


class Moderated(ReadOnlyMixin, PartnersAdmin):
    """Rows of the community: read here, changed by buttons."""

    def hide_question(self, request: HttpRequest, post: Post) -> Question:
        return Question(
            title=_("Hide this post?"),
            explanation=_("Its words disappear at once; readers see your reason in their place."),
            facts=[(_("Written by"), post.author), (_("Text"), post.text)],
            button=_("Hide the post"),
            done=_("The post is hidden."),
            danger=True,
            form=ReasonForm(posted(request)),
            step=lambda said: services.hide_post(
                post=post, reason=said["reason"], by=request.user, now=timezone.now()
            ),
        )


class OutcomeFilter(WaitingFilter):
    states, waiting = [("waiting", gettext_lazy("waiting"))], "waiting"

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset if self.value() == "all" else queryset.filter(outcome="")


@admin.register(PostReport)
class PostReportAdmin(Moderated):
    """The queue, the oldest first."""

    list_display = ["reported_at", "group", "words", "reason", "shown_outcome"]
    list_filter = [OutcomeFilter]
    list_select_related = ["post__group", "post__author"]
    ordering = ["reported_at", "pk"]
    fields = ["group", "author", "text", "reason", "reported_at", "shown_outcome", "decided_at", "decided_by"]
    readonly_fields = fields
    actions_detail = ["hide", "keep"]

    def get_actions_detail(self, request: HttpRequest, object_id: str) -> list:
        report = self.existing(request, object_id)
        return self.buttons(request, object_id, {"hide", "keep"} if report and not report.outcome else set())

    @display(description=gettext_lazy("group"))
    def group(self, report: PostReport) -> str:
        return report.post.group.name

    @display(description=gettext_lazy("written by"))
    def author(self, report: PostReport) -> str:
        return str(report.post.author)

    @display(description=gettext_lazy("post"))
    def words(self, report: PostReport) -> str:
        return Truncator(report.post.text).words(20)

    @display(description=gettext_lazy("post"))
    def text(self, report: PostReport) -> str:
        link = report.post.get_absolute_url()
        return format_html('{}<br><a href="{}">{}</a>', report.post.text, link, _("See it in its group"))

    @display(
        description=gettext_lazy("outcome"), label={"": "warning", "hidden": "danger", "kept": "success"}
    )
    def shown_outcome(self, report: PostReport) -> tuple[str, str]:
        return report.outcome, report.get_outcome_display() or _("waiting")

    @action(description=gettext_lazy("Hide the post"), permissions=["work"], url_path="hide")
    def hide(self, request: HttpRequest, object_id: str) -> HttpResponse:
        report = self.record(request, object_id)
        return self.ask(request, report, self.hide_question(request, report.post))

    @action(description=gettext_lazy("Let it stand"), permissions=["work"], url_path="keep")
    def keep(self, request: HttpRequest, object_id: str) -> HttpResponse:
        report = self.record(request, object_id)
        question = Question(
            title=_("Let this post stand?"),
            explanation=_("All open reports of it are settled. Nobody is told."),
            facts=[(_("Text"), report.post.text), (_("Reported because"), report.reason)],
            button=_("Let it stand"),
            done=_("The post stays."),
            step=lambda said: services.keep_post(post=report.post, by=request.user, now=timezone.now()),
        )
        return self.ask(request, report, question)


@admin.register(Post)
class PostAdmin(HistoryAdmin, Moderated):
    list_display = ["written_at", "group", "author", "words", "shown_state"]
    list_filter = ["group", ("hidden_at", admin.EmptyFieldListFilter)]
    list_select_related = ["group", "author"]
    search_fields = ["title", "text", "author__last_name", "author__email"]
    ordering = ["-written_at"]
    fields = ["group", "author", "organization", "title", "text", "written_at", "edited_at", "shown_state"]
    fields += ["hidden_at", "hidden_by", "hidden_reason", "closed_at", "closed_by"]
    readonly_fields = fields
    actions_detail = ["hide", "show", "close", "reopen"]

    def get_actions_detail(self, request: HttpRequest, object_id: str) -> list:
        post = self.existing(request, object_id)
        if post is None or post.removed_at is not None:
            return []
        names = {"show" if post.hidden_at else "hide"}
        if post.parent_id is None:
            names.add("reopen" if post.closed_at else "close")
        return self.buttons(request, object_id, names)

    @display(description=gettext_lazy("post"))
    def words(self, post: Post) -> str:
        return post.title or Truncator(post.text).words(15)

    @display(
        description=gettext_lazy("state"), label={"hidden": "danger", "removed": "info", "closed": "info"}
    )
    def shown_state(self, post: Post) -> tuple[str, str] | str:
        if post.removed_at:
            return "removed", _("removed by its author")
        if post.hidden_at:
            return "hidden", _("hidden")
        return ("closed", _("closed")) if post.closed_at else _("shown")

    @action(description=gettext_lazy("Hide"), permissions=["work"], url_path="hide")
    def hide(self, request: HttpRequest, object_id: str) -> HttpResponse:
        post = self.record(request, object_id)
        return self.ask(request, post, self.hide_question(request, post))

    @action(description=gettext_lazy("Show it again"), permissions=["work"], url_path="show")
    def show(self, request: HttpRequest, object_id: str) -> HttpResponse:
        post = self.record(request, object_id)
        question = Question(
            title=_("Show this post again?"),
            explanation=_("Its words stand in the group again."),
            facts=[(_("Hidden because"), post.hidden_reason)],
            button=_("Show the post"),
            done=_("The post is shown."),
            step=lambda said: services.show_post(post=post, by=request.user),
        )
        return self.ask(request, post, question)

    @action(description=gettext_lazy("Close the subject"), permissions=["work"], url_path="close")
    def close(self, request: HttpRequest, object_id: str) -> HttpResponse:
        post = self.record(request, object_id)
        question = Question(
            title=_("Close this subject?"),
            explanation=_("It can be read and no longer answered."),
            button=_("Close the subject"),
            done=_("The subject is closed."),
            step=lambda said: services.close_subject(post=post, by=request.user, now=timezone.now()),
        )
        return self.ask(request, post, question)

    @action(description=gettext_lazy("Open the subject"), permissions=["work"], url_path="open")
    def reopen(self, request: HttpRequest, object_id: str) -> HttpResponse:
        post = self.record(request, object_id)
        question = Question(
            title=_("Open this subject again?"),
            explanation=_("Members can answer it again."),
            button=_("Open the subject"),
            done=_("The subject is open."),
            step=lambda said: services.open_subject(post=post, by=request.user),
        )
        return self.ask(request, post, question)


@admin.register(GroupMember)
class GroupMemberAdmin(HistoryAdmin, Moderated):
    list_display = ["person", "group", "posts", "joined_at", "muted_at"]
    list_filter = ["group", ("muted_at", admin.EmptyFieldListFilter)]
    list_select_related = ["person", "group"]
    search_fields = ["person__last_name", "person__first_name", "person__email"]
    ordering = ["person__last_name", "pk"]
    fields = ["person", "group", "joined_at", "digest", "muted_at", "muted_by"]
    readonly_fields = fields
    actions_detail = ["mute", "unmute"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[GroupMember]:
        here = Q(person__community_posts__group=F("group"))
        return super().get_queryset(request).annotate(written=Count("person__community_posts", filter=here))

    def get_actions_detail(self, request: HttpRequest, object_id: str) -> list:
        member = self.existing(request, object_id)
        names = {"unmute" if member.muted_at else "mute"} if member else set()
        return self.buttons(request, object_id, names)

    @display(description=gettext_lazy("posts here"))
    def posts(self, member: Any) -> int:
        return member.written

    @action(description=gettext_lazy("Ask to pause"), permissions=["work"], url_path="mute")
    def mute(self, request: HttpRequest, object_id: str) -> HttpResponse:
        member = self.record(request, object_id)
        question = Question(
            title=_("Ask %(name)s to pause in this group?") % {"name": member.person},
            explanation=_("They read it and no longer write in it, until you lift this."),
            button=_("Ask to pause"),
            done=_("They can no longer write in this group."),
            danger=True,
            step=lambda said: services.mute(member=member, by=request.user, now=timezone.now()),
        )
        return self.ask(request, member, question)

    @action(description=gettext_lazy("Let them write again"), permissions=["work"], url_path="unmute")
    def unmute(self, request: HttpRequest, object_id: str) -> HttpResponse:
        member = self.record(request, object_id)
        question = Question(
            title=_("Let %(name)s write again?") % {"name": member.person},
            explanation=_("They are not told; the group's page lets them write."),
            button=_("Let them write"),
            done=_("They can write again."),
            step=lambda said: services.unmute(member=member, by=request.user),
        )
        return self.ask(request, member, question)
