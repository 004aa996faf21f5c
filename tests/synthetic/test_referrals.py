"""A written year: the same seed the same bytes, every kind of thing in it, and counts that add up."""

from __future__ import annotations

import json
import tracemalloc
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest

from tearmann.errors import TearmannError
from tearmann.synthetic.faults import CSV_FAULTS, JSON_FAULTS, XML_FAULTS
from tearmann.synthetic.referrals import FORMATS, invent, write
from tearmann.synthetic.sketch import Shape
from tests.synthetic.written import COUNT, UNTIL


def bytes_in(directory):
    return {path.relative_to(directory): path.read_bytes() for path in sorted(directory.rglob("*")) if path.is_file()}


@pytest.mark.parametrize("format", FORMATS)
def test_the_same_seed_writes_the_same_bytes(tmp_path, format):
    for name in ("one", "two"):
        write(tmp_path / name, count=60, seed=5, format=format, until=UNTIL)
    assert bytes_in(tmp_path / "one") == bytes_in(tmp_path / "two")


def test_another_seed_writes_another_year(tmp_path):
    for seed in (1, 2):
        write(tmp_path / str(seed), count=20, seed=seed, until=UNTIL)
    assert bytes_in(tmp_path / "1") != bytes_in(tmp_path / "2")


def test_what_is_counted_is_what_the_truth_says(year):
    parts = Counter(truth["part"] for truth in year.truths)
    assert year.written.referrals == parts["referral"] == COUNT
    assert year.written.malformed == parts["malformed"]
    assert year.written.follow_ups == parts["file_details"] + parts["supplement"]
    assert year.written.duplicates == parts["resend"] + parts["changed_resend"]


def test_every_file_is_counted_and_has_its_truth(year):
    names = [path.name for path in year.files()]
    assert len(names) == year.written.files
    assert set(names) == {truth["file"] for truth in year.truths}


def test_documents_are_one_file_each(documents):
    written = documents.written
    assert written.files == written.referrals + written.malformed + written.follow_ups + written.duplicates


def test_a_folder_that_holds_something_is_refused(tmp_path):
    (tmp_path / "notes.txt").write_text("Example.")
    with pytest.raises(TearmannError, match="not empty"):
        write(tmp_path, count=5, seed=1, until=UNTIL)


@pytest.mark.parametrize("wrong", [{"count": 0}, {"count": 10_000_000}, {"days": 0}, {"format": "letter"}], ids=str)
def test_an_argument_out_of_range_is_refused(tmp_path, wrong):
    arguments = {"count": 5, "seed": 1, "until": UNTIL} | wrong
    with pytest.raises(TearmannError):
        write(tmp_path / "year", **arguments)
    assert not (tmp_path / "year").exists()


