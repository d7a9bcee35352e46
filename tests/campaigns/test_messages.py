"""What an alert says: blocks in HTML and in text, two languages, two variants, merge fields."""

import gettext
from pathlib import Path

import polib
import pytest
from django.conf import settings

from campaigns.messages import build_contents
from campaigns.messages.merge import merge_field_problems, read_in_general, used_fields
from campaigns.messages.rich_text import fact_lines, mail_html
from partners.plain_text import plain_text
from tests.factories.alerts import ActionAlertFactory, AlertBlockFactory
from tests.factories.partners import CoalitionFactory

pytestmark = pytest.mark.django_db


def built(alert, variant="A", language="en"):
    return build_contents(alert).get(variant, language)


class TestFrame:
    def test_both_parts_say_the_same_and_the_button_tells_who_comes(self):
        alert = ActionAlertFactory(
            text='<h2>Why</h2><ul><li><p>First</p></li><li><a href="https://example.org/f">Facts</a></li></ul>'
        )
        contents = build_contents(alert)
        [content] = contents.contents
        url = f"{alert.call_to_action.get_absolute_url()}?source=alert-{alert.pk}"
        for part in (content.text, content.html):
            assert url in part
            assert alert.call_to_action.statement in part
            for slot in ("unsubscribe_url", "preferences_url", "view_url", "why_url"):
                assert f"{{{{ {slot} }}}}" in part
        assert ">First</li>" in content.html
        assert "- First\n- Facts (https://example.org/f)" in content.text
        assert [link for link in contents.personal_links if link.endswith(f"alert-{alert.pk}")]

    def test_the_footer_holds_who_sends_and_where_they_are(self):
        CoalitionFactory()
        content = built(ActionAlertFactory())
        for part in (content.text, content.html):
            assert "1 Sample Street, Chicago, IL 60601" in part

    def test_the_reason_says_why_one_gets_it(self):
        assert "partner organization" in built(ActionAlertFactory()).text
        assert "asked us for action alerts" in built(ActionAlertFactory(include_subscribers=True)).text

    def test_words_of_the_call_are_never_merge_fields(self):
        html = built(ActionAlertFactory(call_to_action__statement="Fund {{ nonsense }} & <b>more</b>")).html
        assert "{ { nonsense } } &amp; &lt;b&gt;more&lt;/b&gt;" in html

    def test_is_made_for_the_dark_and_for_old_mail_programs(self):
        html = built(ActionAlertFactory(text='<p>A <a href="https://a.example">b</a></p>')).html
        assert '<meta name="color-scheme" content="light dark">' in html
        assert "@media (prefers-color-scheme: dark)" in html
        assert '<p style="margin:0 0 18px;">A <a style="color:#1F5F8B;" href="https://a.example">' in html
        assert 'bgcolor="#0F4C46"' in html

    def test_the_preheader_stands_before_everything_else_but_is_not_seen(self):
        alert = ActionAlertFactory(preheader="The Senate votes <soon>.")
        html = built(alert).html
        assert html.index("The Senate votes &lt;soon&gt;.") < html.index("<h1")
        assert 'style="display:none' in html


