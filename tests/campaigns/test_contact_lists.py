"""Contact lists from files: what is read, what would happen, and that nothing happens twice."""

import io
from datetime import timedelta

import pytest
from django.utils import timezone
from openpyxl import Workbook

from campaigns.contact_files import UnreadableFile, guess_mapping, read_lines
from campaigns.models import ContactImport, ContactList, ContactRow
from campaigns.services.contact_lists import (
    check_contacts,
    confirm_contacts,
    discard_contacts,
    purge_contact_imports,
    upload_contacts,
)
from campaigns.services.errors import StateError
from mailing.addresses import hash_address
from mailing.models import Suppression
from partners.models import Person
from tests.factories.alerts import SubscriberFactory
from tests.factories.partners import PersonFactory, StaffFactory

pytestmark = pytest.mark.django_db

PLAIN = b"First name,Last name,E-mail\nMaria,Gomez,maria@example.org\nWei,Chen,wei@example.org\n"


def file(content: bytes) -> io.BytesIO:
    return io.BytesIO(content)


def lines(content: bytes) -> list[tuple[int, list[str]]]:
    return list(read_lines(file(content)))


@pytest.fixture
def staff():
    return StaffFactory()


def uploaded(content, by, name="Forum", **facts):
    return upload_contacts(
        file=file(content), file_name="people.csv", name=name, basis="signed up at the forum", by=by, **facts
    )


def checked(content, by, name="Forum"):
    upload = uploaded(content, by, name)
    return check_contacts(upload=upload, mapping=upload.mapping)


class TestReading:
    @pytest.mark.parametrize(
        "content",
        [
            "Name;E-mail\nJosé Núñez;jose@example.org\n".encode("utf-8-sig"),
            "Name;E-mail\nJosé Núñez;jose@example.org\n".encode(),
            "Name;E-mail\r\nJosé Núñez;jose@example.org\r\n".encode("cp1252"),
            "Name\tE-mail\nJosé Núñez\tjose@example.org\n".encode("utf-16"),
            '"Name","E-mail"\n"José Núñez",jose@example.org'.encode(),
            "Name|E-mail\n\n\nJosé Núñez|jose@example.org\n".encode(),
        ],
    )
    def test_encodings_and_separators(self, content):
        assert [cells for _number, cells in lines(content)] == [
            ["Name", "E-mail"],
            ["José Núñez", "jose@example.org"],
        ]

    def test_a_cell_over_several_lines_keeps_the_number_of_its_first(self):
        assert lines(b'a,b\n"x\ny",1\nz,2\n') == [(1, ["a", "b"]), (2, ["x y", "1"]), (4, ["z", "2"])]

    def test_a_separator_inside_of_quotes_is_none(self):
        assert lines(b'"Gomez, Maria, Dr, Prof";maria@example.org\n')[0][1][1] == "maria@example.org"

    def test_nul_and_control_characters_go(self):
        assert lines(b"a\x00b,c\x1b[31m@example.org\n") == [(1, ["a b", "c [31m@example.org"])]

    def test_a_spreadsheet(self):
        book = Workbook()
        book.active.append(["E-mail", "ZIP"])
        book.active.append(["maria@example.org", 60601])
        book.active.append(["wei@example.org", 60602.0])
        content = io.BytesIO()
        book.save(content)
        assert lines(content.getvalue())[1:] == [
            (2, ["maria@example.org", "60601"]),
            (3, ["wei@example.org", "60602"]),
        ]

    @pytest.mark.parametrize("content", [b"PK\x03\x04 no zip at all", b'a,"b\n' + b"x" * 200_000])
    def test_what_cannot_be_read_is_refused_in_words(self, content):
        with pytest.raises(UnreadableFile):
            lines(content)

    @pytest.mark.parametrize(
        ("titles", "expected"),
        [
            (["First name", "Last name", "E-mail"], {"email": 2, "first_name": 0, "last_name": 1}),
            (["Correo electrónico", "Nombre", "Apellido"], {"email": 0, "first_name": 1, "last_name": 2}),
            (["Full Name", "Email Address", "Zip Code"], {"email": 1, "name": 0, "zip_code": 2}),
            (["Column 1", "Column 2"], {"email": 1}),
        ],
    )
    def test_columns_are_guessed_by_title_or_look(self, titles, expected):
        people = [["x", "maria@example.org"]] if titles[0] == "Column 1" else []
        assert guess_mapping(titles, people) == expected


