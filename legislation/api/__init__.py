"""The read-only JSON API over what the public may see of the legislature, documented at its own address."""

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from ninja import NinjaAPI

from legislation.api import bills, people
from legislation.api.errors import add_error_handlers, problem
from legislation.api.open import PerAddress, open_to_all

NAMESPACE = "api-v1"

api = NinjaAPI(
    title="Illinois legislature",
    version="1.0.0",
    description=(
        "Bills, roll calls, legislators, committees and hearings of the Illinois General Assembly with the "
        "coalition's public positions. Names follow Open Civic Data. Reading only; no key is needed."
    ),
    urls_namespace=NAMESPACE,
    docs_url=None,
    throttle=PerAddress(),
)
add_error_handlers(api)
api.add_router("", bills.router)
api.add_router("", people.router)


def _nothing_here(request: HttpRequest, rest: str = "") -> HttpResponse:
    return problem(api, request, 404, "No address of the API begins so. See /api/v1/ for all of them.")


def _only_reading(request: HttpRequest) -> HttpResponse:
    return problem(api, request, 405)


def api_urls() -> tuple[list[URLPattern], str, str]:
    """The addresses for the portal to include below `api/v1/`."""
    patterns, app_name, namespace = api.urls
    patterns = [*patterns, path("<path:rest>", _nothing_here, name="nothing-here")]
    return open_to_all(patterns, _only_reading), app_name, namespace
