"""The button that shows staff a page before the public sees it."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action


class PreviewMixin:
    """For records with a page: name `look` among `actions_detail`."""

    # What the page's address asks for so that staff get it as it would be.
    preview_query = "preview=1"

    @action(
        description=_("Preview"),
        icon="visibility",
        permissions=["work"],
        url_path="look",
        attrs={"target": "_blank"},
    )
    def look(self, request: HttpRequest, object_id: str) -> HttpResponse:
        page = self.record(request, object_id).get_absolute_url()
        return HttpResponseRedirect(f"{page}?{self.preview_query}")
