"""What staff hand over: opened by content, in pieces, without harm."""

import struct
import zipfile
import zlib

import pytest

from legislation.records import Rejected
from legislation.sources import SourceBroken, SourceUnavailable
from legislation.sources.files import Limits, Part, open_parts, read_each, read_text, split_location
from tests.legislation.sources.samples import drain, gzipped, put, zipped


def names(path, **limits) -> list[str]:
    return [part.name for part in open_parts(path, Limits(**limits)) if isinstance(part, Part)]


def only(path, **limits) -> Part:
    (part,) = open_parts(path, Limits(**limits))
    assert isinstance(part, Part)
    return part


@pytest.mark.parametrize("content", [b"one\ntwo", gzipped(b"one\ntwo"), b"\xef\xbb\xbfone\ntwo"])
def test_plain_and_compressed_read_alike_whatever_the_name(tmp_path, content):
    part = only(put(tmp_path / "data.bin", content))
    assert list(part.lines()) == [(1, b"one", True), (2, b"two", False)]


def test_two_gzip_files_behind_each_other_are_one(tmp_path):
    part = only(put(tmp_path / "x", gzipped(b"one\n") + gzipped(b"two\n")))
    assert part.content() == b"one\ntwo\n"


def test_lines_longer_than_a_piece_stay_whole(tmp_path):
    long = b"x" * 700_000
    part = only(put(tmp_path / "x", b"a\n" + long + b"\nb\n"))
    assert [line for _number, line, _whole in part.lines()] == [b"a", long, b"b"]


def test_a_line_without_end_is_refused(tmp_path):
    part = only(put(tmp_path / "x", b"a\n" + b"x" * 900_000), line=500_000)
    with pytest.raises(SourceBroken, match="Line 2 of x is longer"):
        list(part.lines())


def test_a_folder_is_read_in_the_order_of_its_names_without_hidden_files(tmp_path):
    for name in ("b.json", "a/c.json", ".DS_Store", "__MACOSX/a.json", ".git/config"):
        put(tmp_path / name, b"{}")
    assert names(tmp_path) == ["a/c.json", "b.json"]


def test_an_archive_is_read_like_a_folder_also_inside_one(tmp_path):
    zipped(tmp_path / "session", {"il/b.json": b"{}", "il/a.json": gzipped(b"{}"), "__MACOSX/x": b""})
    put(tmp_path / "other.json", b"{}")
    assert names(tmp_path / "session") == ["il/a.json", "il/b.json"]
    assert names(tmp_path) == ["other.json", "il/a.json", "il/b.json"]


def test_what_is_not_there_may_come_later(tmp_path):
    with pytest.raises(SourceUnavailable, match="no file or folder"):
        list(open_parts(tmp_path / "nothing"))


def test_an_empty_file_folder_or_archive_is_said(tmp_path):
    with pytest.raises(SourceBroken, match="holds no files"):
        list(open_parts(tmp_path))
    with pytest.raises(SourceBroken, match="is empty"):
        list(open_parts(put(tmp_path / "x.json", b"")))
    with pytest.raises(SourceBroken, match="archive without files"):
        list(open_parts(zipped(tmp_path / "x.zip", {})))


