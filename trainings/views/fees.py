"""What trainings cost and why, and who teaches them."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from partners.caching import cached_page
from trainings import card_service
from trainings.fee_scales import fee_scales
from trainings.models import Course, Facilitator, ScholarshipFund, TrainingSponsorship
from trainings.pay_equity import pay_shown_to_all


@login_not_required
@cached_page
@require_safe
def fees(request: HttpRequest) -> HttpResponse:
    """The sliding scale, how scholarships work, and what facilitators are paid: in plain words, from the data."""
    now = timezone.now()
    today = timezone.localdate(now)
    courses = Course.objects.published().filter(tiers__is_offered=True).distinct()
    context = {
        "scales": fee_scales(courses.order_by("title").prefetch_related("tiers")),
        "free_courses": Course.objects.published().exclude(tiers__is_offered=True, tiers__amount__gt=0),
        "funds": ScholarshipFund.objects.awardable(today).filter(is_public=True).select_related("sponsor"),
        "pay": pay_shown_to_all(now),
        "has_cards": card_service.is_on(),
        "sponsorships": TrainingSponsorship.objects.of_all_trainings(today),
    }
    return render(request, "trainings/fees.html", context)


@login_not_required
@cached_page
@require_safe
def facilitators(request: HttpRequest) -> HttpResponse:
    """Who teaches: everybody who agreed to be shown, in their own words."""
    people = Facilitator.objects.public().order_by("name")
    return render(request, "trainings/facilitators.html", {"facilitators": people})
