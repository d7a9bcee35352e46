from django.urls import URLPattern, path

from legislation.views import budget

urlpatterns: list[URLPattern] = [
    path("budget/", budget.budget, name="budget"),
    path("budget/budget-years.csv", budget.years_csv, name="budget_years_csv"),
    path("budget/appropriation-asks.csv", budget.asks_csv, name="budget_asks_csv"),
]
