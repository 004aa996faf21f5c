"""Where each element of a CyberTipline report goes, at a glance.

One table per element type of the schema; the verbs are in `cybertip_rules`. An element or attribute that no table
names goes to the remainder, word for word. Names match in any case and in any namespace, children in any order.

Source: NCMEC's reporting schema of November 2025. Newer or differing elements that are named here too: `informational`,
`ageAssertionDiscrepancy`, `accountType` on an associated account, `fleaCountry` on law enforcement, `reportId` and
`fileDetails` within a report.
"""

from __future__ import annotations

from tearmann.identifiers import IdentifierKind
from tearmann.intake.cybertip_document import Rule, table
from tearmann.intake.cybertip_rules import (
    age,
    classed,
    compound,
    file_facts,
    file_hash,
    flag,
    identifier,
    name_and_value,
    name_part,
    party,
    passage,
    phone,
    reference,
    stated_flag,
    statement,
    text_field,
    three_valued,
    time_field,
    type_of_incident,
    urgent,
    within,
)
from tearmann.records import PartyRole, RiskCode

MAPPING_VERSION = "2025-11"

# Identifiers that stand in many places.
EMAIL = identifier(IdentifierKind.EMAIL, type="type", verified="verified", verificationDate="verification_date")
PHONE = phone(
    type="type",
    verified="verified",
    verificationDate="verification_date",
    countryCallingCode="calling_code",
    extension="extension",
)
IP_EVENT = compound(
    IdentifierKind.IP_EVENT,
    value="ipAddress",
    eventName="event",
    dateTime="time",
    possibleProxy="possible_proxy",
    port="port",
)
DEVICE_ID = compound(IdentifierKind.DEVICE_ID, value="idValue", idType="type", eventName="event", dateTime="time")

ADDRESS = within(
    table(
        {
            "address": statement("address.street"),
            "city": statement("address.city"),
            "zipCode": statement("address.post_code"),
            "state": statement("address.state"),
            "nonUsaState": statement("address.region"),
            "country": statement("address.country"),
        }
    ),
    attributes={"type": "address.type"},
)

PERSON = table(
    {
        "firstName": name_part("first_name"),
        "middleName": name_part("middle_name"),
        "lastName": name_part("last_name"),
        "phone": PHONE,
        "email": EMAIL,
        "address": ADDRESS,
        "age": age(),
        "ageAssertionDiscrepancy": statement("age_assertion_discrepancy"),
        "dateOfBirth": identifier(IdentifierKind.DATE_OF_BIRTH),
    }
)

# What a reported user, a recipient, a victim and an associated account have in common.
ACCOUNT: dict[str, Rule] = {
    "espIdentifier": identifier(IdentifierKind.ACCOUNT_ID),
    "espService": statement("service"),
    "compromisedAccount": statement("compromised_account"),
    "screenName": identifier(IdentifierKind.HANDLE),
    "displayName": statement("display_name"),
    "profileUrl": identifier(IdentifierKind.URL),
    "profileBio": passage(),
    "ipCaptureEvent": IP_EVENT,
    "deviceId": DEVICE_ID,
    "priorCTReports": reference("cybertip"),
    "groupIdentifier": statement("group_identifier"),
    "accountTemporarilyDisabled": statement(
        "account_temporarily_disabled",
        disabledDate="account_temporarily_disabled.since",
        userNotified="account_temporarily_disabled.user_notified",
        userNotifiedDate="account_temporarily_disabled.user_notified_at",
        reenabledDate="account_temporarily_disabled.until",
    ),
    "accountPermanentlyDisabled": statement(
        "account_permanently_disabled",
        disabledDate="account_permanently_disabled.since",
        userNotified="account_permanently_disabled.user_notified",
        userNotifiedDate="account_permanently_disabled.user_notified_at",
    ),
    "estimatedLocation": within(
        table(
            {
                "city": statement("estimated_location.city"),
                "region": statement("estimated_location.region"),
                "countryCode": statement("estimated_location.country"),
            }
        ),
        attributes={"verified": "estimated_location.verified", "timestamp": "estimated_location.at"},
    ),
    "allEmailsReported": statement("all_emails_reported"),
    "additionalInfo": passage(),
}

ASSOCIATED_ACCOUNT = party(
    PartyRole.ASSOCIATED,
    table(
        {
            **ACCOUNT,
            "platform": statement("platform", thirdPartyUser="platform.third_party_user"),
            "firstName": name_part("first_name"),
            "middleName": name_part("middle_name"),
            "lastName": name_part("last_name"),
            "approximateAge": age(),
            "dateOfBirth": identifier(IdentifierKind.DATE_OF_BIRTH),
            "phone": PHONE,
            "email": EMAIL,
            "address": ADDRESS,
            "priorCTReport": reference("cybertip"),
        }
    ),
    belongs=True,
    person=True,
    type="account_type",
    accountType="account_type",
)

PERSON_REPORTED = party(
    PartyRole.REPORTED,
    table(
        {
            **ACCOUNT,
            "personOrUserReportedPerson": within(PERSON, person=True),
            "vehicleDescription": statement("vehicle"),
            "thirdPartyUserReported": statement("third_party_user_reported"),
            "associatedAccount": ASSOCIATED_ACCOUNT,
        }
    ),
)

RECIPIENT = party(PartyRole.RECIPIENT, table({**ACCOUNT, "intendedRecipientPerson": within(PERSON, person=True)}))

VICTIM = party(
    PartyRole.VICTIM,
    table(
        {
            **ACCOUNT,
            "victimPerson": within(PERSON, person=True),
            "schoolName": statement("school"),
            "associatedAccount": ASSOCIATED_ACCOUNT,
        }
    ),
)

