"""Public addresses of the legislature, by subject."""

from legislation.urls import bills, budget, geography, hearings, on_record, people

app_name = "legislation"

urlpatterns = [
    *bills.urlpatterns,
    *people.urlpatterns,
    *geography.urlpatterns,
    *hearings.urlpatterns,
    *budget.urlpatterns,
    *on_record.urlpatterns,
]
