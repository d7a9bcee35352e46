"""Stories that people shared: read, accepted or declined, told on, and withdrawn for those who ask by phone."""

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, linebreaks
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import display
from unfold.enums import ActionVariant
from unfold.widgets import UnfoldAdminTextareaWidget

from campaigns.models import SharedStory
from campaigns.services import shared_stories as services
from campaigns.staff_views import Question, asking, change_url, posted
from partners.admin.base import PartnersAdmin, ReadOnlyMixin
from partners.admin.filters import WaitingFilter
from partners.admin.history import HistoryAdmin

_State = SharedStory.State
# Which buttons a story has in each state.
BUTTONS = {
    _State.WAITING: {"accept", "decline", "withdraw"},
    _State.ACCEPTED: {"make_article", "decline", "withdraw"},
    _State.DECLINED: {"accept", "withdraw"},
    _State.WITHDRAWN: set(),
}


class StateFilter(WaitingFilter):
    states, waiting = _State.choices, _State.WAITING


class StoryReasonForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=300,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 4}),
        help_text=gettext_lazy(
            "The author gets these words by e-mail, with our thanks. Do not repeat the story in them."
        ),
        error_messages={"required": gettext_lazy("Write the reason; the author will read it.")},
    )


@admin.register(SharedStory)
class SharedStoryAdmin(ReadOnlyMixin, HistoryAdmin, PartnersAdmin):
    list_display = ["headline", "shown_state", "author", "scope", "call", "shared_at"]
    list_filter = [StateFilter, "scope", "action__call_to_action"]
    list_select_related = ["action__person", "action__call_to_action"]
    search_fields = ["title", "action__reference", "action__person__last_name", "action__person__email"]
    ordering = ["action__acted_at"]
    actions_detail = ["accept", "make_article", "decline", "withdraw"]
    fieldsets = [
        (None, {"fields": ["state", "title", "told", "place"]}),
        (gettext_lazy("What its author allows"), {"fields": ["scope", "scope_text", "as_shown"]}),
        (gettext_lazy("Who told it"), {"fields": ["author", "organization", "call", "action", "shared_at"]}),
        (
            gettext_lazy("What became of it"),
            {
                "fields": [
                    "article",
                    "moderated_at",
                    "moderated_by",
                    "decline_reason",
                    "withdrawn_at",
                    "withdrawal_proof",
                ]
            },
        ),
    ]
    readonly_fields = [
        "told",
        "as_shown",
        "author",
        "organization",
        "call",
        "shared_at",
        "article",
    ]

    def get_actions_detail(self, request: HttpRequest, object_id: str) -> list:
        shared = self.existing(request, object_id)
        return self.buttons(request, object_id, BUTTONS[_State(shared.state)] if shared else set())

    @display(description=gettext_lazy("headline"), ordering="title")
    def headline(self, shared: SharedStory) -> str:
        return shared.title or shared.action.reference

    @display(
        description=gettext_lazy("state"),
        ordering="state",
        label={"waiting": "warning", "accepted": "success", "declined": "info", "withdrawn": "danger"},
    )
    def shown_state(self, shared: SharedStory) -> tuple[str, str]:
        return shared.state, shared.get_state_display()

    @display(description=gettext_lazy("story"))
    def told(self, shared: SharedStory) -> SafeString | str:
        if shared.state == _State.WITHDRAWN:
            return _("Erased.")
        escaped = mark_safe(linebreaks(shared.text, autoescape=True))  # noqa: S308 (it escapes itself)
        return format_html('<div class="desk-prose">{}</div>', escaped)

    @display(description=gettext_lazy("shown as"))
    def as_shown(self, shared: SharedStory) -> str:
        """What readers see of the author."""
        if shared.scope == SharedStory.Scope.LAWMAKERS:
            return _("Not published: for lawmakers only.")
        name, place = services.author_shown(shared), services.place_shown(shared)
        return ", ".join(part for part in (name or _("Name withheld"), place) if part)

    @display(description=gettext_lazy("author"), ordering="action__person__last_name")
    def author(self, shared: SharedStory) -> str:
        return f"{shared.action.person.name} <{shared.action.person.email}>"

    @display(description=gettext_lazy("organization"))
    def organization(self, shared: SharedStory) -> str:
        return str(shared.action.organization or "")

    @display(description=gettext_lazy("call to action"), ordering="action__call_to_action__title")
    def call(self, shared: SharedStory) -> str:
        return shared.action.call_to_action.title

    @display(description=gettext_lazy("shared"), ordering="action__acted_at")
    def shared_at(self, shared: SharedStory) -> str:
        return date_format(timezone.localtime(shared.action.acted_at), "F j, Y, g:i a")

    @display(description=gettext_lazy("story made of it"))
    def article(self, shared: SharedStory) -> SafeString | str:
        if shared.story is None:
            return _("None")
        return format_html(
            '<a class="desk-link" href="{}">{}</a> · {}',
            change_url(shared.story),
            shared.story.headline,
            shared.story.get_status_display(),
        )

    @asking(gettext_lazy("Accept"), icon="check", url_path="accept", variant=ActionVariant.PRIMARY)
    def accept(self, request: HttpRequest, shared: SharedStory) -> Question:
        return Question(
            title=_("Accept this story?"),
            explanation=_("It appears on its call's page at once, unless its author allows lawmakers only."),
            facts=[(_("What its author allows"), shared.scope_text), (_("Shown as"), self.as_shown(shared))],
            button=_("Accept the story"),
            done=_("The story is accepted."),
            step=lambda answers: services.accept_story(shared=shared, by=request.user),
        )

    @asking(gettext_lazy("Decline"), icon="close", url_path="decline")
    def decline(self, request: HttpRequest, shared: SharedStory) -> Question:
        return Question(
            title=_("Decline this story?"),
            explanation=_(
                "Its author gets our thanks and your reason by e-mail. Nobody else reads the story."
            ),
            button=_("Decline the story"),
            done=_("The story is declined, and its author knows why."),
            form=StoryReasonForm(posted(request)),
            danger=True,
            step=lambda answers: services.decline_story(shared=shared, by=request.user, **answers),
        )

    @asking(
        gettext_lazy("Make a story of it"), icon="article", url_path="article", variant=ActionVariant.PRIMARY
    )
    def make_article(self, request: HttpRequest, shared: SharedStory) -> Question:
        return Question(
            title=_("Make a story for our site of it?"),
            explanation=_(
                "You get a draft filled with its words, to edit and publish. A withdrawal erases it too."
            ),
            facts=[(_("What its author allows"), shared.scope_text), (_("Shown as"), self.as_shown(shared))],
            button=_("Make the draft"),
            done=_("Here is the draft."),
            step=lambda answers: services.make_article(shared=shared, by=request.user),
        )

    @asking(gettext_lazy("Withdraw for its author"), icon="delete_forever", url_path="withdraw")
    def withdraw(self, request: HttpRequest, shared: SharedStory) -> Question:
        return Question(
            title=_("Withdraw this story for its author?"),
            explanation=_(
                "Its words are erased everywhere, with the story made of it. Its author gets the proof by e-mail. "
                "This cannot be undone."
            ),
            button=_("Withdraw and erase the story"),
            done=_("The story is withdrawn and erased."),
            danger=True,
            step=lambda answers: services.withdraw_shared_story(shared=shared, by=request.user),
        )
