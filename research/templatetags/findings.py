"""`{{ story.body|with_findings }}`: rich text with the findings it quotes."""

from django import template
from django.utils.safestring import SafeString

from research import embedding

register = template.Library()


@register.filter
def with_findings(html: str) -> SafeString:
    """For pages, in place of `|safe`: findings as cards and words with links. One query, and none without marks."""
    return embedding.with_findings(html or "")


@register.filter
def findings_as_text(html: str) -> SafeString:
    """For PDFs, feeds and mail, in place of `|safe`: findings as plain words."""
    return embedding.findings_as_text(html or "")
