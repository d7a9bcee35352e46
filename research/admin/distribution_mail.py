"""Announcements at the staff desk: written with a preview and a test, sent once, now or at a time, and what became of them."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.options import ModelAdmin
from django.db.models import Field, Model
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action, display

from mailing.errors import CompileError
from mailing.identity import sender_identity
from mailing.models import Mailing, Topic
from partners.admin.base import Question
from partners.admin.editing import EditorAdmin, once, shown_rich_text
from partners.admin.history import HistoryAdmin
from partners.posted import posted
from research.distribution_mail import preview, readers_count
from research.distribution_results import mail_results
from research.forms.distribution import AnnouncementForm, ScheduleForm
from research.models import Announcement, DistributionStep
from research.services import distribution_mail as services

UNDER_WAY = (Mailing.State.READY, Mailing.State.SENDING, Mailing.State.PAUSED)


@admin.register(Announcement)
class AnnouncementAdmin(HistoryAdmin, EditorAdmin):
    form = AnnouncementForm
    list_display = ["subject", "report", "readers", "shown_state", "send_at", "sent_at"]
    list_filter = ["readers", "topic"]
    list_select_related = ["step__report"]
    search_fields = ["subject", "step__report__title"]
    ordering = ["-written_at"]
    readonly_fields = ["written_at", "written_by", "send_at", "send_by", "sent_at", "sent_by", "result"]
    readonly_fields += ["shown_body"]
    fieldsets = [
        (None, {"fields": ["step", "readers", "topic", "subject", "body"]}),
        (
            gettext_lazy("Who did what"),
            {"fields": ["written_at", "written_by", "send_at", "send_by", "sent_at", "sent_by", "result"]},
        ),
    ]
    actions_detail = ["preview", "send_test", "send", "schedule", "unschedule", "stop"]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        kwargs["help_texts"] = {
            "body": _("{{ first_name|Friend }} and {{ organization|your organization }} are filled in."),
            "subject": _("Also the heading of the message."),
        }
        return super().get_form(request, obj, change=change, **kwargs)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        topic = Topic.objects.filter(slug="coalition-news").first()
        found: dict[str, Any] = {"topic": topic.pk if topic else None}
        step = DistributionStep.objects.select_related("report").filter(pk=_number(request)).first()
        if step:
            contacts = Announcement.Readers.CONTACTS
            found |= {"step": step.pk, "subject": step.report.title[:150]}
            found["readers"] = contacts if step.channel == step.Channel.PARTNERS else None
        return found

    def formfield_for_foreignkey(self, db_field: Field, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "step":
            kwargs["queryset"] = DistributionStep.objects.filter(state="planned").select_related("report")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_readonly_fields(self, request: HttpRequest, obj: Announcement | None = None) -> list[str]:
        return [*self.readonly_fields, "step"] if obj else self.readonly_fields

    def get_fieldsets(self, request: HttpRequest, obj: Announcement | None = None) -> Any:
        """What has gone out, or is about to, is shown as it reads."""
        if _is_open(obj):
            return self.fieldsets
        (name, options), *others = self.fieldsets
        fields = ["shown_body" if field == "body" else field for field in options["fields"]]
        return [(name, {"fields": fields}), *others]

    def has_change_permission(self, request: HttpRequest, obj: Announcement | None = None) -> bool:
        # What is scheduled is taken back first: its words were decided with its time.
        return _is_open(obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Announcement | None = None) -> bool:
        return _is_open(obj) and super().has_delete_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: Model, form: ModelForm, change: bool) -> None:
        announcement: Any = obj
        announcement.written_at, announcement.written_by = timezone.now(), request.user
        super().save_model(request, announcement, form, change)

    def get_actions_detail(self, request: HttpRequest, object_id: str) -> list:
        announcement = self.record(request, object_id)
        names = {"preview", "send_test", "send", "schedule"}
        if announcement.send_at:
            names.add("unschedule")
        if announcement.mailing_id:
            names = {"preview", "stop"} if announcement.mailing.state in UNDER_WAY else {"preview"}
        return self.buttons(request, object_id, names)

    @display(description=gettext_lazy("text"))
    def shown_body(self, announcement: Announcement) -> SafeString:
        return shown_rich_text(announcement.body)

    @display(
        description=gettext_lazy("state"),
        label={"draft": "info", "scheduled": "warning", "held": "danger", "sent": "success"},
    )
    def shown_state(self, announcement: Announcement) -> tuple[str, str]:
        if announcement.mailing_id:
            return "sent", _("sent")
        if announcement.held_because:
            return "held", _("did not go out")
        return ("scheduled", _("scheduled")) if announcement.send_at else ("draft", _("draft"))

    @display(description=gettext_lazy("report"), ordering="step__report__title")
    def report(self, announcement: Announcement) -> str:
        return str(announcement.step.report)

    @display(description=gettext_lazy("what became of it"))
    @once
    def result(self, announcement: Announcement) -> str:
        """The mail engine's own numbers."""
        if announcement.held_because:
            return announcement.held_because
        if announcement.mailing is None:
            return _("goes out at its time") if announcement.send_at else _("not sent yet")
        found = mail_results([announcement.mailing.pk])[announcement.mailing.pk]
        lines = [
            (announcement.mailing.get_state_display(), ""),
            (_("readers"), found.readers),
            (_("accepted by the mail server"), found.accepted),
            (_("delivered, as far as reported"), found.delivered),
            (_("came back"), found.bounced),
            (_("waiting"), found.waiting),
            (_("not sent: no such mail wanted, or called off"), found.not_sent),
            (_("readers who opened a link"), found.clicked),
        ]
        return format_html("<ul>{}</ul>", format_html_join("", "<li>{} {}</li>", lines))

    @action(description=gettext_lazy("Preview"), icon="visibility", permissions=["view"], url_path="preview")
    def preview(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The message as a reader gets it."""
        return look(self, request, self.record(request, object_id))

    @action(
        description=gettext_lazy("Send me a test"),
        icon="outgoing_mail",
        permissions=["work"],
        url_path="test",
    )
    def send_test(self, request: HttpRequest, object_id: str) -> HttpResponse:
        announcement = self.record(request, object_id)
        question = Question(
            title=_("Send yourself a test?"),
            explanation=_("The message as it would go out, to your own address. Nobody is counted."),
            facts=[(_("To"), request.user.email), (_("Subject"), announcement.subject)],
            button=_("Send me the test"),
            done=_("The test is on its way."),
            step=lambda said: services.send_test(announcement=announcement, to=request.user),
        )
        return self.ask(request, announcement, question)

    @action(description=gettext_lazy("Send"), icon="send", permissions=["send"], url_path="send")
    def send(self, request: HttpRequest, object_id: str) -> HttpResponse:
        announcement = self.record(request, object_id)
        question = Question(
            title=_("Send this announcement now?"),
            explanation=_(
                "It starts within seconds and cannot be called back once the mail server has it. Everybody gets it "
                "once; who unsubscribed, paused or must not be mailed is left out by itself."
            ),
            facts=[
                (_("Subject"), announcement.subject),
                (_("Who gets it"), announcement.get_readers_display()),
                (_("People, before those who want no mail"), readers_count(announcement)),
                (_("Topic"), announcement.topic),
                (_("Report"), announcement.step.report),
            ],
            button=_("Send the announcement"),
            done=_("The announcement is on its way."),
            step=lambda said: services.send_announcement(announcement=announcement, by=request.user),
        )
        return self.ask(request, announcement, question)

    def has_send_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return request.user.has_perm("research.send_announcement")

    @action(
        description=gettext_lazy("Schedule"), icon="schedule_send", permissions=["send"], url_path="schedule"
    )
    def schedule(self, request: HttpRequest, object_id: str) -> HttpResponse:
        announcement = self.record(request, object_id)
        question = Question(
            title=_("When does this announcement go out?"),
            explanation=_(
                "It goes out by itself within a minute of this time. If the report is not out by then, or was "
                "withdrawn, the announcement stays here and says so."
            ),
            facts=[
                (_("Subject"), announcement.subject),
                (_("Who gets it"), announcement.get_readers_display()),
                (_("People, if it went out now"), readers_count(announcement)),
                (_("Report"), announcement.step.report),
            ],
            button=_("Schedule it"),
            done=_("The announcement is scheduled."),
            form=ScheduleForm(posted(request), initial={"send_at": announcement.send_at}),
            step=lambda said: services.schedule_announcement(
                announcement=announcement, by=request.user, **said
            ),
        )
        return self.ask(request, announcement, question)

    @action(
        description=gettext_lazy("Take back the time"),
        icon="event_busy",
        permissions=["send"],
        url_path="unschedule",
    )
    def unschedule(self, request: HttpRequest, object_id: str) -> HttpResponse:
        announcement = self.record(request, object_id)
        question = Question(
            title=_("Take back the time?"),
            explanation=_("The announcement becomes a draft again, and can be changed. Nothing goes out."),
            button=_("Make it a draft"),
            done=_("The announcement is a draft again."),
            step=lambda said: services.unschedule_announcement(announcement=announcement, by=request.user),
        )
        return self.ask(request, announcement, question)

    @action(description=gettext_lazy("Stop"), icon="stop_circle", permissions=["send"], url_path="stop")
    def stop(self, request: HttpRequest, object_id: str) -> HttpResponse:
        announcement = self.record(request, object_id)
        question = Question(
            title=_("Stop this announcement?"),
            explanation=_("What has not left yet stays here for good. What the mail server has goes out."),
            button=_("Stop it"),
            done=_("The announcement is stopped."),
            step=lambda said: services.stop_announcement(announcement=announcement, by=request.user),
            danger=True,
        )
        return self.ask(request, announcement, question)


def _is_open(announcement: Announcement | None) -> bool:
    """Whether its words may still change: neither sent nor scheduled."""
    return announcement is None or (announcement.mailing_id is None and not announcement.is_scheduled)


def look(desk: ModelAdmin, request: HttpRequest, announcement: Announcement) -> HttpResponse:
    """The message on a computer, on a phone in the dark, and as plain text."""
    context: dict[str, Any] = {
        **desk.admin_site.each_context(request),
        "opts": desk.opts,
        "original": announcement,
        "title": _("Preview"),
        "desk_title": _("Preview"),
        "back_url": reverse("admin:research_announcement_change", args=[announcement.pk]),
        "sender": sender_identity(),
    }
    try:
        context["shown"] = preview(announcement, first_name=_("Alex"), organization=_("Sample Partner"))
    except CompileError as error:
        context["trouble"] = str(error)
    response = TemplateResponse(request, "research/admin/announcement_preview.html", context)
    response._csp_update = {"img-src": ["https:"]}
    return response


def _number(request: HttpRequest) -> int:
    text = request.GET.get("step", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else 0
