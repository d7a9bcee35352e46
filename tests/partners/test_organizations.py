"""The profile, its logo and the answers."""

from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from partners import caching
from partners.images import MAX_PIXELS, clean_logo
from partners.models import ProfileAnswer
from partners.profile import completeness
from partners.services import NotAllowed, change_status, record_answers, update_organization
from tests.factories.partners import OrganizationFactory, SubSectorFactory, UserFactory, member

LIMIT = 2 * 1024 * 1024


def picture(kind="PNG", size=(900, 300), mode="RGBA", name="logo.png"):
    target = BytesIO()
    Image.new(mode, size, "#0F4C46").save(target, kind)
    return SimpleUploadedFile(name, target.getvalue())


class TestCleanLogo:
    @pytest.mark.parametrize(
        ("kind", "mode"), [("PNG", "RGBA"), ("PNG", "P"), ("PNG", "1"), ("JPEG", "CMYK"), ("WEBP", "RGB")]
    )
    def test_every_kind_becomes_a_small_webp_under_a_random_name(self, kind, mode):
        logo = clean_logo(picture(kind, mode=mode, name="../../evil.php"), max_bytes=LIMIT)
        stored = Image.open(logo)
        assert stored.format == "WEBP"
        assert stored.size == (600, 200)
        assert len(logo.name) == 32 + len(".webp")

    def test_what_hides_behind_the_picture_is_left_behind(self):
        upload = SimpleUploadedFile("logo.png", picture().read() + b"<?php system($_GET['x']); ?>")
        assert b"php" not in clean_logo(upload, max_bytes=LIMIT).read()

    @pytest.mark.parametrize(
        ("content", "code"),
        [
            (b"", "not_a_picture"),
            (b"This is not a picture.", "not_a_picture"),
            (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "not_a_picture"),
            (b"\x89PNG\r\n\x1a\n" + b"\x00" * 64, "not_a_picture"),
            (b"GIF89a" + b"\x00" * 64, "not_a_picture"),
        ],
    )
    def test_other_files_are_refused(self, content, code):
        with pytest.raises(ValidationError) as refusal:
            clean_logo(SimpleUploadedFile("logo.png", content), max_bytes=LIMIT)
        assert refusal.value.code == code

    def test_a_gif_is_refused_although_it_is_a_picture(self):
        with pytest.raises(ValidationError, match="PNG, JPEG or WebP"):
            clean_logo(picture("GIF", mode="P"), max_bytes=LIMIT)

    def test_a_cut_off_picture_is_damaged(self):
        whole = picture("JPEG", (400, 400), "RGB").read()
        with pytest.raises(ValidationError, match="damaged"):
            clean_logo(SimpleUploadedFile("logo.jpg", whole[: len(whole) // 2]), max_bytes=LIMIT)

    def test_a_small_file_with_too_many_pixels_is_not_unpacked(self):
        bomb = picture(size=(MAX_PIXELS // 1000 + 1, 1000), mode="1")
        assert bomb.size < LIMIT
        with pytest.raises(ValidationError) as refusal:
            clean_logo(bomb, max_bytes=LIMIT)
        assert refusal.value.code == "too_many_pixels"

    def test_a_gigantic_bomb_is_refused_too(self):
        bomb = picture(size=(40_000, 10_000), mode="1")
        with pytest.raises(ValidationError) as refusal:
            clean_logo(bomb, max_bytes=LIMIT)
        assert refusal.value.code == "too_many_pixels"

    def test_too_many_bytes(self):
        with pytest.raises(ValidationError, match="smaller than 2 MB"):
            clean_logo(SimpleUploadedFile("logo.png", b"x" * (LIMIT + 1)), max_bytes=LIMIT)


@pytest.mark.django_db
class TestUpdate:
    def test_facts_fields_and_history(self):
        organization, by = OrganizationFactory(name="Old"), UserFactory()
        field = SubSectorFactory()
        update_organization(
            organization=organization,
            by=by,
            facts={"name": "New", "website": "https://www.new.example/", "status": "left"},
            sub_sectors=[field],
        )
        organization.refresh_from_db()
        assert (organization.name, organization.web_domain) == ("New", "new.example")
        assert organization.status == "active"
        assert list(organization.sub_sectors.all()) == [field]
        latest = organization.history.first()
        assert (latest.name, latest.history_user) == ("New", by)

    def test_the_page_cache_is_emptied_after_the_commit(self, django_capture_on_commit_callbacks):
        client = caching.cache_client()
        client.hset(caching.PAGES_KEY, "page", "stored")
        with django_capture_on_commit_callbacks(execute=True):
            update_organization(organization=OrganizationFactory(), by=None, facts={"name": "New"})
            assert client.exists(caching.PAGES_KEY)
        assert not client.exists(caching.PAGES_KEY)

    def test_a_new_logo_replaces_the_file_after_the_commit(self, client, django_capture_on_commit_callbacks):
        organization = OrganizationFactory()
        logo = clean_logo(picture(), max_bytes=LIMIT)
        organization = update_organization(organization=organization, by=None, facts={}, logo=logo)
        first = organization.logo.name
        response = client.get(organization.logo.url)
        assert organization.logo.url.startswith("/media/logos/")
        assert response["Content-Type"] == "image/webp"
        assert response["X-Content-Type-Options"] == "nosniff"
        assert "immutable" in response["Cache-Control"]
        assert not response.cookies
        assert b"".join(response.streaming_content).startswith(b"RIFF")
        with django_capture_on_commit_callbacks(execute=True):
            other = clean_logo(picture("JPEG", mode="RGB"), max_bytes=LIMIT)
            organization = update_organization(organization=organization, by=None, facts={}, logo=other)
            assert default_storage.exists(first)
        assert not default_storage.exists(first)
        with django_capture_on_commit_callbacks(execute=True):
            second = organization.logo.name
            organization = update_organization(organization=organization, by=None, facts={}, remove_logo=True)
        assert not organization.logo
        assert not default_storage.exists(second)

    @pytest.mark.parametrize(
        "name", ["..%2f..%2fsettings.py", "x.webp", "a" * 32 + ".png", "a" * 32 + ".webp"]
    )
    def test_no_other_file_is_served(self, client, name):
        assert client.get(f"/media/logos/{name}").status_code == 404


@pytest.mark.django_db
def test_a_status_changes_once_and_is_remembered():
    organization, by = OrganizationFactory(), UserFactory()
    change_status(organization=organization, status="lapsed", by=by)
    organization.refresh_from_db()
    assert organization.status == "lapsed"
    assert organization.history.first().history_user == by
    with pytest.raises(NotAllowed, match="lapsed"):
        change_status(organization=organization, status="lapsed", by=by)


@pytest.mark.django_db
def test_answers_stand_beside_each_other_and_the_latest_counts():
    organization, by = OrganizationFactory(), UserFactory()
    record_answers(organization=organization, answers={"employed": {"number": 5}}, by=by)
    record_answers(organization=organization, answers={"employed": {"declined": True, "number": 7}}, by=by)
    assert organization.profile_answers.count() == 2
    latest = ProfileAnswer.objects.newest().get()
    assert (latest.declined, latest.number, latest.answered_by) == (True, None, by)


@pytest.mark.django_db
def test_completeness_counts_facts_and_fresh_answers():
    organization = OrganizationFactory(website="https://one.example/", sub_sectors=[SubSectorFactory()])
    record_answers(organization=organization, answers={"employed": {"declined": True}}, by=None)
    ProfileAnswer.objects.create(
        organization=organization,
        marker="populations",
        values=["veterans"],
        answered_at=timezone.now() - timezone.timedelta(days=400),
    )
    result = completeness(organization)
    assert (result.done, result.total) == (3, 11)
    labels = [gap.label for gap in result.missing]
    assert "Logo" in labels
    assert "Question: populations served" in labels
    assert "Question: number of people employed" not in labels


@pytest.mark.django_db
class TestEditPage:
    @pytest.fixture
    def form(self, client):
        organization = OrganizationFactory(name="Old", sub_sectors=[SubSectorFactory()])
        client.force_login(member(organization))
        facts = {
            "name": "New",
            "city": "Peoria",
            "zip_code": "61602",
            "county": organization.county_id,
            "area": organization.area_id,
            "sub_sectors": [organization.sub_sectors.get().pk],
        }
        return organization, reverse("my:organization_edit", args=[organization.slug]), facts

    def test_a_logo_is_uploaded(self, client, form):
        organization, address, facts = form
        assert client.post(address, facts | {"logo": picture()}).status_code == 302
        organization.refresh_from_db()
        assert organization.name == "New"
        assert organization.logo.name.endswith(".webp")
        assert client.post(address, facts).status_code == 302
        organization.refresh_from_db()
        assert organization.logo
        client.post(address, facts | {"remove_logo": "on"})
        organization.refresh_from_db()
        assert not organization.logo

    def test_a_bad_logo_is_told_at_its_field_and_the_rest_is_kept(self, client, form):
        organization, address, facts = form
        fake = SimpleUploadedFile("logo.png", b"<svg onload='alert(1)'/>", content_type="image/png")
        response = client.post(address, facts | {"logo": fake})
        page = response.content.decode()
        assert page.count("The logo must be a PNG, JPEG or WebP picture.") == 2
        assert 'value="New"' in page
        organization.refresh_from_db()
        assert organization.name == "Old"
