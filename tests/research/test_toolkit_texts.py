"""Merge fields, what is filled in, and the files made of a text: nothing here needs a page."""

import zipfile
from io import BytesIO
from xml.etree import ElementTree

import pytest
from django.core.exceptions import ValidationError

from research.models import ToolkitItem
from research.toolkit_docx import docx_of
from research.toolkit_fields import check_text, fields_in, fill_text
from research.toolkit_filling import FilledItem


@pytest.mark.parametrize(
    ("text", "values", "filled"),
    [
        ("Dear {{ senator }},", {"senator": "Robin Sample"}, "Dear Robin Sample,"),
        ("Dear {{ senator|Senator }},", {}, "Dear Senator,"),
        # Without words of its own a field says what belongs there.
        ("Dear {{ senator }},", {}, "Dear [your State Senator],"),
        # What comes out of a field is never read as one, nor as a line of its own.
        ("{{ organization }}", {"organization": "{{ senator }}\r\nBcc: all"}, "{{ senator }} Bcc: all"),
        ("See https://x.example/?a={{ city }}.", {"city": "East St. Louis"}, "See https://x.example/?a=East%20St.%20Louis."),
        # Plain text stays plain text: who shows it in HTML escapes it there.
        ("{{ organization }}", {"organization": "<b>O'Hara & Sons</b>"}, "<b>O'Hara & Sons</b>"),
        ("50% {off} { } {{", {}, "50% {off} { } {{"),
    ],
)  # fmt: skip
def test_a_text_is_filled_in_one_pass(text, values, filled):
    assert fill_text(text, values) == filled


@pytest.mark.parametrize(
    "text", ["{{ senater }}", "{{ Senator }}", "{{ unsubscribe_url }}", "{{ first_name|x }}", "{{ }}"]
)
def test_a_field_that_nothing_fills_is_refused_with_those_that_can_be(text):
    with pytest.raises(ValidationError, match="organization"):
        check_text(text)


def test_known_fields_pass_and_are_found():
    text = "{{ organization|us }} {{ bill }}"
    check_text(text)
    assert fields_in([text, "nothing"]) == {"organization", "bill"}


def test_a_word_file_holds_the_text_as_it_was_written():
    made = docx_of("Dear <Senator> & staff,\nline two\n\nSecond part", title="A & B", heading="Script")
    with zipfile.ZipFile(BytesIO(made)) as package:
        assert package.testzip() is None
        parts = {name: ElementTree.fromstring(package.read(name)) for name in package.namelist()}
    word = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    paragraphs = [
        ["".join(part.itertext()) for part in paragraph.iter(f"{word}t")]
        for paragraph in parts["word/document.xml"].iter(f"{word}p")
    ]
    assert paragraphs == [["Script"], ["Dear <Senator> & staff,", "line two"], ["Second part"]]
    assert docx_of("x", title="y") == docx_of("x", title="y")


def test_posts_are_measured_as_filled_and_slides_are_cut_at_their_lines():
    post = FilledItem(ToolkitItem(kind="post", title="Post", text="x", length_limit=5), 1, "Grüße!")
    assert post.length == 6
    assert post.is_too_long
    slides = FilledItem(
        ToolkitItem(kind="slides", title="S", text="x"), 2, "Head\n- one\n\n---\n\nSecond\n---"
    )
    assert slides.slides == [["Head", "- one"], ["Second"]]
    assert slides.formats == ["pdf", "txt"]
