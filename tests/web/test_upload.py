from __future__ import annotations

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tearmann.casework.actions.restriction import restrict
from tearmann.casework.actions.store import Outcome
from tearmann.casework.doing import Actor, Doing
from tearmann.casework.models import Alert, Case, Payload, StoredReferral
from tearmann.people.models import Role
from tearmann.web import guard
from tearmann.web.forms.upload import LIMIT, MOST_FILES
from tearmann.web.views import upload
from tests.conftest import NOON
from tests.sent import a_referral, as_file
from tests.web.signed_in import an_officer, received, signed_in, the_case

pytestmark = pytest.mark.django_db

URL = reverse("upload")
JPEG = b"\xff\xd8\xff\xe0"  # the first bytes of one, and no more
TABLE = b"source,source_reference,received,narrative\nncmec,77,2026-11-02T10:00:00Z,Words only\n"


@pytest.fixture(autouse=True)
def noon(monkeypatch):
    monkeypatch.setattr(guard, "now", lambda: NOON)


def a_file(number=1, **changes):
    file = as_file(a_referral(number, **changes))
    return SimpleUploadedFile(file.name, file.body)


def send(client, *files, **said):
    return client.post(URL, {"sent": list(files)} | said)


def counts(page):
    return {words: number for number, words in page.context["counts"] if number}


def test_several_files_become_cases_of_the_officers_unit(ann, north):
    page = send(signed_in(ann), a_file(1), a_file(2))
    assert page.status_code == 200
    assert counts(page) == {"received": 2}
    assert {case.unit for case in Case.objects.all()} == {north}


@pytest.mark.parametrize(
    "role", [Role.ANALYST, Role.LEADER, Role.INSPECTOR, Role.AUDITOR, Role.ADMINISTRATOR, Role.DATA_PROTECTION]
)
def test_nobody_but_the_desk_uploads(north, role):
    client = signed_in(an_officer("somebody", role, north))
    assert client.get(URL).status_code == 403
    assert send(client, a_file()).status_code == 403
    assert not Case.objects.exists()


def test_the_format_is_found_out_from_the_file(ann):
    send(signed_in(ann), SimpleUploadedFile("table.txt", TABLE))
    assert StoredReferral.objects.get().format == "csv"


def test_what_the_officer_says_of_the_source_and_the_reference_is_kept(ann):
    send(signed_in(ann), a_file(1), source="partner", reference="P-1")
    stored = StoredReferral.objects.get()
    assert (stored.source, stored.source_reference) == ("partner", "P-1")


def test_one_reference_is_not_given_to_two_files(ann):
    page = send(signed_in(ann), a_file(1), a_file(2), reference="P-1")
    assert page.status_code == 422
    assert "reference" in page.context["form"].errors
    assert not Case.objects.exists()


def test_no_file_is_told_beside_the_field(ann):
    page = signed_in(ann).post(URL, {})
    assert page.status_code == 422
    assert "Choose the files" in page.text


def test_every_fault_of_every_file_stands_in_the_table(ann):
    bad = SimpleUploadedFile("bad.csv", b"when,what\n1,2\n")
    empty = SimpleUploadedFile("empty.json", b"")
    page = send(signed_in(ann), a_file(1), bad, empty)
    assert page.status_code == 422
    assert {one.file for one in page.context["faults"]} == {"bad.csv", "empty.json"}
    assert counts(page) == {"received": 1, "could not be taken in": 2}


def test_media_is_refused_in_so_many_words_and_only_its_digest_kept(ann):
    page = send(signed_in(ann), SimpleUploadedFile("report.xml", JPEG))
    assert "carried media and was refused" in page.text
    kept = Payload.objects.get()
    assert (kept.state, kept.body) == (Payload.State.REFUSED, None)


def test_a_file_without_media_is_not_said_to_carry_any(ann):
    page = send(signed_in(ann), SimpleUploadedFile("bad.csv", b"when,what\n1,2\n"))
    assert "carried media" not in page.text


def test_the_same_file_again_is_kept_once(ann):
    client = signed_in(ann)
    send(client, a_file())
    assert counts(send(client, a_file())) == {"sent before, so not kept twice": 1}
    assert Case.objects.count() == 1


def test_the_answer_names_no_case(ann):
    page = send(signed_in(ann), a_file(), SimpleUploadedFile("bad.csv", b"when,what\n1,2\n"))
    assert Case.objects.get().reference not in page.text


@pytest.mark.parametrize("again", [{}, {"supplements": "1", "source_reference": None}])
def test_what_belongs_to_a_restricted_case_is_answered_like_any_new_report(ann, ben, south, again):
    received(a_referral(1), unit=south)
    doing = Doing(by=Actor.operator("operator"), at=NOON, force=guard.force())
    restrict(the_case(1), readers=[ben], doing=doing, reason="An invented reason")
    page = send(signed_in(ann), a_file(1, **again))
    assert counts(page) == {"received": 1}
    assert Alert.objects.filter(kind=Alert.Kind.RESENT, by="ann").count() == 1


def test_a_large_file_is_read_from_disk_and_removed(ann, settings, monkeypatch):
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 1
    where = []
    read = upload.receive

    def watched(files, **more):
        taken = list(files)
        where.extend(file.path for file in taken)
        assert all(path.exists() for path in where)
        return read(taken, **more)

    monkeypatch.setattr(upload, "receive", watched)
    assert counts(send(signed_in(ann), a_file(1), a_file(2))) == {"received": 2}
    assert len(where) == 2
    assert not any(Path(path).exists() for path in where)


def test_the_temporary_file_is_removed_when_receiving_fails(ann, settings, monkeypatch):
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 1
    where = []

    def fail(files, **more):
        where.extend(file.path for file in files)
        raise RuntimeError

    monkeypatch.setattr(upload, "receive", fail)
    with pytest.raises(RuntimeError):
        send(signed_in(ann), a_file())
    assert where
    assert not any(Path(path).exists() for path in where)


def test_an_upload_over_the_limit_is_refused_before_it_is_read(ann):
    page = signed_in(ann).post(URL, {"sent": [a_file()]}, CONTENT_LENGTH=str(LIMIT + 1))
    assert page.status_code == 413
    assert f"more than {LIMIT >> 20} MB" in page.text
    assert not Case.objects.exists()


def test_too_many_files_are_refused_with_the_number_that_may_be_sent(ann):
    page = send(signed_in(ann), *(a_file() for _ in range(MOST_FILES + 1)))
    assert page.status_code == 413
    assert f"more than {MOST_FILES} files" in page.text


def test_what_no_form_sends_is_refused(ann):
    page = signed_in(ann).post(URL, b"nonsense", content_type="multipart/form-data; boundary=")
    assert page.status_code == 400
    assert "send it again" in page.text


def test_an_upload_without_its_csrf_token_is_refused(ann):
    assert send(signed_in(ann, checks_csrf=True), a_file()).status_code == 403
    assert not Case.objects.exists()


def test_an_upload_with_its_csrf_token_is_taken_in(ann):
    client = signed_in(ann, checks_csrf=True)
    token = client.get(URL).context["csrf_token"]
    assert counts(send(client, a_file(), csrfmiddlewaretoken=str(token))) == {"received": 1}


def test_somebody_who_is_not_signed_in_is_asked_to(client, db):
    assert send(client, a_file())["Location"].startswith(reverse("sign-in"))


def test_every_outcome_has_its_words(db):
    assert {outcome for outcome, _ in upload.OUTCOMES} == set(Outcome)