def test_a_cut_off_file_gives_what_came_before(tmp_path):
    whole = gzipped(b"".join(b"%d,%d\n" % (number, number**7) for number in range(20_000)))
    part = only(put(tmp_path / "x.gz", whole[: len(whole) // 2]))
    found, error = drain(part.lines())
    assert "x.gz is damaged or cut off" in str(error)
    seen = [line for _number, line, _whole in found]
    assert seen == [b"%d,%d" % (number, number**7) for number in range(len(seen))]
    assert len(seen) > 5_000


def test_a_changed_byte_is_found(tmp_path):
    whole = bytearray(gzipped(bytes(range(256)) * 500))
    whole[-6] ^= 0xFF
    with pytest.raises(SourceBroken, match="damaged"):
        only(put(tmp_path / "x.gz", bytes(whole))).content()


def test_half_an_archive_is_said(tmp_path):
    whole = zipped(tmp_path / "whole.zip", {"a.json": b"{}" * 500, "b.json": b"{}"}).read_bytes()
    with pytest.raises(SourceBroken, match="not a whole zip archive"):
        list(open_parts(put(tmp_path / "half.zip", whole[:-30])))


def test_names_that_lead_out_of_an_archive_are_refused_and_the_rest_is_read(tmp_path):
    path = zipped(
        tmp_path / "x.zip",
        {
            "../../etc/passwd": b"x",
            "/etc/shadow": b"x",
            "..\\win.ini": b"x",
            "C:\\x": b"x",
            "fine.json": b"{}",
        },
    )
    parts = list(open_parts(path))
    assert [part.name for part in parts if isinstance(part, Part)] == ["fine.json"]
    assert {part.reason for part in parts if isinstance(part, Rejected)} == {
        "Its name leads out of the archive."
    }
    assert len(parts) == 5
    assert [file.name for file in tmp_path.iterdir()] == ["x.zip"]


def test_an_archive_in_an_archive_and_a_locked_file_are_refused_by_name(tmp_path):
    inner = zipped(tmp_path / "inner.zip", {"a": b"x"}).read_bytes()
    path = zipped(tmp_path / "x.zip", {"inner.zip": inner, "locked.json": b"{}"})
    content = bytearray(path.read_bytes())
    # Sets the flag of encryption in the directory entry of the second file.
    content[content.rindex(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(bytes(content))
    reasons = {part.identifier: part.reason for part in open_parts(path) if isinstance(part, Rejected)}
    assert "inside an archive" in reasons["inner.zip"]
    assert "password" in reasons["locked.json"]


@pytest.mark.parametrize("kind", ["gzip", "zip"])
def test_a_bomb_is_not_unpacked(tmp_path, kind):
    content = b"\0" * 8_000_000
    if kind == "gzip":
        path = put(tmp_path / "x.gz", gzipped(content))
    else:
        path = zipped(tmp_path / "x.zip", {f"{number}.json": content[:2_000_000] for number in range(4)})
    parts = open_parts(path, Limits(free=3_000_000, ratio=100))
    found, error = drain(chunk for part in parts for chunk in part.chunks())
    assert "grows to more than" in str(error)
    assert sum(map(len, found)) < 4_000_000


def test_a_bomb_with_a_lie_about_its_size_is_not_unpacked_either(tmp_path):
    path = zipped(tmp_path / "x.zip", {"x.json": b"\0" * 8_000_000})
    content = bytearray(path.read_bytes())
    directory = content.rindex(b"PK\x01\x02")
    content[directory + 24 : directory + 28] = struct.pack("<I", 100)
    path.write_bytes(bytes(content))
    parts = open_parts(path, Limits(free=1_000_000, ratio=100))
    found, error = drain(chunk for part in parts for chunk in part.chunks())
    assert isinstance(error, SourceBroken)
    assert sum(map(len, found)) < 2_000_000


def test_an_archive_of_very_many_files_is_refused(tmp_path):
    path = zipped(tmp_path / "x.zip", {str(number): b"" for number in range(30)})
    with pytest.raises(SourceBroken, match="too many files"):
        list(open_parts(path, Limits(parts=20)))


def test_one_document_has_a_limit(tmp_path):
    part = only(put(tmp_path / "x.json", b"x" * 3_000_000), document=2 << 20)
    with pytest.raises(SourceBroken, match="one document of more than 2 MB"):
        part.content()
    assert part.head(10) == b"x" * 10


def test_a_broken_file_does_not_hold_up_the_others_and_is_named_at_the_end(tmp_path):
    put(tmp_path / "a.gz", gzipped(b"a\n" * 1000)[:20])
    put(tmp_path / "b.txt", b"b\n")
    put(tmp_path / "c.zip", b"PK\x03\x04 nothing of a zip")
    seen, error = drain(read_each(tmp_path, lambda part: (line for _number, line, _whole in part.lines())))
    assert "a.gz" in str(error)
    assert b"b" in seen
    assert [found.identifier for found in seen if isinstance(found, Rejected)] == ["c.zip"]


def test_words_behind_a_location():
    assert split_location("/data/x.zip#plan=Public Act 102-0663&chamber=lower") == (
        "/data/x.zip",
        {"plan": "Public Act 102-0663", "chamber": "lower"},
    )
    assert split_location("/data/no.1#x.zip") == ("/data/no.1#x.zip", {})


@pytest.mark.parametrize(
    "content",
    [
        "Édgar González".encode(),
        "Édgar González".encode("latin-1"),
        b"\xef\xbb\xbf" + "Édgar González".encode(),
        "\ufeffÉdgar González".encode("utf-16-le"),
    ],
)
def test_text_in_whichever_encoding(content):
    assert read_text(content, "x").lstrip("\ufeff") == "Édgar González"


def test_binary_is_not_text():
    with pytest.raises(SourceBroken, match="x is not text"):
        read_text(zlib.compress(b"x") + b"\0\0\0", "x")


def test_the_archive_needs_no_disk(tmp_path):
    path = zipped(tmp_path / "x.zip", {"a.json": b"{}"})
    assert zipfile.is_zipfile(path)
    assert [part.content() for part in open_parts(path)] == [b"{}"]
    assert [file.name for file in tmp_path.iterdir()] == ["x.zip"]
