"""The community of practice: groups, subjects, replies. For people of partners, signed in."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from mailing.web.limits import limited
from partners.errors import NotAllowed
from partners.gatherings.tokens import read_place_token
from partners.models import Person
from partners.posted import posted
from trainings.community_emails import USE
from trainings.community_forms import DigestForm, ReplyForm, ReportForm, ResourceForm, SubjectForm
from trainings.community_querysets import may_read_community
from trainings.models import Group, GroupMember, Post
from trainings.services import community as services

SUBJECTS_PER_PAGE, REPLIES_PER_PAGE = 20, 50
_AS_OFTEN = "120/h"


def _person(request: HttpRequest) -> Person | None:
    return getattr(request.user, "person", None)


def _group(request: HttpRequest, slug: str) -> Group:
    return get_object_or_404(Group.objects.visible_to(request.user), slug=slug)


def _member(request: HttpRequest, group: Group) -> GroupMember | None:
    person = _person(request)
    return GroupMember.objects.filter(group=group, person=person).first() if person else None


def _writer(request: HttpRequest) -> Person:
    """Who writes: staff without a place in an organization only moderate."""
    person = _person(request)
    if person is None:
        raise Http404
    return person


@require_safe
def groups(request: HttpRequest) -> HttpResponse:
    """All groups, one's own first. Who belongs to no partner reads for whom they are."""
    if not may_read_community(request.user):
        return render(request, "trainings/community/for_partners.html", status=403)
    person = _person(request)
    joined = set(person.group_memberships.values_list("group", flat=True)) if person else set()
    found = sorted(Group.objects.with_numbers(), key=lambda group: (group.pk not in joined, group.name))
    return render(request, "trainings/community/groups.html", {"groups": found, "joined": joined})


