from django.urls import URLPattern, path

from legislation.views import committees, legislators

urlpatterns: list[URLPattern] = [
    path("legislators/", legislators.legislators, name="legislator_list"),
    path("legislators/<slug:slug>/", legislators.legislator, name="legislator"),
    path("committees/", committees.committees, name="committee_list"),
    path("committees/<slug:slug>/", committees.committee, name="committee"),
]
