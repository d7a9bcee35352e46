"""The peer of `actions`: a Django form whose POST writes one row and redirects; the form's secret is checked."""

import django
from django import forms
from django.conf import settings as portal_settings
from django.core.handlers.wsgi import WSGIHandler
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path

django.setup()
portal_settings.MIDDLEWARE = ["django.middleware.csrf.CsrfViewMiddleware"]
portal_settings.ROOT_URLCONF = __name__


class Row(models.Model):
    """One answer. `actions_inside.seed` makes its table."""

    name = models.CharField(max_length=80)
    email = models.EmailField()
    comment = models.TextField()

    class Meta:
        app_label = "bench"

    def __str__(self) -> str:
        return self.name


class RowForm(forms.ModelForm):
    class Meta:
        model = Row
        fields = ("name", "email", "comment")


def row(request: HttpRequest) -> HttpResponse:
    """Checks the form, writes the row, redirects."""
    form = RowForm(request.POST)
    if not form.is_valid():
        return HttpResponse(form.errors.as_json(), status=400)
    form.save()
    return HttpResponseRedirect("/thanks/")


urlpatterns = [path("health/live/", lambda request: HttpResponse("up")), path("row/", row)]
application = WSGIHandler()