class TestBlocks:
    def alert(self, **block):
        alert = ActionAlertFactory(text="")
        alert.blocks.all().delete()
        AlertBlockFactory(alert=alert, **block)
        return built(alert)

    def test_facts_are_numbers_with_words_and_sources(self):
        content = self.alert(
            kind="facts",
            text='<p>$15 million | cut &amp; gone</p><p>1 in 4 | posts (<a href="https://a.example/s">survey</a>)</p>',
        )
        assert ">$15 million</span>cut &amp; gone</td>" in content.html
        assert 'href="https://a.example/s">survey</a>' in content.html
        assert "* $15 million: cut & gone\n* 1 in 4: posts (survey (https://a.example/s))" in content.text

    def test_a_bar_in_a_merge_field_parts_no_fact(self):
        assert fact_lines("<p>{{ county|your county }}</p>") == [
            ("", "{{ county|your county }}", "{{ county|your county }}")
        ]
        assert fact_lines("<p>{{ county|here }} | is yours</p>")[0][0] == "{{ county|here }}"

    def test_a_quote_names_who_said_it(self):
        content = self.alert(
            kind="quote", text="<p>I stay.</p><p>We all do.</p>", label="Keisha <Sample>, Peoria"
        )
        assert "Keisha &lt;Sample&gt;, Peoria" in content.html
        assert "> I stay.\n>\n> We all do.\n>\n> -- Keisha <Sample>, Peoria" in content.text

    def test_a_button_says_what_staff_wrote_or_what_the_call_asks(self):
        assert "Sign today" in self.alert(kind="button", label="Sign today").html
        assert "Add my name" in self.alert(kind="button").html

    def test_the_deadline_stands_under_the_first_button_alone(self):
        alert = ActionAlertFactory()
        AlertBlockFactory(alert=alert, kind="button", order=9)
        content = built(alert)
        assert content.html.count("Please act by") == content.text.count("Please act by") == 1
        assert content.html.count('class="act"') == 2

    def test_a_message_without_a_button_gets_one_at_its_end(self):
        content = self.alert(text="<p>Words.</p>")
        assert content.html.index("Words.") < content.html.index('class="act"')
        assert content.text.index("Words.") < content.text.index("Add my name: http")

    def test_a_picture_has_its_words_in_both_parts(self):
        content = self.alert(
            kind="image", url="https://a.example/p.png", label='Three "workers" at the Capitol'
        )
        assert 'alt="Three &quot;workers&quot; at the Capitol"' in content.html
        assert '[Picture: Three "workers" at the Capitol]' in content.text

    def test_a_line_divides(self):
        content = self.alert(kind="divider")
        assert "<hr" in content.html
        assert "\n--------------------\n" in content.text

    def test_blocks_stand_in_their_order(self):
        alert = ActionAlertFactory(text="")
        for order, words in ((5, "second"), (9, "third"), (1, "first")):
            AlertBlockFactory(alert=alert, order=order, text=f"<p>{words}</p>")
        text = built(alert).text
        assert text.index("first") < text.index("second") < text.index("third")

    def test_foreign_markup_never_reaches_a_reader(self):
        assert mail_html('<p onclick="x">a<script>alert(1)</script><img src=x></p>') == (
            '<p style="margin:0 0 18px;">a</p>'
        )

    def test_plain_text_of_every_allowed_tag(self):
        html = (
            "<h2>Title</h2><p>One<br>two &amp; three</p><ol><li>a<ul><li>b</li></ul></li><li>c</li></ol>"
            "<blockquote><p>Said</p></blockquote><hr><p><a href='https://x.example'>https://x.example</a></p>"
        )
        assert plain_text(html) == (
            "Title\n\nOne\ntwo & three\n\n1. a\n  - b\n2. c\n\n> Said\n\n--------------------\n\nhttps://x.example"
        )


class TestLanguages:
    def alert(self, **changes):
        alert = ActionAlertFactory(text="", **({"subject_es": "Quedan tres días"} | changes))
        AlertBlockFactory(alert=alert, order=1, text="<p>Hello</p>", text_es="<p>Hola</p>")
        return alert

    def kinds(self, alert):
        return [(one.variant, one.language) for one in build_contents(alert).contents]

    def test_spanish_is_written_once_everything_is_there(self):
        alert = self.alert()
        assert self.kinds(alert) == [("A", "en"), ("A", "es")]
        spanish = built(alert, language="es")
        assert spanish.subject == "Quedan tres días"
        assert "Hola" in spanish.text
        assert "Hello" not in spanish.html
        assert '<html lang="es">' in spanish.html

    def test_the_frame_is_spanish_too(self):
        spanish = built(self.alert(include_subscribers=True), language="es")
        for words in ("Cancelar la suscripción", "Ver en el navegador", "Elija qué le enviamos", "¿Por qué"):
            assert words in spanish.html
            assert words in spanish.text
        assert "Agregar mi nombre" in spanish.html
        assert "Participe antes del " in spanish.text
        assert " de 20" in spanish.text  # jueves 5 de marzo de 2026
        assert "nos pidió alertas de acción" in spanish.text

    def test_what_is_quoted_in_english_is_marked_as_english(self):
        assert '<blockquote lang="en"' in built(self.alert(), language="es").html
        assert '<blockquote lang="en"' not in built(self.alert()).html

    def test_an_english_preheader_is_not_put_before_spanish_words(self):
        alert = self.alert(preheader="In English")
        assert "In English" not in built(alert, language="es").html

    @pytest.mark.parametrize("missing", ["subject", "block", "second subject"])
    def test_half_a_translation_is_no_spanish_message(self, missing):
        alert = self.alert()
        if missing == "subject":
            alert.subject_es = ""
        elif missing == "block":
            AlertBlockFactory(alert=alert, kind="quote", text="<p>More</p>", text_es="<p> </p>")
        else:
            alert.test, alert.test_subject = "subject", "Another"
        assert {language for _variant, language in self.kinds(alert)} == {"en"}
        assert built(alert, language="es").language == "en"

    def test_a_button_in_spanish_never_speaks_english(self):
        alert = self.alert()
        alert.blocks.filter(kind="button").update(label="Sign today")
        assert "Agregar mi nombre" in built(alert, language="es").html
        alert.blocks.filter(kind="button").update(label_es="Firme hoy")
        assert "Firme hoy" in built(alert, language="es").html

    def test_the_compiled_catalogue_is_the_written_one(self):
        """The .mo file is in the checkout, since nobody who runs the portal needs gettext's tools."""
        folder = Path(settings.LOCALE_PATHS[0]) / "es" / "LC_MESSAGES"
        with (folder / "django.mo").open("rb") as compiled:
            catalogue = gettext.GNUTranslations(compiled)
        entries = polib.pofile(str(folder / "django.po"))
        assert len(entries) > 15
        for entry in entries:
            if entry.msgid_plural:
                for number in (1, 2):
                    found = catalogue.ngettext(entry.msgid, entry.msgid_plural, number)
                    assert found == entry.msgstr_plural[number - 1]
            elif entry.msgctxt:
                assert catalogue.pgettext(entry.msgctxt, entry.msgid) == entry.msgstr
            else:
                assert catalogue.gettext(entry.msgid) == entry.msgstr


