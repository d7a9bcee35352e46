"""The signed-in people's pages: the dashboard, which shows two apps' data, and partners' own pages behind it."""

from django.urls import path

from partners.my_urls import urlpatterns as partner_urls
from portal import views

app_name = "my"

urlpatterns = [path("", views.dashboard, name="dashboard"), *partner_urls]
