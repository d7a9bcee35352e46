"""What the desk's mail pages need in their templates."""

from django import template
from django.db.models import Model
from django.urls import reverse

register = template.Library()


@register.filter
def desk_url(record: Model) -> str:
    """The record's page in the staff desk."""
    return reverse(f"admin:{record._meta.app_label}_{record._meta.model_name}_change", args=[record.pk])
