"""Checking oneself in with the code of the room: the same page for events and for trainings."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from partners.errors import NotAllowed
from partners.forms.door import CodeForm
from partners.gatherings.check_in import NotOnTheList
from partners.models import Person
from partners.posted import posted


@dataclass(frozen=True)
class CheckInPage:
    """What is checked in to. `title` is empty where it is not for everybody to know; `done` is the page afterwards."""

    title: str
    untitled: str
    over: str
    starts_at: datetime
    is_open: bool
    is_over: bool
    done: str


def check_in_page(request: HttpRequest, page: CheckInPage, check_in: Callable[..., object]) -> HttpResponse:
    """The form, or the step it stands for. Who comes over the code on the poster finds it filled in.

    `check_in` gets the code, the address and the name; it raises `NotAllowed` or `NotOnTheList`.
    """
    person = Person.objects.filter(user=request.user).first() if request.user.is_authenticated else None
    form = CodeForm(
        posted(request), initial={"code": request.GET.get("code", "")[:12]}, is_known=person is not None
    )
    refusal = ""
    if form.is_bound and form.is_valid():
        who = {} if person is None else {"email": person.email}
        try:
            check_in(**(form.cleaned_data | who))
        except NotOnTheList as missing:
            form.add_error("first_name", str(missing))
        except NotAllowed as reason:
            refusal = str(reason)
        else:
            return redirect(page.done)
    context = {"page": page, "form": form, "person": person, "refusal": refusal}
    return render(request, "partners/door/check_in.html", context, status=409 if refusal else 200)
