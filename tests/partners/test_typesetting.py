"""Letters and pictures by typst: our fonts, text that can be read out again, and nothing that data could run."""

from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path

import pytest
import typst
from django.utils import translation
from PIL import Image
from pypdf import PdfReader

from partners import fonts, typesetting
from partners.typesetting import typeset_pdf, typeset_png

SHEET = "partners/typst/sheet.typ"
PICTURE = "campaigns/typst/share.typ"
HOSTILE = [
    '#import "secret.typ"',
    "#panic()",
    "$x^2$ costs $5 & 100%",
    "back\\slash \"quotes\" 'single' `ticks`",
    '#sys.inputs.data #eval("1+1") #read("/etc/passwd")',
    "<script>alert(1)</script> *bold* _slanted_ = heading - item @label // comment /* more */",
]
CALL = {
    "title": "Raise the wage of home care workers",
    "ask": "Ask your senator to vote yes on Tuesday.",
    "kind": "petition",
    "deadline": "By Thursday, March 5, 2026",
    "coalition": "Illinois Partners for Human Service",
}


def sheet(*paragraphs: str, title: str = "A letter") -> PdfReader:
    return PdfReader(BytesIO(typeset_pdf(SHEET, {"title": title, "paragraphs": list(paragraphs)})))


def text_of(reader: PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def test_text_can_be_read_out_of_a_tagged_document_with_title_and_language() -> None:
    with translation.override("es"):
        reader = sheet("We ask the General Assembly to act.")
    assert "We ask the General Assembly to act." in text_of(reader)
    assert reader.metadata.title == "A letter"
    catalog = reader.trailer["/Root"]
    assert catalog["/Lang"] == "es"
    assert catalog["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in catalog


def test_our_fonts_are_embedded() -> None:
    found = {
        str(font.get_object()["/BaseFont"])
        for page in sheet("Text with Śłón in it.").pages
        for font in page["/Resources"]["/Font"].values()
    }
    assert any("Bitter" in name for name in found), found
    assert any("Atkinson" in name and "Supplement" not in name for name in found), found
    assert any("Supplement" in name for name in found), found


@pytest.mark.parametrize("words", HOSTILE)
def test_what_people_write_is_printed_as_they_wrote_it(words: str) -> None:
    assert " ".join(words.split()) in text_of(sheet(words))


def test_any_alphabet_and_ten_thousand_letters_are_set() -> None:
    reader = sheet("🎉 emoji", "شكرا لكم", "x" * 10_000, "nothing\x00 here", title="Ünïcode 👩🏽‍🚀")
    assert len(reader.pages) >= 1


def test_templates_see_only_their_own_folder(tmp_path: Path, settings) -> None:
    settings.BASE_DIR = tmp_path
    folder = tmp_path / "templates" / "partners" / "typst"
    folder.mkdir(parents=True)
    (tmp_path / "templates" / "secret.txt").write_text("secret")
    (folder / "sheet.typ").write_text('#read("../../secret.txt")')
    with pytest.raises(typst.TypstError):
        typeset_pdf(SHEET, {})
    for name in ("../settings.typ", "partners/typst/../../x.typ", "/etc/passwd", "partners/typst/sheet.txt"):
        with pytest.raises(ValueError, match="does not name"):
            typeset_pdf(name, {})


def test_no_template_fetches_packages() -> None:
    for path in Path("templates").glob("*/typst/*.typ"):
        assert "@preview" not in path.read_text(), path
        assert "@local" not in path.read_text(), path


def test_pictures_come_along_by_safe_names_only() -> None:
    buffer = BytesIO()
    Image.new("RGB", (40, 20), "navy").save(buffer, "PNG")
    data = {"title": "Logo", "paragraphs": [], "images": ["logo-1.png"]}
    made = PdfReader(BytesIO(typeset_pdf(SHEET, data, images={"logo-1.png": buffer.getvalue()})))
    assert len(made.pages[0].images) == 1
    for name in ("../x.png", "a/b.png", "logo.svg", ".png"):
        with pytest.raises(ValueError, match="does not name a picture"):
            typeset_pdf(SHEET, data, images={name: b""})


def test_a_picture_has_the_width_that_was_asked_for() -> None:
    picture = Image.open(BytesIO(typeset_png(PICTURE, CALL)))
    assert (picture.format, picture.size) == ("PNG", (1200, 630))
    assert Image.open(BytesIO(typeset_png(PICTURE, CALL, width=600))).size == (600, 315)


def test_threads_do_not_mix_their_documents() -> None:
    def words_of(number: int) -> str:
        return text_of(sheet(f"This is letter number {number}."))

    with ThreadPoolExecutor(8) as pool:
        for number, words in enumerate(pool.map(words_of, range(24))):
            assert f"letter number {number}." in words


def test_without_the_packages_the_typesetters_own_fonts_serve(settings, tmp_path: Path, monkeypatch) -> None:
    typesetting._fonts.cache_clear()
    monkeypatch.setattr(fonts, "CUTS", [fonts.Cut("missing", "latin", "normal", "Missing", fonts.REGULAR)])
    try:
        assert fonts.font_folder() is None
        assert "Still here." in text_of(sheet("Still here."))
    finally:
        typesetting._fonts.cache_clear()


def test_fonts_are_made_once_and_a_folder_that_cannot_be_written_does_no_harm(
    settings, tmp_path: Path
) -> None:
    settings.VAR_DIR = tmp_path
    folder = fonts.font_folder()
    assert folder
    made = {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}
    assert "Bitter-Bold.ttf" in made
    assert fonts.font_folder() == folder
    assert made == {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}
    assert [path.name for path in folder.parent.iterdir()] == [folder.name]
    settings.VAR_DIR = tmp_path / "file"
    settings.VAR_DIR.write_text("in the way")
    assert fonts.font_folder() is None