@require_safe
def group(request: HttpRequest, slug: str) -> HttpResponse:
    """One group: its subjects, those written in last first; `q` searches in them."""
    found = _group(request, slug)
    words = " ".join(request.GET.get("q", "").split())[:100]
    subjects = Post.objects.filter(group=found).readable().subjects().found(words)
    member = _member(request, found)
    context = {
        "group": found,
        "member": member,
        "can_write": member is not None and member.muted_at is None and found.is_open,
        "words": words,
        "page_obj": Paginator(
            subjects.select_related("group", "author", "organization"), SUBJECTS_PER_PAGE
        ).get_page(request.GET.get("page")),
        "resources": found.resources.select_related("shared_by"),
        "people": found.members.count(),
        "digest_form": DigestForm(initial={"digest": member.digest}) if member else None,
    }
    return render(request, "trainings/community/group.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@limited("community", _AS_OFTEN)
def subject(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """A subject with its replies; POST adds one."""
    found = _group(request, slug)
    post = get_object_or_404(
        found.posts.select_related("group", "author", "organization"), pk=pk, parent=None
    )
    form = ReplyForm(posted(request))
    if form.is_bound and form.is_valid():
        try:
            written = services.reply(
                subject=post, person=_writer(request), text=form.cleaned_data["text"], now=timezone.now()
            )
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect(_place(written))
    return _subject_page(request, found, post, form)


def _subject_page(request: HttpRequest, found: Group, post: Post, form: ReplyForm) -> HttpResponse:
    member = _member(request, found)
    replies = post.replies.select_related("author", "organization").order_by("written_at", "pk")
    is_open = found.is_open and post.closed_at is None and post.is_readable
    page = Paginator(replies, REPLIES_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "group": found,
        "post": post,
        "form": form,
        "member": member,
        "can_write": member is not None and member.muted_at is None and is_open,
        "is_open": is_open,
        "own": _person(request),
        "page_obj": page,
    }
    return render(request, "trainings/community/subject.html", context)


def _place(post: Post) -> str:
    """Where a post stands: on the page of its subject that shows it."""
    if post.parent_id is None:
        return post.get_absolute_url()
    before = Post.objects.filter(parent=post.parent_id, written_at__lt=post.written_at).count()
    page = before // REPLIES_PER_PAGE + 1
    address = reverse("community:subject", args=[post.group.slug, post.parent_id])
    return f"{address}{f'?page={page}' if page > 1 else ''}#post-{post.pk}"


@require_http_methods(["GET", "HEAD", "POST"])
@limited("community", _AS_OFTEN)
def start(request: HttpRequest, slug: str) -> HttpResponse:
    """A new subject."""
    found, person = _group(request, slug), _writer(request)
    form = SubjectForm(posted(request))
    if form.is_bound and form.is_valid():
        try:
            written = services.start_subject(
                group=found, person=person, now=timezone.now(), **form.cleaned_data
            )
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect(written.get_absolute_url())
    return _form_page(request, found, form, _("Start a subject"), _("Publish it"))


@require_http_methods(["GET", "HEAD", "POST"])
@limited("community", _AS_OFTEN)
def edit(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Other words for one's own post, or none: it is removed."""
    found, person = _group(request, slug), _writer(request)
    post = get_object_or_404(found.posts.select_related("group"), pk=pk, author=person, removed_at=None)
    make: type[Any] = SubjectForm if post.parent_id is None else ReplyForm
    form = make(posted(request), initial={"title": post.title, "text": post.text})
    now = timezone.now()
    try:
        if request.method == "POST" and "remove" in request.POST:
            services.remove_post(post=post, now=now)
            messages.success(request, _("Your post is removed."))
            return redirect(found if post.parent_id is None else _place(post))
        if form.is_bound and form.is_valid():
            title = form.cleaned_data.get("title", "")
            services.change_post(post=post, title=title, text=form.cleaned_data["text"], now=now)
            return redirect(_place(post))
    except NotAllowed as refusal:
        form.add_error(None, str(refusal))
    return _form_page(request, found, form, _("Change your post"), _("Save the changes"), post=post)


@require_http_methods(["GET", "HEAD", "POST"])
@limited("community", _AS_OFTEN)
def share(request: HttpRequest, slug: str) -> HttpResponse:
    """A link for the group's shelf."""
    found, person = _group(request, slug), _writer(request)
    form = ResourceForm(posted(request))
    if form.is_bound and form.is_valid():
        try:
            services.share_resource(group=found, person=person, **form.cleaned_data)
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The link stands with the group's resources now."))
            return redirect(found)
    return _form_page(request, found, form, _("Share a link"), _("Share it with the group"))


@require_http_methods(["GET", "HEAD", "POST"])
@limited("community", _AS_OFTEN)
def report(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Tells the moderators of a post."""
    found, person = _group(request, slug), _writer(request)
    post = get_object_or_404(found.posts.select_related("group").readable(), pk=pk)
    form = ReportForm(posted(request))
    if form.is_bound and form.is_valid():
        services.report_post(post=post, person=person, reason=form.cleaned_data["reason"], now=timezone.now())
        messages.success(request, _("Thank you. Our moderators will look at it."))
        return redirect(_place(post))
    return _form_page(request, found, form, _("Report this post"), _("Tell the moderators"), reported=post)


def _form_page(
    request: HttpRequest, found: Group, form: Any, title: str, button: str, **more: Post
) -> HttpResponse:
    context = {"group": found, "form": form, "title": title, "button": button, **more}
    return render(request, "trainings/community/form.html", context)


def membership(request: HttpRequest, slug: str) -> HttpResponse:
    """POST joins, leaves, or chooses how often mail comes; anything else leads to the group."""
    found, person = _group(request, slug), _writer(request)
    if request.method != "POST":
        return redirect(found)
    step = request.POST.get("step")
    if step == "join":
        services.join_group(group=found, person=person, now=timezone.now())
        messages.success(request, _("Welcome. You can write in this group now."))
    elif step == "leave":
        services.leave_group(group=found, person=person)
        messages.success(request, _("You have left the group. What you wrote stays."))
    else:
        member = get_object_or_404(GroupMember, group=found, person=person)
        form = DigestForm(posted(request))
        if form.is_valid():
            services.choose_digest(member=member, digest=form.cleaned_data["digest"])
            messages.success(request, _("Saved."))
    return redirect(found)


@csrf_exempt
@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop_digest(request: HttpRequest, token: str) -> HttpResponse:
    """Stops the weekly mail of all groups. Mail programs post here by themselves (RFC 8058)."""
    person = Person.objects.filter(pk=read_place_token("community", USE, token)).first()
    if person is None:
        return render(request, "mailing/link_expired.html", {"expired": False}, status=404)
    if request.method == "POST":
        services.stop_digests(person=person)
    if request.POST.get("List-Unsubscribe") == "One-Click":
        return HttpResponse(_("You are unsubscribed."), content_type="text/plain; charset=utf-8")
    context = {"email": person.email, "is_stopped": request.method == "POST"}
    return render(request, "trainings/community/stop_mail.html", context)