class TestWhatWouldHappen:
    def test_new_known_doubled_faulty_and_suppressed_lines(self, staff):
        known = PersonFactory(email="known@example.org", first_name="Ana", last_name="Kept")
        Suppression.objects.create(address_hash=hash_address("bounced@example.org"), reason="bounced")
        SubscriberFactory(email=known.email, state="unsubscribed")
        upload = checked(
            b"Name,E-mail\n"
            b"Maria Gomez,Maria@Example.org \n"
            b"Other Name,KNOWN@example.org\n"
            b"Maria again,maria@example.org\n"
            b"No Address,\n"
            b"Wrong,wrong@\n"
            b"Bounced,bounced@example.org\n",
            staff,
        )
        assert upload.lines == 6
        assert upload.tally == {"new": 2, "known": 1, "double": 1, "faulty": 2, "suppressed": 2}
        problems = dict(upload.rows.exclude(problem="").values_list("line", "problem"))
        assert problems == {
            4: "The same address stands in line 2.",
            5: "There is no e-mail address.",
            6: "“wrong@” is no e-mail address.",
        }
        assert not Person.objects.filter(email="maria@example.org").exists()

    def test_names_in_one_column_are_parted(self, staff):
        upload = checked(b'Name,E-mail\n"Gomez, Maria",a@example.org\nWei Li Chen,b@example.org\n', staff)
        assert list(upload.rows.values_list("first_name", "last_name")) == [
            ("Maria", "Gomez"),
            ("Wei Li", "Chen"),
        ]

    def test_a_file_without_titles(self, staff):
        upload = checked(b"maria@example.org,Maria\nwei@example.org,Wei\n", staff)
        assert (upload.lines, upload.tally["new"]) == (2, 2)
        assert upload.columns == ["Column 1", "Column 2"]

    def test_other_columns_can_be_chosen_again(self, staff):
        upload = uploaded(b"A,B\nmaria@example.org,other@example.org\n", staff)
        check_contacts(upload=upload, mapping={"email": 1})
        assert check_contacts(upload=upload, mapping={"email": 0}).tally == {"new": 1, "suppressed": 0}
        assert upload.rows.get().email == "maria@example.org"

    @pytest.mark.parametrize(
        "mapping", [{}, {"first_name": 0}, {"email": 9}, {"email": -1}, {"email": 0, "x": 1}]
    )
    def test_columns_that_make_no_sense(self, staff, mapping):
        with pytest.raises(StateError):
            check_contacts(upload=uploaded(PLAIN, staff), mapping=mapping)

    @pytest.mark.parametrize("content", [b"", b"\n\n", b"Name,E-mail\n"])
    def test_nothing_in_it(self, staff, content):
        with pytest.raises(UnreadableFile):
            uploaded(content, staff)
        assert not ContactImport.objects.exists()

    def test_too_many_lines(self, staff, monkeypatch):
        monkeypatch.setattr("campaigns.services.contact_lists.MAX_LINES", 1)
        with pytest.raises(UnreadableFile, match="more than 1 lines"):
            uploaded(PLAIN, staff)
        assert not ContactRow.objects.exists()


class TestTheList:
    def test_new_people_are_added_and_known_ones_linked_unchanged(self, staff):
        known = PersonFactory(email="maria@example.org", first_name="Ana", last_name="Kept", title="")
        made = confirm_contacts(upload=checked(PLAIN, staff), by=staff)
        assert (made.name, made.basis, made.created_by) == ("Forum", "signed up at the forum", staff)
        assert dict(made.entries.values_list("person__email", "line")) == {
            "maria@example.org": 2,
            "wei@example.org": 3,
        }
        known.refresh_from_db()
        assert (known.first_name, known.last_name) == ("Ana", "Kept")
        new = Person.objects.get(email="wei@example.org")
        assert (new.first_name, new.last_name) == ("Wei", "Chen")

    def test_an_import_never_lifts_a_suppression(self, staff):
        Suppression.objects.create(address_hash=hash_address("wei@example.org"), reason="complained")
        confirm_contacts(upload=checked(PLAIN, staff), by=staff)
        assert Suppression.objects.count() == 1

    def test_confirmed_twice_it_is_one_list(self, staff):
        upload = checked(PLAIN, staff)
        assert confirm_contacts(upload=upload, by=staff) == confirm_contacts(upload=upload, by=staff)
        assert ContactList.objects.count() == 1

    def test_uploaded_twice_it_is_one_upload(self, staff):
        assert uploaded(PLAIN, staff) == uploaded(PLAIN, staff)
        assert ContactRow.objects.count() == 2

    def test_a_name_is_given_once(self, staff):
        first, second = checked(PLAIN, staff), checked(PLAIN + b"X,Y,z@example.org\n", staff)
        confirm_contacts(upload=first, by=staff)
        with pytest.raises(StateError, match="already"):
            confirm_contacts(upload=second, by=staff)
        with pytest.raises(StateError, match="already"):
            uploaded(PLAIN, staff, name=" forum ")

    def test_nobody_to_put_on_it(self, staff):
        with pytest.raises(StateError, match="No line"):
            confirm_contacts(upload=checked(b"E-mail\nnobody\n", staff), by=staff)

    def test_a_list_cannot_be_read_anew(self, staff):
        upload = checked(PLAIN, staff)
        confirm_contacts(upload=upload, by=staff)
        with pytest.raises(StateError):
            check_contacts(upload=upload, mapping={"email": 0})
        discard_contacts(upload=upload)
        assert ContactImport.objects.exists()

    def test_uploads_are_erased_in_time_and_lists_stay(self, staff):
        pending = checked(PLAIN, staff)
        done = checked(PLAIN, staff, name="Done")
        confirm_contacts(upload=done, by=staff)
        now = timezone.now()
        assert purge_contact_imports(now=now + timedelta(hours=23)) == 0
        assert purge_contact_imports(now=now + timedelta(hours=25)) == 1
        assert not ContactImport.objects.filter(pk=pending.pk).exists()
        assert purge_contact_imports(now=now + timedelta(days=8)) == 1
        assert (ContactRow.objects.count(), ContactList.objects.count()) == (0, 1)
