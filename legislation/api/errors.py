"""Errors of the API as problem details (RFC 9457)."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, Throttled, ValidationError

TITLES = {
    404: "There is no such thing",
    405: "Only reading is possible here",
    422: "The question cannot be answered as asked",
    429: "Too many questions in a short time",
}


def problem(api: NinjaAPI, request: HttpRequest, status: int, detail: str = "", **more: Any) -> HttpResponse:
    """One problem as JSON. `more` are further members, such as the fields that were wrong."""
    body = {"type": "about:blank", "title": TITLES.get(status, "It did not work"), "status": status}
    if detail:
        body["detail"] = detail
    response = api.create_response(request, body | more, status=status)
    response["Content-Type"] = "application/problem+json"
    return response


def add_error_handlers(api: NinjaAPI) -> None:
    """Every error of the API speaks the same way."""

    @api.exception_handler(Http404)
    def _not_found(request: HttpRequest, error: Http404) -> HttpResponse:
        return problem(api, request, 404)

    @api.exception_handler(ValidationError)
    def _wrong_question(request: HttpRequest, error: ValidationError) -> HttpResponse:
        wrong = [{"parameter": str(part["loc"][-1]), "reason": str(part["msg"])} for part in error.errors]
        return problem(api, request, 422, errors=wrong)

    @api.exception_handler(Throttled)
    def _too_often(request: HttpRequest, error: Throttled) -> HttpResponse:
        response = problem(api, request, 429, "Wait a minute, then go on.")
        response["Retry-After"] = str(error.wait or 60)
        return response

    @api.exception_handler(HttpError)
    def _other(request: HttpRequest, error: HttpError) -> HttpResponse:
        return problem(api, request, error.status_code, str(error))
