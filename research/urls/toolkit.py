"""Addresses of toolkits."""

from django.urls import URLPattern, path

from research.views import toolkit

urlpatterns: list[URLPattern] = [
    path("research/toolkits/", toolkit.toolkit_list, name="toolkit_list"),
    path("research/toolkits/<slug:slug>/", toolkit.toolkit, name="toolkit"),
    path("research/toolkits/<slug:slug>/zip/", toolkit.toolkit_zip, name="toolkit_zip"),
    path("research/toolkits/<slug:slug>/<int:pk>/<slug:form>/", toolkit.toolkit_item, name="toolkit_item"),
]
