from django.urls import URLPattern, path

from legislation.views import representation

urlpatterns: list[URLPattern] = [
    path("who-represents-me/", representation.represents_me, name="represents_me"),
    path("who-represents-me/map-<slug:size>.svg", representation.represents_map, name="represents_map"),
    path("districts/<str:chamber>/<int:number>/", representation.district, name="district"),
]
