"""The schedule of Issues of the Week: twelve weeks, gaps to see, a story given or weeks swapped in one step."""

from datetime import date

from django.contrib import messages
from django.contrib.admin.options import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from campaigns.models import IssueOfTheWeek, Story
from campaigns.services import stories as services
from campaigns.services.errors import StateError
from campaigns.staff_forms import week_calendar

# Stories to choose from: those that have not led, the ones on the site first.
CHOICES = 60


def plan(admin: ModelAdmin, request: HttpRequest) -> HttpResponse:
    """The page; a POST takes one step of one week."""
    if not admin.has_view_permission(request):
        raise PermissionDenied
    here = reverse("admin:campaigns_issueoftheweek_plan")
    may_change = request.user.has_perm("campaigns.change_issueoftheweek")
    if request.method == "POST":
        if not may_change:
            raise PermissionDenied
        _take_step(request)
        return HttpResponseRedirect(here)
    weeks = week_calendar()
    context = {
        **admin.admin_site.each_context(request),
        "opts": admin.opts,
        "title": _("Plan the weeks"),
        "desk_title": _("Plan the weeks"),
        "back_url": reverse("admin:campaigns_issueoftheweek_changelist"),
        "weeks": weeks,
        "gaps": sum(issue is None for _monday, issue in weeks),
        "stories": _free_stories(),
        "may_change": may_change,
    }
    return TemplateResponse(request, "admin/desk/issue_plan.html", context)


def _free_stories() -> list[Story]:
    """Stories that can take a week: not withdrawn, and without one."""
    stories = Story.objects.exclude(status=Story.Status.WITHDRAWN).filter(issue__isnull=True)
    return list(stories.only("headline", "status", "publish_at").order_by("-publish_at", "-id")[:CHOICES])


def _take_step(request: HttpRequest) -> None:
    """What one button asks for; a mistake is said and nothing changes."""
    try:
        messages.success(request, _step(request))
    except (StateError, ValueError) as refusal:
        messages.error(request, str(refusal) if isinstance(refusal, StateError) else _("Choose first."))


def _step(request: HttpRequest) -> str:
    week = date.fromisoformat(request.POST.get("week", ""))
    step = request.POST.get("step")
    if step == "assign":
        story = Story.objects.filter(pk=int(request.POST.get("story", ""))).first()
        if story is None:
            raise StateError(_("This story does not exist any more."))
        services.set_issue_of_the_week(story=story, week=week, by=request.user)
        return _("The story has its week.")
    if step == "swap":
        services.swap_weeks(
            one=week, other=date.fromisoformat(request.POST.get("other", "")), by=request.user
        )
        return _("The weeks are swapped.")
    if step == "free" and IssueOfTheWeek.objects.filter(week=week).exists():
        services.free_week(week=week, by=request.user)
        return _("The week is free.")
    raise StateError(_("That week has no issue."))
