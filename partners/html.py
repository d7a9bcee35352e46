"""Staff's rich text: what may stay in it."""

import nh3
from django.db import models

ALLOWED_TAGS = {"p", "h2", "h3", "ul", "ol", "li", "strong", "em", "a", "blockquote", "br", "hr"}
ALLOWED_ATTRIBUTES = {"a": {"href", "title"}}


def clean_html(value: str) -> str:
    """Rich text without scripts, styles and foreign attributes; links may lead to http, https, mailto and tel."""
    return nh3.clean(
        value or "",
        tags=ALLOWED_TAGS,
        attributes=ALLOWED_ATTRIBUTES,
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel="noopener",
    )


class RichTextField(models.TextField):
    """HTML that is sanitised on every save, whoever saves it."""

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        value = clean_html(getattr(model_instance, self.attname))
        setattr(model_instance, self.attname, value)
        return value
