"""Addresses of the loan repayment program's pages."""

from django.urls import URLPattern, path

from research.views import loan_repayment

urlpatterns: list[URLPattern] = [
    path("research/loan-repayment/", loan_repayment.loan_repayment, name="loan_repayment"),
    path("research/loan-repayment/program.csv", loan_repayment.loan_repayment_csv, name="loan_repayment_csv"),
    path("research/loan-repayment/check/", loan_repayment.loan_repayment_check, name="loan_repayment_check"),
    path(
        "research/loan-repayment/employers/",
        loan_repayment.loan_repayment_employers,
        name="loan_repayment_employers",
    ),
]
