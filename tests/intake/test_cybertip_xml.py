"""CyberTipline XML is read without loss: every leaf has a named field or stands in the remainder."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from tearmann.identifiers import IdentifierKind
from tearmann.intake.reading import File, Read, read
from tearmann.records import Classification, Leftover, Part, Party, PartyRole, Referral, RiskCode
from tests.intake import schema_complete
from tests.intake.said import named, placed, unplaced

NAMED_FIELDS = tomllib.loads((Path(__file__).parent / "named_fields.toml").read_text(encoding="utf-8"))

SUMMARY = "<incidentSummary><incidentType>Child Sex Tourism</incidentType>{}</incidentSummary>"


def read_xml(document: str | bytes | etree._Element, *, name: str = "report.xml", **known: Any) -> Referral:
    body = etree.tostring(document) if isinstance(document, etree._Element) else document
    (found,) = read(File(name=name, body=body.encode() if isinstance(body, str) else body), **known)
    assert isinstance(found, Read), found
    return found.referral


def report(inner: str, *, summary: str = "") -> str:
    return f"<report>{SUMMARY.format(summary)}{inner}</report>"


def only_party(referral: Referral) -> Party:
    (party,) = referral.parties
    return party


COMPLETE: dict[str, Callable[[], etree._Element]] = {
    "report": schema_complete.report,
    "details with a flag": lambda: schema_complete.file_details(option=0),
    "details with annotations": lambda: schema_complete.file_details(option=1),
}


@pytest.fixture(params=COMPLETE, scope="module")
def complete(request: pytest.FixtureRequest) -> etree._Element:
    return COMPLETE[request.param]()


def leaves(document: etree._Element) -> list[tuple[etree._Element, str]]:
    """Every leaf with the element that it is in: texts of elements, and attributes."""
    found = [(one, one.text) for one in document.iter() if one.text and not len(one)]
    return found + [(one, str(value)) for one in document.iter() for value in one.attrib.values()]


def node(document: etree._Element, place: str) -> Any:
    found: Any = document.xpath(place)
    return found[0].getparent() if isinstance(found[0], etree._ElementUnicodeResult) else found[0]


def test_the_complete_documents_are_valid_by_the_schema(complete: etree._Element) -> None:
    assert schema_complete.schema().validate(complete)


def lost_leaves(document: etree._Element, referral: Referral) -> list[tuple[str, str]]:
    """The leaves of a document that the referral holds neither at their place, or next to it, nor in a field."""
    held = defaultdict(set)
    for place, text in placed(referral):
        held[node(document, place)].add(text)
    fields = set(unplaced(referral))
    facts = {name for file in referral.files for name in FACTS if getattr(file, FACTS[name]) is not None}
    lost = []
    for element, text in leaves(document):
        near = set().union(*(held[one] for one in (element, element.getparent(), *element)))
        as_a_flag = text == "true" and (snake(element.tag) in fields or element.tag in facts)
        if not (any(holds(one, text) for one in near) or text in fields or as_a_flag):
            lost.append((element.tag, text))
    return lost


FACTS = {
    "fileViewedByEsp": "viewed_by_sender",
    "exifViewedByEsp": "metadata_viewed_by_sender",
    "publiclyAvailable": "publicly_available",
}


def holds(held: str, text: str) -> bool:
    """Say whether a text is the leaf, or a name made of it ("EXIF.Model")."""
    return held == text or held.startswith(f"{text}.") or held.endswith(f".{text}")


def snake(tag: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in tag)


def test_every_leaf_of_a_complete_document_is_accounted_for(complete: etree._Element) -> None:
    assert lost_leaves(complete, read_xml(complete)) == []


def test_a_lost_leaf_would_be_found() -> None:
    # The test above must be able to fail: each part that is taken away leaves leaves unaccounted for.
    document = schema_complete.report()
    referral = read_xml(document)
    for thinner in (
        replace(referral, passages=()),
        replace(referral, statements=()),
        replace(referral, annotations=()),
        replace(referral, references=()),
        replace(referral, parties=referral.parties[1:]),
    ):
        assert lost_leaves(document, thinner)


def test_nothing_that_the_schema_has_is_only_left_over(complete: etree._Element) -> None:
    assert read_xml(complete).remainder == ()


def test_every_place_leads_back_into_the_document(complete: etree._Element) -> None:
    for place, _ in placed(read_xml(complete)):
        assert complete.xpath(place), place


@pytest.mark.parametrize(("element", "field"), NAMED_FIELDS["report"].items())
def test_a_listed_element_of_a_report_reaches_its_field(element: str, field: str) -> None:
    document, said = complete_and_said("report")
    assert (field, text_at(document, element)) in said


@pytest.mark.parametrize(("element", "field"), NAMED_FIELDS["fileDetails"].items())
def test_a_listed_element_of_file_details_reaches_its_field(element: str, field: str) -> None:
    document, said = complete_and_said("details with annotations")
    assert (field, text_at(document, element)) in said


@cache
def complete_and_said(which: str) -> tuple[etree._Element, frozenset[tuple[str, str]]]:
    document = COMPLETE[which]()
    return document, frozenset(named(read_xml(document)))


def text_at(document: etree._Element, element: str) -> str:
    found: Any = document.xpath(f"/{document.tag}/{element}")
    return str(found[0]) if isinstance(found[0], str) else found[0].text


def test_every_flag_of_the_schema_is_an_annotation() -> None:
    assert read_xml(schema_complete.report()).annotations == (
        *("sextortion", "csam_solicitation", "minor_to_minor_interaction", "spam", "sadistic_online_exploitation"),
    )


def test_every_flag_on_a_file_is_an_annotation_of_it() -> None:
    (file,) = read_xml(schema_complete.file_details(option=1)).files
    assert set(file.annotations) == {
        *("anime_drawing_virtual_hentai", "potential_meme", "viral", "possible_self_production", "physical_harm"),
        *("violence_gore", "bestiality", "live_streaming", "infant", "generative_ai"),
    }


def test_flags_that_are_risks_are_risk_facts_with_their_place() -> None:
    flags = "<reportAnnotations><sextortion/><sadisticOnlineExploitation>true</sadisticOnlineExploitation><spam/>"
    risks = read_xml(report("", summary=f"{flags}</reportAnnotations>")).risks
    assert [(risk.code, risk.place) for risk in risks] == [
        (RiskCode.SEXTORTION, "/report/incidentSummary/reportAnnotations/sextortion"),
        (RiskCode.SADISTIC_EXPLOITATION, "/report/incidentSummary/reportAnnotations/sadisticOnlineExploitation"),
    ]


def test_a_flag_counts_by_being_there_and_a_text_against_it_is_kept() -> None:
    flags = "<reportAnnotations><sextortion>false</sextortion></reportAnnotations>"
    referral = read_xml(report("", summary=flags))
    assert referral.annotations == ("sextortion",)
    assert [one.value for one in referral.remainder] == ["false"]


def test_newer_elements_and_attributes_go_to_the_remainder_leaf_by_leaf() -> None:
    newer = '<newer since="2027"><part>a</part><part>b<deep>c</deep></part></newer>'
    victim = (
        f'<victim mood="x"><victimPerson>{newer}<email trust="high">ann@example.org</email></victimPerson></victim>'
    )
    person = "/report/victim[1]/victimPerson"
    assert set(read_xml(report(victim)).remainder) == {
        Leftover(place="/report/victim[1]/@mood", value="x"),
        Leftover(place=f"{person}/newer/@since", value="2027"),
        Leftover(place=f"{person}/newer/part", value="a"),
        Leftover(place=f"{person}/newer/part[2]", value="b"),
        Leftover(place=f"{person}/newer/part[2]/deep", value="c"),
        Leftover(place=f"{person}/email[1]/@trust", value="high"),
    }


def test_stray_text_comments_and_empty_elements_are_kept() -> None:
    referral = read_xml(report("<!-- note --><victim>stray<victimPerson><age/></victimPerson>tail</victim>"))
    assert set(referral.remainder) == {
        Leftover(place="/report/comment()", value="note"),
        Leftover(place="/report/victim[1]/text()", value="stray"),
        Leftover(place="/report/victim[1]/text()", value="tail"),
        Leftover(place="/report/victim[1]/victimPerson/age", value=""),
    }


def test_what_comes_twice_where_once_is_meant_is_kept() -> None:
    referral = read_xml(report("<victim><victimPerson><age>9</age><age>12</age></victimPerson></victim>"))
    age = only_party(referral).age
    assert age is not None
    assert (age.years, [one.value for one in referral.remainder]) == (9, ["12"])


@pytest.mark.parametrize(
    "said",
    [
        "<informational/>",
        "<ageAssertionDiscrepancy>12</ageAssertionDiscrepancy>",
    ],
)
def test_named_newer_elements_are_not_left_over(said: str) -> None:
    flags = f"<reportAnnotations>{said}</reportAnnotations>" if said.endswith("/>") else ""
    victim = "" if flags else f"<victim><victimPerson>{said}</victimPerson></victim>"
    assert read_xml(report(victim, summary=flags)).remainder == ()


@pytest.mark.parametrize("attribute", ["type", "accountType"])
def test_both_names_of_the_type_of_an_account_are_read(attribute: str) -> None:
    account = f'<associatedAccount {attribute}="Billing"/>'
    associated = read_xml(report(f"<victim>{account}</victim>")).parties[1]
    assert (associated.role, associated.belongs_to) == (PartyRole.ASSOCIATED, "victim-1")
    assert [(one.name, one.value) for one in associated.statements] == [("account_type", "Billing")]


@pytest.mark.parametrize(
    "inner",
    [
        '<servedLegalProcessInternational fleaCountry="GB">true</servedLegalProcessInternational>',
        "<fleaCountry>GB</fleaCountry>",
    ],
)
def test_both_places_of_the_foreign_country_are_read(inner: str) -> None:
    party = only_party(read_xml(report(f"<lawEnforcement>{inner}</lawEnforcement>")))
    assert ("served_legal_process_country", "GB") in {(one.name, one.value) for one in party.statements}


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ("Child Pornography (possession, manufacture, and distribution)", "csam"),
        ("Child Sex Trafficking", "trafficking"),
        ("Child Sex Tourism", "sex_tourism"),
        ("Child Sexual Molestation", "contact_abuse"),
        ("Misleading Domain Name", "misleading_domain"),
        ("Misleading Words or Digital Images on the Internet", "misleading_words"),
        ("Online Enticement of Children for Sexual Acts", "enticement"),
        ("online enticement of children for sexual act", "enticement"),
        ("Unsolicited Obscene Material Sent to a Child", "unsolicited_obscene"),
        ("Something newer", "other"),
    ],
)
def test_types_of_incident_have_our_codes_and_the_senders_word(given: str, code: str) -> None:
    document = f"<report><incidentSummary><incidentType>{given}</incidentType></incidentSummary></report>"
    referral = read_xml(document)
    assert (referral.incident_type, referral.incident_type_given) == (code, given)


PLAIN = report("<victim><victimPerson><age>12</age></victimPerson></victim>")


@pytest.mark.parametrize(
    "body",
    [
        PLAIN.encode("utf-8-sig"),
        ('<?xml version="1.0" encoding="UTF-16"?>' + PLAIN).encode("utf-16"),
        ('<?xml version="1.0" encoding="ISO-8859-1"?>' + PLAIN).encode("latin-1"),
        PLAIN.replace("<report>", '<report xmlns="https://report.cybertip.org">').encode(),
        PLAIN.replace("victim", "VICTIM").replace("incidentType", "incidenttype").encode(),
        report("").replace("<report>", "<report><victim><victimPerson><age>12</age></victimPerson></victim>").encode(),
    ],
    ids=["byte-order mark", "UTF-16", "Latin-1", "namespace", "other case", "other order"],
)
def test_a_report_is_read_however_it_is_written(body: bytes) -> None:
    referral = read_xml(body)
    assert (only_party(referral).key, only_party(referral).age.years) == ("victim-1", 12)  # type: ignore[union-attr]
    assert (referral.incident_type, referral.remainder) == ("sex_tourism", ())


def test_an_emergency_counts_by_being_there() -> None:
    with_reason = read_xml(report("", summary="<escalateToHighPriority>A reason</escalateToHighPriority>"))
    without = read_xml(report("", summary="<escalateToHighPriority/>"))
    assert (with_reason.urgent, with_reason.urgent_reason) == (True, "A reason")
    assert (without.urgent, without.urgent_reason) == (True, "")
    assert read_xml(report("")).urgent is False


@pytest.mark.parametrize(
    ("written", "expected"), [("true", True), ("1", True), ("false", False), ("0", False), ("", None), ("?", None)]
)
def test_three_valued_facts_keep_absent_apart_from_false(written: str, expected: bool | None) -> None:
    details = f"<fileDetails><reportId>1</reportId><fileViewedByEsp>{written}</fileViewedByEsp></fileDetails>"
    (file,) = read_xml(details).files
    assert file.viewed_by_sender is expected
    assert file.publicly_available is None


def test_a_time_without_a_zone_is_read_as_utc_and_says_so() -> None:
    incident = read_xml(report("", summary="<incidentDateTime>2026-01-02T18:00:00</incidentDateTime>")).incident
    assert incident is not None
    assert incident.at is not None
    assert (incident.at.isoformat(), incident.zone_stated) == ("2026-01-02T18:00:00+00:00", False)


def test_a_time_that_cannot_be_read_is_kept_as_given() -> None:
    incident = read_xml(report("", summary="<incidentDateTime>spring</incidentDateTime>")).incident
    assert incident is not None
    assert (incident.as_given, incident.at) == ("spring", None)


def ip_event(inner: str) -> str:
    document = f"<victim><ipCaptureEvent><ipAddress>192.0.2.7</ipAddress>{inner}</ipCaptureEvent></victim>"
    (one,) = only_party(read_xml(report(document))).identifiers
    assert one.kind is IdentifierKind.IP_EVENT
    return one.value


@pytest.mark.parametrize(
    ("inner", "value"),
    [
        ("<dateTime>2026-01-02T17:59:00+01:00</dateTime><port>50123</port>", "192.0.2.7|50123|2026-01-02T16:59:00Z"),
        ("<port>50123</port>", "192.0.2.7|50123|"),
        ("<dateTime>2026-01-02T17:59:00</dateTime><port>50123</port>", "192.0.2.7|50123|"),
        ("<port>none</port>", "192.0.2.7||"),
    ],
    ids=["port and time", "port", "time without a zone", "no port"],
)
def test_an_address_keeps_what_identifies_its_user(inner: str, value: str) -> None:
    assert ip_event(inner) == value


def test_an_account_belongs_to_the_service_beside_it_else_to_the_platform_of_the_report() -> None:
    user = "<screenName>Ann</screenName><espIdentifier>A1</espIdentifier>"
    document = report(f"<victim>{user}<espService>Other Chat</espService></victim><victim>{user}</victim>")
    document = document.replace("</incidentType>", "</incidentType><platform>Example Chat</platform>")
    values = [[one.value for one in party.identifiers] for party in read_xml(document).parties]
    assert values == [["ann@other-chat", "other-chat:A1"], ["ann@example-chat", "example-chat:A1"]]


def test_a_number_is_read_with_the_calling_code_beside_it() -> None:
    phone = '<phone countryCallingCode="+1">(202) 555-0123</phone>'
    (one,) = only_party(read_xml(report(f"<victim><victimPerson>{phone}</victimPerson></victim>"))).identifiers
    assert (one.value, one.as_given, one.details) == ("+12025550123", "(202) 555-0123", (("calling_code", "+1"),))


def test_a_number_without_a_calling_code_is_one_of_the_region() -> None:
    document = report("<victim><victimPerson><phone>07700 900123</phone></victimPerson></victim>")
    (one,) = only_party(read_xml(document, region="GB")).identifiers
    assert one.value == "+447700900123"


def test_a_device_is_read_with_its_type() -> None:
    device = "<deviceId><idType>IMEI</idType><idValue>00-101500-000001-5</idValue></deviceId>"
    (one,) = only_party(read_xml(report(f"<victim>{device}</victim>"))).identifiers
    assert (one.kind, one.value) == (IdentifierKind.DEVICE_ID, "IMEI:001015000000015")


def test_a_name_is_put_together_and_its_parts_are_said() -> None:
    person = "<victimPerson><firstName>Ann</firstName><lastName>Example</lastName></victimPerson>"
    party = only_party(read_xml(report(f"<victim>{person}</victim>")))
    assert [(one.kind, one.value) for one in party.identifiers] == [(IdentifierKind.NAME, "ann example")]
    assert [(one.name, one.value) for one in party.statements] == [("first_name", "Ann"), ("last_name", "Example")]


def test_what_its_kind_does_not_allow_is_kept_as_given() -> None:
    document = report("<victim><victimPerson><email>not an address</email></victimPerson></victim>")
    (one,) = only_party(read_xml(document)).identifiers
    assert (one.kind, one.value) == (IdentifierKind.OTHER, "not an address")


@pytest.mark.parametrize(
    ("hash_type", "kind"),
    [
        ("MD5", IdentifierKind.MD5),
        ("md5", IdentifierKind.MD5),
        ("SHA-1", IdentifierKind.OTHER),
        ("PhotoDNA", IdentifierKind.OTHER),
    ],
)
def test_a_hash_is_of_the_kind_that_the_sender_says_and_its_value_allows(hash_type: str, kind: IdentifierKind) -> None:
    one_hash = f'<originalFileHash hashType="{hash_type}">d41d8cd98f00b204e9800998ecf8427e</originalFileHash>'
    (file,) = read_xml(f"<fileDetails><reportId>1</reportId>{one_hash}</fileDetails>").files
    assert [one.kind for one in file.hashes] == [kind]


def test_a_hash_among_the_details_of_a_file_is_a_hash() -> None:
    pair = "<nameValuePair><name>MD5</name><value>d41d8cd98f00b204e9800998ecf8427e</value></nameValuePair>"
    details = f'<fileDetails><reportId>1</reportId><details type="HASH">{pair}</details></fileDetails>'
    (file,) = read_xml(details).files
    assert [one.value for one in file.hashes] == ["d41d8cd98f00b204e9800998ecf8427e"]


@pytest.mark.parametrize(
    ("name", "inner", "argument", "expected"),
    [
        ("1234567-report.xml", "", None, "1234567"),
        ("1234567.xml", "<reportId>88</reportId>", None, "88"),
        ("1234567.xml", "<reportId>88</reportId>", "99", "99"),
        ("report-1234567.xml", "", None, None),
    ],
    ids=["file name", "payload", "argument", "none"],
)
def test_the_senders_reference_is_the_arguments_the_payloads_or_the_file_names(
    name: str, inner: str, argument: str | None, expected: str | None
) -> None:
    assert read_xml(report(inner), name=name, reference=argument).source_reference == expected


def test_a_reference_that_was_overruled_is_kept() -> None:
    referral = read_xml(report("<reportId>88</reportId>"), reference="99")
    assert referral.remainder == (Leftover(place="/report/reportId", value="88"),)


@pytest.mark.parametrize(
    ("name", "inner", "argument", "expected"),
    [
        ("1.xml", "<reportId>88</reportId>", None, (None, "88")),
        ("1.xml", "<reportId>88</reportId>", "99", ("99", "88")),
        ("1.xml", "", None, (None, "1")),
        ("a.xml", "", "99", (None, "99")),
    ],
    ids=["payload", "payload and argument", "file name", "argument"],
)
def test_the_details_of_a_file_name_the_report_that_they_add_to(
    name: str, inner: str, argument: str | None, expected: tuple[str | None, str]
) -> None:
    document = f"<fileDetails>{inner}<fileId>{'0' * 32}</fileId></fileDetails>"
    referral = read_xml(document, name=name, reference=argument)
    assert referral.part is Part.FILE_DETAILS
    assert (referral.source_reference, referral.supplements) == expected


def test_a_file_within_a_report_is_classed_by_its_reporter() -> None:
    reporter = "<reporter><reportingPerson><firstName>Example Chat Ltd</firstName></reportingPerson></reporter>"
    file = "<fileDetails><reportId>88</reportId><industryClassification>B2</industryClassification></fileDetails>"
    referral = read_xml(report(reporter + file))
    assert referral.source_reference == "88"
    assert referral.files[0].classifications == (
        Classification(
            scheme="industry",
            code="B2",
            place="/report/fileDetails[1]/industryClassification",
            assigned_by="Example Chat Ltd",
        ),
    )


def test_whom_to_ask_is_another_person_than_who_reports() -> None:
    inner = "<reportingPerson><email>a@example.org</email></reportingPerson>"
    inner += "<contactPerson><email>b@example.org</email></contactPerson>"
    first, second = read_xml(report(f"<reporter>{inner}</reporter>")).parties
    assert (first.key, second.key, second.belongs_to) == ("reporter-1", "reporter-2", "reporter-1")
    assert [one.value for one in second.identifiers] == ["b@example.org"]


def test_an_earlier_report_is_a_reference_of_the_person() -> None:
    (one,) = read_xml(report("<victim><priorCTReports>77</priorCTReports></victim>")).references
    assert (one.kind, one.value, one.party) == ("cybertip", "77", "victim-1")
