"""What staff decide on an alert's way and after it: unknown messages, its test, its reminders, its cost."""

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.options import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.widgets import (
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminRadioSelectWidget,
    UnfoldAdminSelectWidget,
)

from campaigns.models import ActionAlert
from campaigns.results.trouble import decisions, unknown_rows
from campaigns.results.variants import comparison
from campaigns.services import ab_tests, lobbying, reminders
from campaigns.staff_views import Question, ask, desk_context, posted
from mailing.models import Delivery
from mailing.services import Resolved, resolve_unknown
from partners.models import User

PER_PAGE = 50
DECIDED_SHOWN = 50
# All at once goes through them in portions, each a transaction of its own.
PORTION = 1000


class CostForm(forms.Form):
    """What an alert cost, and how the tax law sees it."""

    lobbying = forms.ChoiceField(
        label=gettext_lazy("Lobbying class"),
        choices=ActionAlert.Lobbying.choices,
        widget=UnfoldAdminSelectWidget,
        help_text=gettext_lazy("A call to the public about a bill or a lawmaker is grassroots lobbying."),
    )
    staff_minutes = forms.IntegerField(
        label=gettext_lazy("Staff time in minutes"),
        min_value=0,
        max_value=100_000,
        widget=UnfoldAdminIntegerFieldWidget,
        help_text=gettext_lazy("All the time that went into this alert and its reminders."),
    )
    other_cost = forms.DecimalField(
        label=gettext_lazy("Other cost in dollars"),
        min_value=Decimal(0),
        max_digits=9,
        decimal_places=2,
        widget=UnfoldAdminDecimalFieldWidget,
    )


class WinnerForm(forms.Form):
    """Which variant the rest of an A/B test gets."""

    variant = forms.ChoiceField(
        label=gettext_lazy("Who has not got the alert yet gets"),
        choices=[
            ("", gettext_lazy("what brought more so far")),
            ("A", gettext_lazy("variant A")),
            ("B", gettext_lazy("variant B")),
        ],
        required=False,
        widget=UnfoldAdminRadioSelectWidget,
    )