class TestVariants:
    def test_two_subjects_share_the_words(self):
        alert = ActionAlertFactory(test="subject", test_subject="B for {{ first_name|you }}")
        assert [one.subject for one in build_contents(alert).contents] == [
            alert.subject,
            "B for {{ first_name|you }}",
        ]
        assert "B for {{ first_name|you }}</h1>" in built(alert, "B").html

    def test_two_contents_show_their_own_blocks(self):
        alert = ActionAlertFactory(test="content", text="<p>For both</p>")
        AlertBlockFactory(alert=alert, shown="A", text="<p>Only A</p>")
        AlertBlockFactory(alert=alert, shown="B", text="<p>Only B</p>")
        first, second = built(alert, "A").text, built(alert, "B").text
        assert [words in first for words in ("For both", "Only A", "Only B")] == [True, True, False]
        assert [words in second for words in ("For both", "Only A", "Only B")] == [True, False, True]

    def test_without_a_test_there_is_one_message_and_b_is_left_out(self):
        alert = ActionAlertFactory()
        AlertBlockFactory(alert=alert, shown="B", text="<p>Only B</p>")
        [content] = build_contents(alert).contents
        assert "Only B" not in content.text


class TestMergeFields:
    @pytest.mark.parametrize(
        "text",
        [
            "{{ first_name }}",
            "<p>{{&nbsp;organization&nbsp;}}</p>",
            "{{ first_name|Friend }}",
            "{{ senator|you &amp; yours }}",
            "{ a }",
            "",
        ],
    )
    def test_good(self, text):
        assert merge_field_problems(text) == []

    @pytest.mark.parametrize(
        "text",
        [
            "{{ name }}",
            "{{ }}",
            "{{ |Friend }}",
            "{{ <b>first_name</b> }}",
            "{{ first_name",
            "first_name }}",
            "{{link:7}}",
            "{{ unsubscribe_url }}",
        ],
    )
    def test_bad(self, text):
        assert len(merge_field_problems(text)) == 1

    def test_used_fields_with_what_stands_for_them(self):
        alert = ActionAlertFactory(
            subject="{{ first_name|Friend }}",
            preheader="{{ county }}",
            text="<p>{{&nbsp;first_name|you&nbsp;}}</p>",
        )
        used = {one.name: one.fallbacks for one in used_fields(alert, list(alert.blocks.all()))}
        assert used == {"first_name": ["Friend", "you"], "county": [""]}


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("{{ first_name|Friend }}, act", "Friend, act"),
        ("For {{ organization }}: act", "For …: act"),
        ("Act today", "Act today"),
    ],
)
def test_a_line_with_merge_fields_reads_well_in_a_list(written, read):
    assert read_in_general(written) == read
