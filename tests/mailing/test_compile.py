"""Slots and links: whatever a name holds, it stays a name."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailing.composing.compile import clean, compile_content, find_links
from mailing.errors import CompileError

URLS = {
    "unsubscribe_url": "https://p.example/u/1",
    "preferences_url": "https://p.example/p",
    "view_url": "https://p.example/v",
    "why_url": "https://p.example/w",
}
KNOWN = ["first_name", "last_name"]

HOSTILE = [
    "Ada\r\nBcc: thief@evil.example",
    "Ada\r\n.\r\nMAIL FROM:<x@evil.example>",
    "{{ unsubscribe_url }}",
    "{{link:1}}",
    "{{first_name}}",
    "<script>alert(1)</script>\"'&",
    "x" * 300,
    "👩🏽‍⚕️ Zoë",
    "مرحبا",
    "\u202egnp.exe",
    "\x00\x1b[31m",
    "%(name)s %0A",
    "",
]


def fill(text="", html="", subject="s", name="Ada", number=None, known=None):
    content = compile_content(subject=subject, text=text, html=html, number=number, known=known)
    return content.fill(slots={"first_name": name}, urls=URLS, link=lambda n: f"https://p.example/go/{n}")


class Elements(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.text = [], ""

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += data


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_stays_a_name_in_every_part(name):
    rendered = fill(
        subject="Dear {{ first_name }}",
        text="Hi {{first_name}}!",
        html="<p>Hi {{ first_name }}!</p>",
        name=name,
    )
    assert rendered.subject == f"Dear {clean(name)}".strip()
    assert rendered.text == f"Hi {clean(name)}!"
    elements = Elements()
    elements.feed(rendered.html)
    assert elements.tags == [("p", {})]
    assert elements.text == f"Hi {clean(name)}!"
    assert not set("\r\n\x00\x1b\u202e") & set(rendered.subject + rendered.text + rendered.html)


@given(st.text(max_size=400))
def test_no_value_can_break_out_of_its_place(name):
    rendered = fill(
        subject="{{ first_name }}",
        text="[{{ first_name }}]",
        html='<p title="{{ first_name }}">x</p><a href="https://x.example/?n={{ first_name }}">y</a>',
        name=name,
    )
    assert len(rendered.subject.splitlines()) <= 1
    assert len(rendered.text.splitlines()) == 1
    elements = Elements()
    elements.feed(rendered.html)
    assert [tag for tag, _attributes in elements.tags] == ["p", "a"]
    assert elements.tags[0][1] == {"title": clean(name)}
    href = elements.tags[1][1]["href"]
    assert href.startswith("https://x.example/?n=")
    assert not set(href.removeprefix("https://x.example/?n=")) & set(" &#/<>\"'")


@given(st.text(max_size=200))
def test_any_written_text_compiles_or_is_refused_in_words(text):
    try:
        content = compile_content(subject="s", text=text, html=text, number=lambda url: 7)
    except CompileError:
        assert "{{" in text
        return
    content.fill(slots={}, urls=URLS, link=lambda n: "https://p.example/go")


def test_engine_links_fill_whole_addresses():
    rendered = fill(text="{{ unsubscribe_url }}", html='<a href="{{ view_url }}">v</a>')
    assert rendered.text == URLS["unsubscribe_url"]
    assert rendered.html == f'<a href="{URLS["view_url"]}">v</a>'


def test_a_personal_slot_cannot_become_a_whole_address():
    rendered = fill(html='<a href="{{ first_name }}">x</a>', name="javascript:alert(1)")
    assert rendered.html == '<a href="javascript%3Aalert%281%29">x</a>'


def test_links_are_numbered_once_for_both_parts():
    text = "See https://x.example/a?b=1&c=2. And (https://x.example/d)!"
    html = (
        "<a class=\"b\" title='a>b' href='https://x.example/a?b=1&amp;c=2'>1</a>"
        '<A HREF="https://x.example/e">2</A><a href="mailto:a@x.example">3</a><a href="#top">4</a>'
    )
    links = find_links(text=text, html=html)
    assert links == ["https://x.example/a?b=1&c=2", "https://x.example/e", "https://x.example/d"]
    rendered = fill(text=text, html=html, number=lambda url: links.index(url) + 1)
    assert rendered.text == "See https://p.example/go/1. And (https://p.example/go/3)!"
    assert 'href="https://p.example/go/1"' in rendered.html
    assert 'HREF="https://p.example/go/2"' in rendered.html
    assert 'href="mailto:a@x.example"' in rendered.html
    assert 'href="#top"' in rendered.html


def test_a_link_with_a_personal_part_is_quoted_and_not_tracked():
    text = "https://x.example/?n={{ first_name }}&v={{ view_url }}"
    assert find_links(text=text, html="") == []
    rendered = fill(text=text, name="A&b=c #1", number=lambda url: 1)
    assert rendered.text == "https://x.example/?n=A%26b%3Dc%20%231&v=https%3A%2F%2Fp.example%2Fv"


@pytest.mark.parametrize("url", ["http://[", "https:///nohost", "https://x.example/" + "a" * 1000])
def test_addresses_that_cannot_be_tracked_stay_as_they_are(url):
    assert fill(text=f"see {url} there", number=lambda u: 1).text == f"see {url} there"


@pytest.mark.parametrize(
    "slot",
    [
        *("{{ }}", "{{link:1}}", "{{url:first_name}}", "{{ a.b }}", "{{ First }}", "{{ _why }}", "{{ | x }}"),
        "{{ unsubscribe_url|nothing }}",
    ],
)
@pytest.mark.parametrize("part", ["subject", "text", "html"])
def test_what_can_be_no_slot_is_refused(slot, part):
    with pytest.raises(CompileError, match="Nothing fills"):
        fill(**{part: f"Dear {slot}"})


@pytest.mark.parametrize("part", ["subject", "text", "html"])
def test_the_caller_says_which_personal_slots_are_filled(part):
    fill(**{part: "Dear {{ house_district }}"})
    fill(**{part: "Dear {{ last_name|friend }}"}, known=KNOWN)
    with pytest.raises(CompileError) as refusal:
        fill(**{part: "Dear {{ house_district|x }}"}, known=KNOWN)
    assert str(refusal.value) == (
        "Nothing fills {{ house_district|x }}. Use {{ first_name }}, {{ last_name }}."
    )


def test_an_address_of_the_engine_has_no_place_in_a_subject():
    with pytest.raises(CompileError, match="view_url"):
        fill(subject="See {{ view_url }}")


@pytest.mark.parametrize("name", ["", "   ", "\x00", None])
def test_the_words_after_the_bar_stand_in_for_those_who_lack_it(name):
    rendered = fill(
        subject="Dear {{ first_name | dear  friend }}",
        text="Dear {{first_name|friend & neighbor}}, {{ last_name }}.",
        html='<p title="{{ first_name|"you" }}">{{&nbsp;first_name|R&amp;D <3 }}{{ last_name|. }}</p>',
        name=name,
    )
    assert rendered.subject == "Dear dear friend"
    assert rendered.text == "Dear friend & neighbor, ."
    assert rendered.html == '<p title="&quot;you&quot;">R&amp;D &lt;3.</p>'


def test_who_has_a_name_never_sees_the_words_after_the_bar():
    assert fill(text="Dear {{ first_name|friend }}").text == "Dear Ada"


def test_words_after_the_bar_in_a_link_are_quoted_like_any_other():
    text = "https://x.example/?n={{ first_name|two words & more }}&b=1"
    html = '<a href="https://x.example/?n={{ first_name|two words &amp; more }}&amp;b=1">x</a>'
    rendered = fill(text=text, html=html, name="", number=lambda url: 1)
    assert rendered.text == "https://x.example/?n=two%20words%20%26%20more&b=1"
    assert rendered.html == '<a href="https://x.example/?n=two%20words%20%26%20more&amp;b=1">x</a>'
    assert find_links(text=text, html=html) == []


def test_what_is_no_text_is_written_as_one():
    content = compile_content(subject="s", text="{{ year }} {{ none|nobody }}", html="")
    slots = {"year": 2026, "none": None}
    assert content.fill(slots=slots, urls=URLS, link=str).text == "2026 nobody"


def test_hard_blanks_of_editors_do_not_hide_a_slot():
    assert fill(html="<p>{{&nbsp;first_name\u00a0}}</p>").html == "<p>Ada</p>"


def test_line_ends_and_control_characters_of_the_text_are_put_right():
    assert fill(text="a\r\nb\rc\x00\x07d\te").text == "a\nb\ncd\te"
