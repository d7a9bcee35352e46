"""Public addresses of the legislature, by subject."""

from legislation.urls import bills, budget, geography, hearings, people

app_name = "legislation"

urlpatterns = [
    *bills.urlpatterns,
    *people.urlpatterns,
    *geography.urlpatterns,
    *hearings.urlpatterns,
    *budget.urlpatterns,
]