REPORTER = party(
    PartyRole.REPORTER,
    table(
        {
            "reportingPerson": within(PERSON, person=True),
            # Another person than the one who reports: whom to ask.
            "contactPerson": party(PartyRole.REPORTER, PERSON, belongs=True, person=True),
            "companyTemplate": passage(),
            "termsOfService": passage(),
            "legalURL": statement("legal_url"),
        }
    ),
)

LAW_ENFORCEMENT = party(
    PartyRole.LAW_ENFORCEMENT,
    table(
        {
            "agencyName": statement("agency"),
            "caseNumber": reference("other_force"),
            "officerContact": within(PERSON, person=True),
            "reportedToLe": statement("reported_to_law_enforcement"),
            "servedLegalProcessDomestic": statement("served_legal_process_domestic"),
            "servedLegalProcessInternational": statement(
                "served_legal_process_international", fleaCountry="served_legal_process_country"
            ),
            "fleaCountry": statement("served_legal_process_country"),
        }
    ),
    fleaCountry="served_legal_process_country",
)


def _incident(rules: dict[str, Rule], **attributes: str) -> Rule:
    """Where on the internet it happened. What it identifies belongs to the report, not to a person."""
    both = {"content": passage(), "additionalInfo": passage()}
    return within(table({**rules, **both}), says="internet_detail", attributes=attributes)


INTERNET_DETAILS = within(
    table(
        {
            "webPageIncident": _incident(
                {"url": identifier(IdentifierKind.URL)}, thirdPartyHostedContent="third_party_hosted_content"
            ),
            "emailIncident": _incident({"emailAddress": EMAIL}),
            "newsgroupIncident": _incident({"name": statement("newsgroup"), "emailAddress": EMAIL}),
            "chatImIncident": _incident(
                {"chatClient": statement("chat_client"), "chatRoomName": statement("chat_room")}
            ),
            "onlineGamingIncident": _incident({"gameName": statement("game"), "console": statement("console")}),
            "cellPhoneIncident": _incident(
                {"phoneNumber": PHONE, "latitude": statement("latitude"), "longitude": statement("longitude")}
            ),
            "nonInternetIncident": _incident({"locationName": statement("location"), "incidentAddress": ADDRESS}),
            "peer2peerIncident": _incident(
                {
                    "client": statement("peer_to_peer_client"),
                    "ipCaptureEvent": IP_EVENT,
                    "fileNames": statement("file_names"),
                }
            ),
        }
    )
)

INCIDENT_SUMMARY = within(
    table(
        {
            "incidentType": type_of_incident(),
            "platform": text_field("platform"),
            "escalateToHighPriority": urgent(),
            "reportAnnotations": within(
                table(
                    {
                        "sextortion": flag("sextortion", risk=RiskCode.SEXTORTION),
                        "csamSolicitation": flag("csam_solicitation"),
                        "minorToMinorInteraction": flag("minor_to_minor_interaction"),
                        "spam": flag("spam"),
                        "sadisticOnlineExploitation": flag(
                            "sadistic_online_exploitation", risk=RiskCode.SADISTIC_EXPLOITATION
                        ),
                        "informational": flag("informational"),
                    }
                )
            ),
            "incidentDateTime": time_field("incident"),
            "incidentDateTimeDescription": passage(),
        }
    )
)

FILE_DETAILS = table(
    {
        "reportId": text_field("report_id"),
        "fileId": text_field("file_id"),
        "fileName": statement("file_name"),
        "originalFileName": statement("original_file_name"),
        "uploadedToEspTimestamp": time_field("uploaded"),
        "locationOfFile": identifier(IdentifierKind.URL),
        "fileViewedByEsp": three_valued("viewed_by_sender"),
        "exifViewedByEsp": three_valued("metadata_viewed_by_sender"),
        "publiclyAvailable": three_valued("publicly_available"),
        "fileRelevance": statement("file_relevance"),
        "potentialMeme": stated_flag("potential_meme"),
        "fileAnnotations": within(
            table(
                {
                    "animeDrawingVirtualHentai": flag("anime_drawing_virtual_hentai"),
                    "potentialMeme": flag("potential_meme"),
                    "viral": flag("viral"),
                    "possibleSelfProduction": flag("possible_self_production"),
                    "physicalHarm": flag("physical_harm"),
                    "violenceGore": flag("violence_gore"),
                    "bestiality": flag("bestiality"),
                    "liveStreaming": flag("live_streaming"),
                    "infant": flag("infant"),
                    "generativeAi": flag("generative_ai"),
                }
            )
        ),
        "industryClassification": classed("industry"),
        "originalFileHash": file_hash(hashType="hash_type"),
        "ipCaptureEvent": IP_EVENT,
        "deviceId": DEVICE_ID,
        "details": name_and_value(type="type"),
        "additionalInfo": passage(),
    }
)

REPORT = table(
    {
        "reportId": text_field("source_reference"),
        "batchedReport": within(table({}), attributes={"reason": "batched_report_reason"}),
        "incidentSummary": INCIDENT_SUMMARY,
        "internetDetails": INTERNET_DETAILS,
        "lawEnforcement": LAW_ENFORCEMENT,
        "reporter": REPORTER,
        "personOrUserReported": PERSON_REPORTED,
        "intendedRecipient": RECIPIENT,
        "victim": VICTIM,
        "fileDetails": file_facts(FILE_DETAILS),
        "additionalInfo": passage(),
    }
)