def test_progress_tells_the_referrals_written_so_far(tmp_path):
    told = []
    write(tmp_path / "year", count=30, seed=1, until=UNTIL, progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 30


def test_a_single_referral_can_be_invented(tmp_path):
    assert write(tmp_path / "year", count=1, seed=1, until=UNTIL).referrals == 1


@pytest.mark.parametrize("format", FORMATS)
def test_files_come_in_order_of_arrival_within_the_year(format):
    files = list(invent(count=300, seed=3, until=UNTIL, days=200, format=format))
    end = datetime(2026, 11, 2, tzinfo=UTC)
    assert all(one.arrives_at <= other.arrives_at for one, other in pairwise(files))
    assert end - timedelta(days=200) <= files[0].arrives_at
    assert files[-1].arrives_at < end


def test_a_batch_arrives_when_its_last_row_has_been_made():
    batches = [file for file in invent(count=300, seed=3, until=UNTIL) if file.format != "cybertip-xml"]
    assert batches
    assert all(truth.arrives_at <= file.arrives_at for file in batches for truth in file.truths)


def test_a_mixed_year_comes_from_every_sender_and_most_from_ncmec(mixed):
    senders = Counter(truth["source"] for truth in mixed.truths_of("referral"))
    assert set(senders) == {"ncmec", "nca_drb", "iwf", "public", "partner"}
    assert senders["ncmec"] > COUNT * 0.8


def test_every_shape_is_there(year):
    assert {truth["shape"] for truth in year.truths_of("referral")} == set(Shape)


def test_every_kind_of_document_is_there(mixed):
    assert {truth["part"] for truth in mixed.truths} == {
        *("referral", "file_details", "supplement", "resend", "changed_resend", "malformed")
    }


@pytest.mark.parametrize(
    ("format", "faults"), [("cybertip-xml", XML_FAULTS), ("csv", CSV_FAULTS), ("json", JSON_FAULTS)]
)
def test_every_fault_is_there(format, faults):
    files = invent(count=400, seed=7, until=UNTIL, format=format)
    assert {truth.fault for file in files for truth in file.truths if truth.fault} == set(faults)


def test_no_two_malformed_files_are_the_same_file():
    bodies = [
        file.body
        for file in invent(count=1_000, seed=7, until=UNTIL, format="cybertip-xml")
        for truth in file.truths
        if truth.fault
    ]
    assert len(bodies) == len(set(bodies)) == 30


def test_people_are_behind_several_reports(documents):
    seen = Counter(
        person["person"]
        for truth in documents.truths_of("referral")
        for person in truth["people"]
        if person["role"] == "reported"
    )
    several = [times for times in seen.values() if times > 1]
    assert len(several) >= 20
    assert max(several) >= 4


def test_a_person_has_one_age_one_pool_and_one_home_throughout(documents):
    facts = {}
    for truth in documents.truths:
        for person in truth["people"]:
            fact = (person["household"], person["pool"], person["age"])
            assert facts.setdefault(person["person"], fact) == fact


def test_an_identifier_that_links_belongs_to_one_person_or_one_home(mixed):
    holders = {}
    for truth in mixed.truths:
        for person in truth["people"]:
            for kind, value in person["identifiers"]:
                holders.setdefault((kind, value), set()).add((person["person"], person["household"]))
    for (kind, _), held_by in holders.items():
        if kind in ("email", "phone", "handle", "account_id"):
            assert len({person for person, _ in held_by}) == 1
        elif kind == "device_id":
            assert len({household for _, household in held_by}) == 1


def test_people_who_are_not_one_share_a_home(documents):
    homes = {}
    for truth in documents.truths_of("referral"):
        for person in truth["people"]:
            homes.setdefault(person["household"], set()).add(person["person"])
    assert any(len(residents) > 1 for residents in homes.values())


def test_a_child_who_lives_with_the_person_reported_has_the_same_home(documents):
    for truth in documents.truths_of("referral"):
        if truth["shape"] == "lives_with":
            assert len({person["household"] for person in truth["people"]}) == 1


def test_a_carrier_address_is_many_peoples_and_the_ports_differ(documents):
    people, ports = {}, {}
    for truth in documents.truths_of("referral"):
        for person in truth["people"]:
            for event in person["ip_events"]:
                if event["carrier"]:
                    people.setdefault(event["address"], set()).add(person["person"])
                    ports.setdefault(event["address"], set()).add(event["port"])
    assert max(len(many) for many in people.values()) >= 5
    assert all(len(many) > 1 for many in ports.values())


def test_ip_events_are_fresh_nearly_expired_and_expired(documents):
    ages = [
        event["age_days"]
        for truth in documents.truths_of("referral")
        for person in truth["people"]
        for event in person["ip_events"]
    ]
    assert any(age < 60 for age in ages)
    assert any(335 <= age < 365 for age in ages)
    assert any(age > 365 for age in ages)
    assert min(ages) >= 0


@pytest.mark.parametrize(
    ("pool", "youngest", "oldest"), [("adult", 18, 72), ("child", 12, 17), ("under_age", 7, 11), ("victim", 6, 17)]
)
def test_people_are_as_old_as_their_pool(documents, pool, youngest, oldest):
    ages = [
        person["age"]
        for truth in documents.truths_of("referral")
        for person in truth["people"]
        if person["pool"] == pool
    ]
    assert youngest <= min(ages)
    assert max(ages) <= oldest


def test_a_child_below_the_age_of_responsibility_is_among_the_reported(documents):
    reported = [
        person
        for truth in documents.truths_of("referral")
        for person in truth["people"]
        if person["role"] == "reported"
    ]
    assert any(person["age"] < 12 and person["age_stated"] is not None for person in reported)
    assert any(person["age_stated"] is None for person in reported)


def test_an_adult_is_among_the_recipients(documents):
    recipients = [
        person
        for truth in documents.truths_of("referral")
        for person in truth["people"]
        if person["role"] == "recipient"
    ]
    assert recipients
    assert all(person["age"] >= 18 for person in recipients)


def test_known_new_near_and_everywhere(documents):
    files = [file for truth in documents.truths_of("file_details") for file in truth["files"]]
    assert any(file["known"] for file in files)
    assert any(file["near"] for file in files)
    assert any(not file["known"] and not file["near"] for file in files)
    viral, meme = (
        Counter(file["file"] for file in files if mark in file["annotations"]) for mark in ("viral", "potentialMeme")
    )
    assert viral.most_common(1)[0][1] >= 3
    assert meme.most_common(1)[0][1] >= 2


def test_some_file_documents_come_before_their_report(documents):
    arrived = {truth["reference"]: truth["arrives_at"] for truth in documents.truths_of("referral")}
    before = [truth for truth in documents.truths_of("file_details") if truth["arrives_at"] < arrived[truth["of"]]]
    after = [truth for truth in documents.truths_of("file_details") if truth["arrives_at"] > arrived[truth["of"]]]
    assert before
    assert all("-file-" in truth["file"] for truth in before)
    assert after
    assert all("_file-" in truth["file"] for truth in after)


def test_names_of_documents_begin_with_the_report_they_belong_to(documents):
    for truth in documents.truths:
        reference = truth["reference"] or truth["of"] or "3"
        assert truth["file"].startswith(reference)


def test_a_resend_is_the_same_bytes_and_a_changed_one_is_not(documents):
    for part, same in (("resend", True), ("changed_resend", False)):
        sent_again = documents.truths_of(part)
        assert sent_again
        for truth in sent_again:
            first = (documents.directory / f"{truth['of']}.xml").read_bytes()
            assert ((documents.directory / truth["file"]).read_bytes() == first) is same


def test_risks_and_emergencies_are_there(mixed):
    risks = {risk for truth in mixed.truths_of("referral") for risk in truth["risks"]}
    assert risks == {
        *("danger_now", "lives_with", "near", "coercion", "sextortion", "self_harm", "planned_contact"),
        "sadistic_exploitation",
    }
    assert any(truth["urgent"] for truth in mixed.truths_of("referral"))


def test_a_flood_comes_from_one_sender_within_ten_days(documents):
    flood = [
        date.fromisoformat(truth["arrives_at"][:10])
        for truth in documents.truths_of("referral")
        if truth["shape"] == "thin_generated"
    ]
    assert len(flood) == 24
    assert (max(flood) - min(flood)).days < 10


def test_earlier_referrals_concern_the_same_person(documents):
    people = {
        truth["reference"]: {person["person"] for person in truth["people"]}
        for truth in documents.truths_of("referral")
    }
    earlier = [
        (person["earlier"], person["person"])
        for truth in documents.truths_of("referral")
        for person in truth["people"]
        if person["earlier"]
    ]
    assert earlier
    assert all(person in people[reference] for reference, person in earlier)


def test_the_folder_says_that_all_is_invented(documents):
    assert "EVERYTHING HERE IS INVENTED" in (documents.written.truth.parent / "README.txt").read_text()


def test_little_is_kept_of_what_has_been_handed_over():
    tracemalloc.start()
    try:
        for _ in invent(count=500, seed=2, until=UNTIL, format="cybertip-xml"):
            pass
        few = tracemalloc.get_traced_memory()[1]
        tracemalloc.reset_peak()
        for _ in invent(count=2_000, seed=2, until=UNTIL, format="cybertip-xml"):
            pass
        many = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    # All that is handed over is some 10 MB more; what is under way, and numbers, are a small part of it.
    assert many - few < 2_000_000


def test_truth_lines_are_json_in_utf_8(year):
    for line in year.written.truth.read_bytes().splitlines():
        assert isinstance(json.loads(line.decode("utf-8")), dict)
