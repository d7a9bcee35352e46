"""Workers' voices and profiles: written down with their consent, published, taken off, withdrawn."""

from typing import Any

from django.contrib import admin, messages
from django.forms import Form
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import display
from unfold.enums import ActionVariant

from campaigns.models import WorkerProfile, WorkerVoice
from campaigns.models.consent import GivenWords
from campaigns.services import voices as services
from campaigns.staff_forms import tone_hints_in
from campaigns.staff_views import Question, asking
from campaigns.voice_emails import withdrawal_address
from partners.admin.editing import EditorAdmin
from partners.admin.history import HistoryAdmin

_State = GivenWords.State
# Which buttons words have in each state.
BUTTONS = {
    _State.DRAFT: {"publish", "withdraw"},
    _State.PUBLISHED: {"take_down", "withdraw"},
    _State.WITHDRAWN: set(),
}
CONSENT = ["scope", "scope_text", "consented_at", "email"]
STANDS = ["state", "published_at", "withdrawal_link", "withdrawn_at", "withdrawal_proof", "entered"]


class GivenWordsAdmin(HistoryAdmin, EditorAdmin):
    """What voices and profiles have in common at the desk."""

    actions_detail = ["publish", "take_down", "withdraw"]
    readonly_fields = [
        "state",
        "published_at",
        "withdrawal_link",
        "withdrawn_at",
        "withdrawal_proof",
        "entered",
    ]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # A form that was open while the author withdrew would bring the erased words back.
        return not (obj and obj.state == _State.WITHDRAWN) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # What was published leaves its proof.
        return (obj is None or obj.published_at is None) and super().has_delete_permission(request, obj)

    def get_actions_detail(self, request: HttpRequest, object_id: str) -> list:
        return self.buttons(request, object_id, BUTTONS[_State(self.record(request, object_id).state)])

    def save_model(self, request: HttpRequest, obj: Any, form: Form, change: bool) -> None:
        if not change:
            obj.entered_by = request.user
        super().save_model(request, obj, form, change)

    @display(
        description=gettext_lazy("state"),
        ordering="state",
        label={"published": "success", "draft": "warning", "withdrawn": "danger"},
    )
    def shown_state(self, words: Any) -> tuple[str, str]:
        return words.state, words.get_state_display()

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """The link that erases the words is for staff who may withdraw them."""
        found = super().get_fieldsets(request, obj)
        if self.has_work_permission(request):
            return found
        return [
            (name, {**options, "fields": [one for one in options["fields"] if one != "withdrawal_link"]})
            for name, options in found
        ]

    @display(description=gettext_lazy("link to withdraw"))
    def withdrawal_link(self, words: Any) -> SafeString | str:
        """For those without an address of ours: staff hand it over, on paper if need be."""
        if not words.pk or words.state == _State.WITHDRAWN:
            return ""
        address = withdrawal_address(words)
        return format_html('<a class="desk-link" href="{}">{}</a>', address, address)

    @display(description=gettext_lazy("written down"))
    def entered(self, words: Any) -> str:
        return str(words.entered_by or "") if words.pk else ""

    @asking(gettext_lazy("Publish"), icon="publish", url_path="publish", variant=ActionVariant.PRIMARY)
    def publish(self, request: HttpRequest, words: Any) -> Question:
        return Question(
            title=_("Publish these words?"),
            explanation=_(
                "They appear as far as their author allows. With an e-mail address, its owner gets the link to withdraw."
            ),
            facts=[(_("What they allow"), words.get_scope_display()), (_("Consent"), words.scope_text)],
            button=_("Publish the words"),
            done=_("The words are published."),
            step=lambda answers: services.publish_words(words=words, by=request.user),
        )

    @asking(gettext_lazy("Take off the site"), icon="unpublished", url_path="take-down")
    def take_down(self, request: HttpRequest, words: Any) -> Question:
        return Question(
            title=_("Take these words off the site?"),
            explanation=_("They become a draft again. Nothing is erased."),
            button=_("Take them off the site"),
            done=_("The words are off the site."),
            step=lambda answers: services.take_down_words(words=words, by=request.user),
        )

    @asking(gettext_lazy("Withdraw for the author"), icon="delete_forever", url_path="withdraw")
    def withdraw(self, request: HttpRequest, words: Any) -> Question:
        return Question(
            title=_("Withdraw these words for their author?"),
            explanation=_(
                "They are erased here and in their history, and are off the site at once. No way back."
            ),
            button=_("Withdraw and erase the words"),
            done=_("The words are withdrawn and erased."),
            danger=True,
            step=lambda answers: services.withdraw_words(words=words, by=request.user),
        )


@admin.register(WorkerVoice)
class WorkerVoiceAdmin(GivenWordsAdmin):
    list_display = ["quoted", "priority", "shown_state", "scope", "role", "sub_sector"]
    list_filter = ["state", "scope", "priority__agenda"]
    list_select_related = ["priority", "sub_sector"]
    search_fields = ["quote", "role", "priority__title"]
    autocomplete_fields = ["priority"]
    fieldsets = [
        (None, {"fields": ["priority", "quote", "order"]}),
        (
            gettext_lazy("Who says it"),
            {"fields": ["first_name", "role", "place", "sub_sector", "background"]},
        ),
        (gettext_lazy("Consent"), {"fields": CONSENT}),
        (gettext_lazy("Where it stands"), {"fields": STANDS}),
    ]

    @display(description=gettext_lazy("what they told us"))
    def quoted(self, voice: WorkerVoice) -> str:
        return " ".join(voice.quote.split())[:90] or _("Erased.")


@admin.register(WorkerProfile)
class WorkerProfileAdmin(GivenWordsAdmin):
    list_display = ["named", "role", "organization", "shown_state", "scope", "published_at"]
    list_filter = ["state", "scope"]
    list_select_related = ["organization"]
    search_fields = ["name", "role", "summary"]
    # Not of the name, which not everybody allows.
    prepopulated_fields = {"slug": ["role"]}
    autocomplete_fields = ["organization"]
    fieldsets = [
        (None, {"fields": ["name", "slug", "role", "organization", "city", "summary"]}),
        (gettext_lazy("The work"), {"fields": ["skill", "training", "result", "quote"]}),
        (gettext_lazy("Consent"), {"fields": CONSENT}),
        (gettext_lazy("Where it stands"), {"fields": STANDS}),
    ]

    def view_on_site(self, profile: WorkerProfile) -> str | None:
        return profile.get_absolute_url() if profile.is_public else None

    def save_related(self, request: HttpRequest, form: Form, formsets: list, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        for hint in tone_hints_in(form.instance.summary):
            messages.info(request, hint)

    @display(description=gettext_lazy("name"), ordering="name")
    def named(self, profile: WorkerProfile) -> str:
        return profile.name or _("Erased.")
