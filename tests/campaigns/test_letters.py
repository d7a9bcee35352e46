"""Sign-on letters: who signs, who comes second, taking back, paper, the list, the PDF, and asking a colleague."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from campaigns import kinds
from campaigns.counting import counter_of
from campaigns.letters import letter_pdf, signers
from campaigns.models import ActionTaken, CallToAction, Signature
from campaigns.services.errors import AnswerRefused, CallClosed, StateError
from campaigns.services.signatures import (
    add_paper_signature,
    ask_to_sign,
    sign_letter,
    strike_signature,
    take_back_signature,
)
from mailing.models import OutboxMessage
from mailing.tokens import recipient_token
from tests.campaigns.answering import content, delivery_to
from tests.factories.campaigns import ActionTakenFactory
from tests.factories.letters import LetterCallFactory, SignatureFactory, SignOnLetterFactory
from tests.factories.partners import (
    CoalitionFactory,
    MembershipFactory,
    OrganizationFactory,
    StaffFactory,
    member,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _coalition(settings):
    CoalitionFactory()
    settings.STAFF_SECOND_FACTOR_REQUIRED = False


@pytest.fixture
def letter():
    return SignOnLetterFactory()


@pytest.fixture
def call(letter):
    return letter.call_to_action


@pytest.fixture
def organization():
    return OrganizationFactory(name="Harbor & Lamp <b>Services</b>")


@pytest.fixture
def contact(organization):
    return member(organization, first_name="Rosa", last_name="Delgado", title="Director")


def sign(client, call, organization, **answers):
    return client.post(call.get_absolute_url(), {"organization": organization.pk, **answers})


class TestSigning:
    def test_a_primary_contact_signs_once_and_may_change_the_title(self, client, call, organization, contact):
        client.force_login(contact)
        page = content(client.get(call.get_absolute_url()))
        assert "Sign for my organization" in page
        response = sign(client, call, organization, signer_title="Director")
        assert response.status_code == 302
        again = sign(client, call, organization, signer_title="President")
        assert again["Location"].endswith("?changed=1")
        signature = Signature.objects.get()
        assert (signature.organization_name, signature.signer_name, signature.signer_title) == (
            organization.name,
            "Rosa Delgado",
            "President",
        )
        assert signature.action.organization == organization
        assert signature.action.verified == ActionTaken.Verified.LOGIN
        assert signature.history.first().history_user == contact
        assert ActionTaken.objects.count() == 1
        thanks = content(client.get(response["Location"]))
        assert "Harbor &amp; Lamp &lt;b&gt;Services" in thanks
        assert counter_of(call, exact=True).organizations == 1

    def test_all_primary_contacts_hear_of_it_once(self, client, call, organization, contact):
        other = MembershipFactory(organization=organization).person
        client.force_login(contact)
        sign(client, call, organization)
        sign(client, call, organization, signer_title="Changed")
        told = OutboxMessage.objects.filter(subject__contains="signed")
        assert sorted(told.values_list("to", flat=True)) == sorted([contact.email, other.email])

    @pytest.mark.parametrize("role", ["advocate", "viewer"])
    def test_others_of_the_organization_cannot(self, client, call, organization, role):
        client.force_login(member(organization, role))
        page = client.get(call.get_absolute_url())
        assert "Ask your primary contact" not in content(page)  # Nobody there could be asked.
        assert sign(client, call, organization).status_code == 403
        assert not Signature.objects.exists()
        assert not ActionTaken.objects.exists()

    def test_strangers_cannot(self, client, call, organization):
        assert sign(client, call, organization, email="x@example.org").status_code == 403
        assert not Signature.objects.exists()

    def test_another_organizations_number_is_refused(self, client, call, contact):
        client.force_login(contact)
        other = OrganizationFactory()
        page = sign(client, call, other)
        assert page.status_code == 200
        assert "Choose one of the organizations" in content(page) or "There is a problem" in content(page)
        assert not Signature.objects.exists()
        assert not ActionTaken.objects.exists()

    def test_the_service_refuses_what_the_form_would(self, call, contact):
        action = ActionTakenFactory(call_to_action=call, person=contact.person, verified="login")
        with pytest.raises(AnswerRefused, match="primary contact"):
            sign_letter(action=action, organization_id=OrganizationFactory().pk)

    def test_former_contacts_and_lapsed_partners_cannot(self, client, call, organization, contact):
        client.force_login(contact)
        organization.status = "lapsed"
        organization.save()
        assert sign(client, call, organization).status_code == 403
        organization.status = "active"
        organization.save()
        contact.person.memberships.update(ended_on=date(2025, 1, 1))
        assert sign(client, call, organization).status_code == 403
        assert not Signature.objects.exists()

    def test_an_alerts_link_alone_does_not_sign(self, client, call, organization, contact):
        token = recipient_token(delivery_to(call, contact.person))
        page = content(client.get(f"{call.get_absolute_url()}?r={token}"))
        assert "Sign in first" in page
        assert 'name="signer_title"' not in page
        response = sign(client, call, organization, r=token)
        assert response.status_code == 409
        assert "Sign in first" in content(response)
        assert not ActionTaken.objects.exists()

    def test_a_colleague_who_comes_second_reads_who_signed(self, client, call, organization, contact):
        SignatureFactory(call_to_action=call, organization=organization, signer_name="Theo Park")
        client.force_login(contact)
        page = content(client.get(call.get_absolute_url()))
        assert "through Theo Park" in page
        assert 'name="signer_title"' not in page
        response = sign(client, call, organization)
        assert response.status_code < 500
        assert Signature.objects.count() == 1
        with pytest.raises(AnswerRefused, match="through Theo Park"):
            sign_letter(
                action=ActionTakenFactory(call_to_action=call, person=contact.person, verified="login"),
                organization_id=organization.pk,
            )

    def test_who_speaks_for_two_organizations_signs_for_each(self, client, call, organization, contact):
        second = OrganizationFactory(name="Second Harbor")
        MembershipFactory(person=contact.person, organization=second)
        client.force_login(contact)
        assert 'type="radio"' in content(client.get(call.get_absolute_url()))
        sign(client, call, second)
        assert ActionTaken.objects.get().organization == second
        sign(client, call, organization)
        assert Signature.objects.standing().count() == 2
        assert ActionTaken.objects.count() == 1
        assert "Choose the organization" in content(client.post(call.get_absolute_url(), {}))

    @pytest.mark.parametrize("title", ["x" * 10_000, "Director\r\nBcc: all@example.org", "a\x00b"])
    def test_a_bad_title_is_an_error_and_kept(self, client, call, organization, contact, title):
        client.force_login(contact)
        page = sign(client, call, organization, signer_title=title)
        assert page.status_code == 200
        assert "There is a problem" in content(page)
        assert not ActionTaken.objects.exists()

    @pytest.mark.parametrize("title", ["مديرة المركز", "Director 🎉", "<script>alert(1)</script>"])
    def test_a_strange_title_is_kept_as_text(self, client, call, organization, contact, title):
        client.force_login(contact)
        sign(client, call, organization, signer_title=title)
        assert Signature.objects.get().signer_title == title
        page = content(client.get(reverse("campaigns:letter", args=[call.slug])))
        assert "<script>alert" not in page

    def test_the_database_keeps_an_organization_from_signing_twice(self, call, organization):
        SignatureFactory(call_to_action=call, organization=organization)
        with pytest.raises(IntegrityError), transaction.atomic():
            SignatureFactory(call_to_action=call, organization=organization)

    def test_the_database_wants_an_action_or_a_note(self, call, organization):
        with pytest.raises(IntegrityError, match="signature_has_action_or_note"), transaction.atomic():
            SignatureFactory(call_to_action=call, organization=organization, action=None)


class TestTakingBack:
    def address(self, signature, organization=None):
        slug = (organization or signature.organization).slug
        return reverse("my_actions:signature_take_back", args=[slug, signature.pk])

    def test_a_primary_contact_takes_it_back_and_may_sign_again(self, client, call, organization, contact):
        client.force_login(contact)
        sign(client, call, organization)
        signature = Signature.objects.get()
        assert client.get(self.address(signature)).status_code == 405
        page = client.post(self.address(signature), follow=True)
        assert "is taken back" in content(page)
        signature.refresh_from_db()
        assert signature.withdrawn_at
        assert signature.history.first().history_user == contact
        assert ActionTaken.objects.count() == 1
        assert counter_of(call, exact=True).organizations == 0
        sign(client, call, organization)
        assert Signature.objects.count() == 2
        assert Signature.objects.standing().count() == 1

    def test_others_cannot(self, client, call, organization):
        signature = SignatureFactory(call_to_action=call, organization=organization)
        other = OrganizationFactory()
        stranger = member(other)
        for user in (
            stranger,
            member(organization, "advocate"),
            member(organization, "viewer"),
            StaffFactory(),
        ):
            client.force_login(user)
            assert client.post(self.address(signature)).status_code == 404
            assert client.post(self.address(signature, other)).status_code == 404
        with pytest.raises(StateError):
            take_back_signature(signature=signature, by=stranger)
        assert Signature.objects.standing().exists()

    def test_not_after_the_deadline(self, client, call, organization, contact):
        signature = SignatureFactory(call_to_action=call, organization=organization)
        CallToAction.objects.update(closes_at=timezone.now() - timedelta(minutes=1))
        with pytest.raises(CallClosed):
            take_back_signature(signature=signature, by=contact)
        client.force_login(contact)
        assert "The deadline has passed" in content(client.post(self.address(signature), follow=True))
        assert Signature.objects.standing().exists()

    def test_staff_take_it_back_until_the_archive(self, call):
        signature, staff = SignatureFactory(call_to_action=call), StaffFactory()
        strike_signature(signature=signature, by=staff)
        assert not Signature.objects.standing().exists()
        CallToAction.objects.update(status="archived")
        with pytest.raises(StateError):
            strike_signature(signature=SignatureFactory(call_to_action=call), by=staff)


class TestAsking:
    def test_an_advocate_asks_the_primary_contacts_once_a_day(self, client, call, organization, contact):
        client.force_login(member(organization, "advocate", first_name="James", last_name="Okafor"))
        page = content(client.get(call.get_absolute_url()))
        assert "Ask your primary contact" in page
        assert call.statement not in page
        address = reverse("my_actions:ask_to_sign", args=[organization.slug, call.slug])
        assert client.get(address).status_code == 405
        assert "We wrote to your primary contact" in content(client.post(address, follow=True))
        assert "was asked within the last day" in content(client.post(address, follow=True))
        message = OutboxMessage.objects.get()
        assert message.to == contact.email
        assert "James Okafor asks you to sign" in message.subject

    def test_people_of_other_organizations_cannot(self, client, call, organization, contact):
        client.force_login(member(OrganizationFactory(), "advocate"))
        address = reverse("my_actions:ask_to_sign", args=[organization.slug, call.slug])
        assert client.post(address).status_code == 404
        assert not OutboxMessage.objects.exists()

    def test_nobody_is_asked_for_what_is_signed(self, call, organization, contact):
        SignatureFactory(call_to_action=call, organization=organization)
        with pytest.raises(StateError, match="signed on"):
            ask_to_sign(call_to_action=call, organization=organization, asker=contact.person)


class TestPaper:
    def test_staff_enter_one_with_a_note(self, letter, organization):
        staff = StaffFactory()
        facts = {"letter": letter, "organization": organization, "signer_name": "Theo Park", "by": staff}
        with pytest.raises(StateError, match="how the signature came"):
            add_paper_signature(note="  ", **facts)
        signature = add_paper_signature(note="By mail on May 2.", **facts)
        assert signature.action is None
        assert signature.history.first().history_user == staff
        with pytest.raises(StateError, match="through Theo Park"):
            add_paper_signature(note="Again.", **facts)
        assert counter_of(letter.call_to_action, exact=True).organizations == 1

    def test_at_the_desk(self, client, letter, organization):
        client.force_login(StaffFactory())
        add = reverse("admin:campaigns_signature_add")
        answers = {
            "call_to_action": letter.call_to_action_id,
            "organization": organization.pk,
            "signer_name": "Theo Park",
            "signer_title": "",
            "note": "By mail on May 2.",
        }
        assert "Say how the signature came" in content(client.post(add, answers | {"note": ""}))
        assert client.post(add, answers).status_code == 302
        signature = Signature.objects.get()
        assert signature.organization_name == organization.name
        assert "through Theo Park" in content(client.post(add, answers))
        change = reverse("admin:campaigns_signature_change", args=[signature.pk])
        mended = {"organization_name": "Harbor Lamp", "signer_name": "Theo Park", "note": "By mail."}
        assert client.post(change, mended).status_code == 302
        signature.refresh_from_db()
        assert signature.organization_name == "Harbor Lamp"
        strike = reverse("admin:campaigns_signature_strike", args=[signature.pk])
        assert client.get(strike).status_code == 200
        client.post(strike)
        assert not Signature.objects.standing().exists()
        assert (
            client.get(reverse("admin:campaigns_signature_history", args=[signature.pk])).status_code == 200
        )

    def test_the_table_of_signers_runs_no_formulas(self, client, call):
        SignatureFactory(call_to_action=call, organization__name="=HYPERLINK(1)")
        client.force_login(StaffFactory())
        export = reverse("admin:campaigns_signature_export")
        resource = {"format": "0", "resource": ""}
        names = ["call_to_action", "organization_name", "signer_name", "note", "signed"]
        response = client.post(export, resource | {f"signatureresource_{name}": "on" for name in names})
        assert response.status_code == 200
        assert "'=HYPERLINK" in content(response)


class TestTheLetter:
    def test_publishing_needs_text_subject_and_address(self):
        call = LetterCallFactory(statement=" ")
        assert len(kinds.of(call).problems(call)) == 3
        letter = SignOnLetterFactory()
        assert kinds.of(letter.call_to_action).problems(letter.call_to_action) == []

    def test_everybody_reads_it_with_its_signers_in_order(self, client, call, letter):
        for name in ("Oak House", "élan Center", "Zion Works", "Elm Street"):
            SignatureFactory(call_to_action=call, organization__name=name)
        SignatureFactory(call_to_action=call, organization__name="Gone", withdrawn_at=timezone.now())
        letter.delivered_on, letter.delivered_note = date(2026, 3, 5), "To the Governor's chief of staff."
        letter.save()
        page = content(client.get(reverse("campaigns:letter", args=[call.slug])))
        places = [page.index(name) for name in ("élan Center", "Elm Street", "Oak House", "Zion Works")]
        assert places == sorted(places)
        assert "Gone" not in page
        assert "Handed over on Thursday, March 5, 2026" in page
        assert "chief of staff" in page
        assert signers(call).areas == 4

    def test_a_draft_is_not_there(self, client):
        letter = SignOnLetterFactory(call_to_action__status="draft")
        for name in ("letter", "letter_file"):
            address = reverse(f"campaigns:{name}", args=[letter.call_to_action.slug])
            assert client.get(address).status_code == 404
        client.force_login(StaffFactory())
        assert client.get(f"{address}?preview=1").status_code == 200

    @pytest.mark.parametrize("count", [1, 20])
    def test_its_queries_do_not_grow(self, client, call, count, django_assert_max_num_queries):
        SignatureFactory.create_batch(count, call_to_action=call)
        client.get(reverse("campaigns:letter", args=[call.slug]))
        with django_assert_max_num_queries(6):
            client.get(reverse("campaigns:letter", args=[call.slug]), {"fresh": count})

    def test_the_file_names_everybody_and_survives_hostile_words(self, client, call, letter):
        pypdf = pytest.importorskip("pypdf")
        for number in range(60):
            SignatureFactory(call_to_action=call, organization__name=f"Signer number {number}")
        SignatureFactory(
            call_to_action=call, organization__name='#eval("x") $x$ \\ *b* @a', signer_title="مديرة 🎉"
        )
        response = client.get(reverse("campaigns:letter_file", args=[call.slug]))
        assert response["Content-Type"] == "application/pdf"
        reader = pypdf.PdfReader(BytesIO(response.content))
        text = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
        assert "61 organizations sign this letter" in text
        assert all(f"Signer number {number}" in text for number in range(60))
        assert '#eval("x") $x$ \\ *b* @a' in text
        assert f"Page 1 of {len(reader.pages)}" in text
        assert reader.metadata.title == letter.subject
        assert "/StructTreeRoot" in reader.trailer["/Root"]
        assert response.content == letter_pdf(call, letter)

    def test_logos_are_printed_where_allowed_and_honest(self, call, letter, settings, tmp_path):
        pypdf = pytest.importorskip("pypdf")
        settings.MEDIA_ROOT = tmp_path
        picture = BytesIO()
        Image.new("RGB", (400, 200), "#0F4C46").save(picture, "PNG")
        files = {"good": picture.getvalue(), "bad": b"<svg onload=alert(1)>", "kept": picture.getvalue()}
        for name, file in files.items():
            organization = OrganizationFactory(name=name)
            organization.logo.save(f"{name}.png", ContentFile(file))
            SignatureFactory(call_to_action=call, organization=organization, logo_allowed=name != "kept")
        OrganizationFactory(name="gone", logo="logos/gone.webp")
        reader = pypdf.PdfReader(BytesIO(letter_pdf(call, letter)))
        assert sum(len(page.images) for page in reader.pages) == 1
        letter.show_logos = False
        reader = pypdf.PdfReader(BytesIO(letter_pdf(call, letter)))
        assert sum(len(page.images) for page in reader.pages) == 0
