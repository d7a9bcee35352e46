"""The part of a call's form that asks for witness slips: which document, which position."""

from typing import Any

from django.forms.models import BaseInlineFormSet, ModelChoiceField
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline

from campaigns.models import CallToAction, SlipAsk
from legislation.models import HearingDocument
from partners.admin.editing import NamedCellsMixin

NOT_ON_NOTICE = _(
    "This document is not on the notice of the call's hearing. Remove it, or choose its hearing."
)


class HearingDocumentField(ModelChoiceField):
    """A document as people write it: `HB 1075, House Amendment 1`."""

    def label_from_instance(self, document: HearingDocument) -> str:
        return document.label


class SlipAskFormSet(BaseInlineFormSet):
    """Offers what stands on the notice of the call's hearing, and refuses everything else."""

    instance: CallToAction

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        documents = HearingDocument.objects.filter(hearing=self.instance.hearing_id or 0, removed_at=None)
        form.fields["document"].queryset = documents.order_by("identifier", "amendment")

    def clean(self) -> None:
        """The hearing may be chosen anew in the same step; its documents are offered after that."""
        super().clean()
        for form in self.forms:
            document = getattr(form, "cleaned_data", {}).get("document")
            is_kept = document is not None and not self._should_delete_form(form)
            if is_kept and document.hearing_id != self.instance.hearing_id:
                form.add_error("document", NOT_ON_NOTICE)


class SlipAskInline(NamedCellsMixin, TabularInline):
    model = SlipAsk
    formset = SlipAskFormSet
    extra = 0
    hide_title = True
    fields = ["document", "position"]
    verbose_name = _("document to file on")
    verbose_name_plural = _("Documents to file on (those of the chosen hearing: save the hearing first)")

    def formfield_for_foreignkey(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if db_field.name == "document":
            kwargs["form_class"] = HearingDocumentField
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if field is not None and db_field.name == "document":
            field.error_messages["invalid_choice"] = NOT_ON_NOTICE
            # Documents come with a hearing's notice; here they are only chosen.
            for adding in ("can_add_related", "can_change_related", "can_delete_related", "can_view_related"):
                setattr(field.widget, adding, False)
        return field
