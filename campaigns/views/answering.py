"""The forms of a call's page, opened and sent: who somebody is, and what the kind of call asks."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from campaigns import kinds
from campaigns.forms import AnswerForm, MemberAnswerForm, VisitorAnswerForm, source_code
from campaigns.kinds import DetailsForm
from campaigns.models import ActionTaken, CallToAction
from campaigns.visitors import Visitor


@dataclass(frozen=True)
class AnswerForms:
    """The two forms of a call's page, shown as one."""

    answer: AnswerForm
    details: DetailsForm

    def are_valid(self) -> bool:
        """Checks both, so that all errors show at once."""
        return all([self.answer.is_valid(), self.details.is_valid()])

    def values(self) -> dict[str, Any]:
        """The answer as the services take it."""
        return self.answer.answer() | {"details": self.details.details()}

    @property
    def is_trap(self) -> bool:
        """Whether a robot filled the field that people never see."""
        return isinstance(self.answer, VisitorAnswerForm) and self.answer.is_trap


def opened_forms(
    request: HttpRequest, call: CallToAction, visitor: Visitor, own: ActionTaken | None
) -> AnswerForms:
    """The forms to fill in, with an earlier answer in them where there is one."""
    kind = kinds.of(call)
    details = kind.details_form(call=call, visitor=visitor, initial=kind.initial(own, visitor))
    return AnswerForms(_opened_answer(request, visitor, own), details)


def opened_in_frame(request: HttpRequest, call: CallToAction) -> AnswerForms:
    """The forms of a frame, where everybody is a stranger. Only for kinds with a `frame_form`."""
    return AnswerForms(
        _opened_answer(request, Visitor(), None), _frame_form(call)(call=call, visitor=Visitor())
    )


def sent_in_frame(request: HttpRequest, call: CallToAction) -> AnswerForms:
    """The forms of a frame as somebody sent them."""
    details = _frame_form(call)(request.POST, call=call, visitor=Visitor())
    return AnswerForms(VisitorAnswerForm(request.POST), details)


def _frame_form(call: CallToAction) -> type[DetailsForm]:
    return kinds.of(call).frame_form or DetailsForm


def sent_forms(request: HttpRequest, call: CallToAction, visitor: Visitor) -> AnswerForms:
    """The forms as somebody sent them."""
    answer = MemberAnswerForm if visitor.person else VisitorAnswerForm
    details = kinds.of(call).details_form(request.POST, request.FILES, call=call, visitor=visitor)
    return AnswerForms(answer(request.POST), details)


def forms_for_a_stranger_again(request: HttpRequest, call: CallToAction, visitor: Visitor) -> AnswerForms:
    """For somebody we knew when the page was opened, and do not know any more: what they wrote is in the forms."""
    details = kinds.of(call).details_form(request.POST, request.FILES, call=call, visitor=visitor)
    return AnswerForms(_opened_answer(request, visitor, None), details)


def _opened_answer(request: HttpRequest, visitor: Visitor, own: ActionTaken | None) -> AnswerForm:
    carried = {"source": source_code(request.GET.get("source") or request.POST.get("source"))}
    if visitor.person is None:
        typed = {
            "comment": request.POST.get("comment", "")[:10_000].replace("\x00", ""),
            "show_name": "show_name" in request.POST,
            "email": visitor.email,
        }
        return VisitorAnswerForm(initial=carried | typed)
    earlier = {"comment": own.comment, "show_name": own.show_name} if own else {}
    return MemberAnswerForm(initial=carried | earlier | {"r": visitor.token})