def unknown(admin: ModelAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    """Messages of which nobody knows whether they went out. A POST decides those that were chosen."""
    alert = _record(admin, request, pk)
    if request.method == "POST":
        if not admin.has_work_permission(request):
            raise PermissionDenied
        numbers = [int(one) for one in request.POST.getlist("delivery") if one.isdecimal() and len(one) < 19]
        chosen = list(unknown_rows(alert).filter(pk__in=numbers))
        if chosen:
            _tell(request, _resolved(chosen, request.POST.get("decision", ""), request.user))
        else:
            messages.warning(request, _("Choose at least one message."))
        return HttpResponseRedirect(request.get_full_path())
    context = desk_context(admin, request, alert, _("Unknown messages"))
    context |= {
        "alert": alert,
        "back_url": _result(alert),
        "page": Paginator(unknown_rows(alert), PER_PAGE).get_page(request.GET.get("page")),
        "decided": list(decisions(alert)[:DECIDED_SHOWN]),
        "may_work": admin.has_work_permission(request),
    }
    return TemplateResponse(request, "admin/desk/alert_result_unknown.html", context)


def decide_all(admin: ModelAdmin, request: HttpRequest, pk: int, decision: str) -> HttpResponse:
    """Asks, then decides every unknown message of the alert in the same way."""
    alert = _to_work_on(admin, request, pk)
    number = unknown_rows(alert).count()
    resend = decision == "resend"
    if decision not in {"counted", "resend"}:
        raise Http404

    def step(answers: dict[str, Any]) -> None:
        result = Resolved(0, 0)
        rows = list(unknown_rows(alert).values_list("pk", flat=True))
        for start in range(0, len(rows), PORTION):
            portion = Delivery.objects.filter(pk__in=rows[start : start + PORTION])
            result = _sum(result, _resolved(list(portion), decision, request.user))
        question.done = _words(result)

    question = Question(
        title=_("Send all unknown messages again?") if resend else _("Count all unknown messages as sent?"),
        explanation=_(
            "Some of these people may have got the message already and would get it a second time. "
            "Nobody who unsubscribed meanwhile is written to."
        )
        if resend
        else _("Nothing is sent. The messages count as accepted by the mail server from now on."),
        facts=[(_("Unknown messages"), number)],
        problems=[] if number else [_("There are no unknown messages.")],
        button=ngettext("Send %(n)d message again", "Send %(n)d messages again", number) % {"n": number}
        if resend
        else ngettext("Count %(n)d message as sent", "Count %(n)d messages as sent", number) % {"n": number},
        danger=resend,
        done="",
        next_url=reverse("admin:campaigns_actionalert_unknown", args=[alert.pk]),
        step=step,
    )
    return ask(admin, request, alert, question)


def decide_test(admin: ModelAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    """Asks which variant the rest gets, before the test's hours have passed."""
    alert = _to_work_on(admin, request, pk)
    numbers = comparison(alert)
    facts: list[tuple[str, object]] = []
    if numbers:
        facts = [
            (_("Variant A"), _rates(numbers.a)),
            (_("Variant B"), _rates(numbers.b)),
            (_("So far"), numbers.words()),
        ]
    question = Question(
        title=_("Decide the test now?"),
        explanation=_("Everybody who waits for the result gets the chosen variant. This cannot be undone."),
        facts=facts,
        form=WinnerForm(posted(request)),
        button=_("Decide and send the rest"),
        done=_("The test is decided. The rest is on its way."),
        next_url=_result(alert),
        step=lambda answers: ab_tests.judge_test(
            alert=alert, by=request.user, now=timezone.now(), variant=answers["variant"]
        ),
    )
    return ask(admin, request, alert, question)


def stop_reminders(admin: ModelAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    """Asks, then ends an alert's reminders."""
    alert = _to_work_on(admin, request, pk)
    question = Question(
        title=_("Stop the reminders of this alert?"),
        explanation=_(
            "Reminders to come are not sent, and one that is going out sends nothing more. This cannot be undone."
        ),
        button=_("Stop the reminders"),
        danger=True,
        done=_("The reminders are stopped."),
        next_url=_result(alert),
        step=lambda answers: reminders.stop_reminders(alert=alert, by=request.user),
    )
    return ask(admin, request, alert, question)


def record_cost(admin: ModelAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    """Notes class and cost, also of an alert that was sent long ago."""
    alert = _to_work_on(admin, request, pk)
    initial = {name: getattr(alert, name) for name in CostForm.base_fields}
    question = Question(
        title=_("What did this alert cost?"),
        explanation=_("For the accountant's report on lobbying. The history keeps every change."),
        form=CostForm(posted(request), initial=initial),
        button=_("Save class and cost"),
        done=_("Class and cost are saved."),
        next_url=_result(alert),
        step=lambda answers: lobbying.record_cost(alert=alert, by=request.user, **answers),
    )
    return ask(admin, request, alert, question)


def existing(admin: ModelAdmin, request: HttpRequest, pk: int) -> ActionAlert:
    """The alert an address names."""
    alert = admin.get_object(request, str(pk))
    if alert is None:
        raise Http404
    return alert


def _record(admin: ModelAdmin, request: HttpRequest, pk: int) -> ActionAlert:
    alert = existing(admin, request, pk)
    if not admin.has_view_permission(request, alert):
        raise PermissionDenied
    return alert


def _to_work_on(admin: ModelAdmin, request: HttpRequest, pk: int) -> ActionAlert:
    alert = _record(admin, request, pk)
    if not admin.has_work_permission(request):
        raise PermissionDenied
    return alert


def _resolved(rows: list[Delivery], decision: str, by: User) -> Resolved:
    if decision not in {"counted", "resend"}:
        raise Http404
    return resolve_unknown(deliveries=rows, decision=decision, by=by.email)


def _sum(one: Resolved, other: Resolved) -> Resolved:
    words = tuple(dict.fromkeys([*one.reasons, *other.reasons]))
    return Resolved(one.done + other.done, one.refused + other.refused, words)


def _tell(request: HttpRequest, result: Resolved) -> None:
    (messages.success if result.done else messages.warning)(request, _words(result))


def _words(result: Resolved) -> str:
    parts = [ngettext("%(n)d message decided.", "%(n)d messages decided.", result.done) % {"n": result.done}]
    if result.refused:
        words = ngettext("%(n)d was not sent again:", "%(n)d were not sent again:", result.refused)
        parts += [words % {"n": result.refused}, *result.reasons]
    return " ".join(parts)


def _rates(numbers: Any) -> str:
    return _("%(acted)d acted and %(clicked)d clicked of %(accepted)d accepted") % {
        "acted": numbers.acted,
        "clicked": numbers.clicked,
        "accepted": numbers.accepted,
    }


def _result(alert: ActionAlert) -> str:
    return reverse("admin:campaigns_actionalert_result", args=[alert.pk])
