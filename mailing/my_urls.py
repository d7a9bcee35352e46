"""The signed-in person's way to their mail. The portal includes it under `my/`."""

from django.urls import path

from mailing.views import preferences

app_name = "my_mail"

urlpatterns = [path("mail/", preferences.own_preferences, name="preferences")]
