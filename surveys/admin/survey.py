"""A survey's form at the desk, its preview, and the buttons that lead to its other pages."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, reverse
from django.utils import timezone, translation
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action, display

from partners.admin.base import Question as Step
from partners.admin.base import desk_page
from partners.admin.editing import SECOND_ROW, EditorAdmin
from partners.admin.history import HistoryAdmin
from surveys.admin import inviting, reading
from surveys.admin.questions import QuestionInline
from surveys.languages import ENGLISH, SPANISH
from surveys.models import Response, Survey
from surveys.querysets import Writing
from surveys.services.publishing import publish_results, withdraw_results
from surveys.services.questions import is_promised, why_locked
from surveys.walking import SurveyWalk


@admin.register(Survey)
class SurveyAdmin(HistoryAdmin, EditorAdmin):
    list_display = ["title", "question_count", "response_count", "is_anonymous", "created_at"]
    list_filter = ["purpose", "is_anonymous"]
    ordering = ["-created_at"]
    search_fields = ["title"]
    inlines = [QuestionInline]
    actions_detail = ["preview", "results", "invite", "publish", "withdraw"]
    change_form_outer_before_template = "admin/desk/pages.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Survey]:
        responses = Response.objects.filter(survey=OuterRef("pk")).order_by().values("survey")
        return (
            super()
            .get_queryset(request)
            .annotate(
                question_count=Count("questions"),
                response_count=Coalesce(Subquery(responses.annotate(n=Count("id")).values("n")), 0),
            )
        )

    def get_fieldsets(self, request: HttpRequest, obj: Survey | None = None) -> list:
        answered = obj is not None and obj.responses.exists()
        words = [
            ("title", "title_es"),
            ("introduction", "introduction_es"),
            *(["locked"] if answered else []),
        ]
        ways = ["purpose", "is_anonymous", "asks_to_quote", "is_open", *(["address"] if obj else [])]
        return [(None, {"fields": words}), (None, {"fields": [*ways, "most_reminders"]})]

    def get_readonly_fields(self, request: HttpRequest, obj: Survey | None = None) -> list:
        promised = obj is not None and is_promised(obj)
        return ["locked", "address", *(["is_anonymous"] if promised else [])]

    def has_delete_permission(self, request: HttpRequest, obj: Survey | None = None) -> bool:
        promised = obj is not None and is_promised(obj)
        return not promised and super().has_delete_permission(request, obj)

    def get_actions_detail(self, request: HttpRequest, object_id: str) -> list:
        # A survey without questions has nothing to show yet.
        survey = self.record(request, object_id)
        names = {"preview", "invite"} if survey.questions.exists() else set()
        if survey.responses.exists():
            names |= {"results", "publish"}
        if survey.publications.filter(withdrawn_at=None).exists():
            names.add("withdraw")
        return self.buttons(request, object_id, names)

    @display(description=gettext_lazy("questions"), ordering="question_count")
    def question_count(self, survey: Survey) -> int:
        return survey.question_count

    @display(description=gettext_lazy("answered by"), ordering="response_count")
    def response_count(self, survey: Survey) -> int:
        return survey.response_count

    @display(description=gettext_lazy("questions are fixed"))
    def locked(self, survey: Survey) -> str:
        return why_locked(survey.responses.count())

    @display(description=gettext_lazy("address for partners"))
    def address(self, survey: Survey) -> str:
        if not survey.is_open:
            return _("Only people who are invited can answer.")
        return format_html('<a href="{0}">{0}</a>', survey.open_url)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        survey = context.get("original")
        if isinstance(survey, Survey):
            writing = [_far(each) for each in survey.invitations.all().progress()]
            context |= {"writing": writing, "writing_goes_on": True}
        return super().render_change_form(request, context, *args, **kwargs)

    # --- Pages ----------------------------------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        return [
            desk_page(self, "<int:pk>/results/texts/<int:question>/", reading.texts, "texts"),
            desk_page(self, "<int:pk>/results/organizations/", reading.organizations, "organizations"),
            desk_page(self, "<int:pk>/results/quotes/", reading.quotes, "quotes"),
            desk_page(self, "<int:pk>/results/quotes.csv", reading.quotes_file, "quotes_file"),
            desk_page(self, "<int:pk>/results/answers.<str:kind>", reading.file, "file"),
            desk_page(self, "<int:pk>/results/files/<uuid:answer>/", reading.handed_in, "handed_in"),
            *super().get_urls(),
        ]

    @action(description=gettext_lazy("Preview"), icon="visibility", permissions=["view"], url_path="preview")
    def preview(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The survey as people will see it. Answers typed here are checked, and kept nowhere."""
        survey = self.record(request, object_id)
        if not survey.questions.exists():
            return redirect(self._back(survey))
        wanted = request.POST.get("lang") or request.GET.get("lang")
        with translation.override(SPANISH if wanted == SPANISH else ENGLISH):
            walk = SurveyWalk(survey, request)
            would_do = walk.is_done
            if would_do:
                walk.show_again()
            context = {
                "survey": survey,
                "walk": walk,
                "form": walk.form,
                "language": translation.get_language(),
                "is_preview": True,
                "would_do": would_do,
                "back_url": self._back(survey),
            }
            return render(request, "surveys/answer.html", context)

    @action(description=gettext_lazy("Results"), icon="bar_chart", permissions=["read"], url_path="results")
    def results(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return reading.results(self, request, self.record(request, object_id))

    @action(description=gettext_lazy("Invite people"), icon="mail", permissions=["work"], url_path="invite")
    def invite(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return inviting.invite_people(self, request, self.record(request, object_id))

    @action(
        description=gettext_lazy("Publish the results"),
        icon="public",
        permissions=["publish"],
        url_path="publish",
        attrs=SECOND_ROW,
    )
    def publish(self, request: HttpRequest, object_id: str) -> HttpResponse:
        survey = self.record(request, object_id)
        return self.ask(
            request,
            survey,
            Step(
                title=_("Publish the results?"),
                explanation=_(
                    "Everybody can read the numbers as they are now, without those of fewer than ten people, and the quotes you chose. Later answers do not change what is published; publish again to bring it up to date."
                ),
                button=_("Publish the results"),
                done=_("The results are public: %s") % survey.results_url,
                step=lambda data: publish_results(survey=survey, by=request.user, now=timezone.now()),
                facts=[(_("Answers"), survey.responses.count()), (_("Address"), survey.results_url)],
            ),
        )

    @action(
        description=gettext_lazy("Withdraw the results"),
        icon="public_off",
        permissions=["publish"],
        url_path="withdraw",
        attrs=SECOND_ROW,
    )
    def withdraw(self, request: HttpRequest, object_id: str) -> HttpResponse:
        survey = self.record(request, object_id)
        return self.ask(
            request,
            survey,
            Step(
                title=_("Withdraw the results?"),
                explanation=_("The public page goes. Nothing is lost: you can publish the results again."),
                button=_("Withdraw the results"),
                done=_("The results are not public any more."),
                step=lambda data: withdraw_results(survey=survey, by=request.user, now=timezone.now()),
                danger=True,
            ),
        )

    def has_read_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Answers carry names: to read them takes the right to see responses."""
        return request.user.has_perm("surveys.view_response")

    def has_publish_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Who publishes has read what is published."""
        return self.has_work_permission(request) and self.has_read_permission(request)

    def _back(self, survey: Survey) -> str:
        return reverse("admin:surveys_survey_change", args=[survey.pk])


def _far(writing: Writing) -> str:
    """How far the writing of invitations is, in words."""
    facts = {"written": f"{writing.written:,}", "people": f"{writing.people:,}", "about": writing.subject}
    if writing.subject:
        return _("%(about)s: %(written)s of %(people)s invitations are written.") % facts
    return _("%(written)s of %(people)s invitations are written. The rest follow by themselves.") % facts
