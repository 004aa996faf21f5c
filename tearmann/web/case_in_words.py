"""A case in the words of its page. Built from what `queries.case_page` found, which has decided what may be seen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from tearmann import identifiers, records
from tearmann.casework.models import CasePerson, PersonRole
from tearmann.casework.queries.case_page import CaseView, LinkView, PersonView, ReferralView
from tearmann.identifiers import IdentifierKind
from tearmann.profile import Force
from tearmann.records import Nature, Origin, PartyRole, RiskCode
from tearmann.web.changes import Change, changes
from tearmann.web.words import RISKS, count_words, source_label

NOT_RECORDED = "not recorded"
NOT_STATED = "not stated"

SENDER_ROLES: dict[PartyRole, str] = {
    PartyRole.REPORTED: "person or account reported",
    PartyRole.RECIPIENT: "intended recipient",
    PartyRole.VICTIM: "victim",
    PartyRole.REPORTER: "person who reports",
    PartyRole.ASSOCIATED: "account tied to another person",
    PartyRole.LAW_ENFORCEMENT: "law enforcement contact",
    PartyRole.UNATTACHED: "belongs to no person",
}

ORIGINS: dict[Origin, str] = {
    Origin.SENDER: "the sender",
    Origin.ENRICHMENT: "added by a machine on the way",
    Origin.ANALYST: "added by a person on the way",
    Origin.OFFICER: "added by us",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentifierInWords:
    """kind: its label. notes: what to know before relying on it. as_given: empty where it reads like the value."""

    kind: str
    value: str
    notes: str
    as_given: str
    place: str
    says: str
    details: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskInWords:
    """What is at risk, where it says so, and who does."""

    words: str
    place: str
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonInWords:
    """A person on the case. sender_role: what the sender calls them. stated: fact first, then opinion."""

    title: str
    role: str
    sender_role: str
    referral: str
    age: str
    age_place: str
    may_be_child: str
    under_responsibility: str
    risks: tuple[RiskInWords, ...]
    told_at: datetime | None
    safe_at: datetime | None
    safe_says: str
    identifiers: tuple[IdentifierInWords, ...]
    facts: tuple[records.Statement, ...]
    opinions: tuple[records.Statement, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MomentInWords:
    """A time that the sender states. at: None where it could not be read."""

    at: datetime | None
    as_given: str
    zone_stated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FileInWords:
    """A file that we do not have. marks: the sender's presence flags, as codes."""

    title: str
    file_id: str
    hashes: tuple[IdentifierInWords, ...]
    identifiers: tuple[IdentifierInWords, ...]
    classifications: tuple[records.Classification, ...]
    marks: tuple[str, ...]
    viewed: str
    metadata_viewed: str
    public: str
    uploaded: MomentInWords | None
    facts: tuple[records.Statement, ...]
    opinions: tuple[records.Statement, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HitInWords:
    """A hash that a list holds: exact or near, never how near."""

    files: str
    kind: str
    list_name: str
    list_version: str
    scheme: str
    code: str
    match: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkInWords:
    """Another case that shares identifiers with this one, and which."""

    view: LinkView
    shared: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PassageInWords:
    """A piece of the sender's words, folded on the page. of: whom or what it is about."""

    of: str
    text: str
    place: str
    opinion: bool
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralInWords:
    """One referral of the case. changes: against the first, where it was sent again with other bytes."""

    title: str
    view: ReferralView
    source: str
    received: MomentInWords | None
    incident: MomentInWords | None
    grading: str
    lawful_basis: str
    priority: str
    facts: tuple[records.Statement, ...]
    opinions: tuple[records.Statement, ...]
    changes: tuple[Change, ...]
    is_resent: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Writer:
    """Puts the parts of one case in words, under the words that the profile had when it was received."""

    force: Force
    view: CaseView
    on: date

    # -- people

    def children(self) -> tuple[PersonInWords, ...]:
        return tuple(self._person(one, f"Child {n}") for n, one in enumerate(self.view.children, start=1))

    def others(self) -> tuple[PersonInWords, ...]:
        """Everybody else: first who may be dangerous, last who tells of it."""
        ordered = sorted(self.view.others, key=lambda one: one.person.role == PersonRole.WITNESS)
        titles = {one.party.key: f"person {n}" for n, one in enumerate(ordered, start=1)}
        return tuple(self._person(one, f"Person {n}", titles) for n, one in enumerate(ordered, start=1))

    def _person(self, one: PersonView, title: str, titles: Mapping[str, str] | None = None) -> PersonInWords:
        """titles: of the others by their key, for an account that is tied to one of them."""
        person, party = one.person, one.party
        tied_to = (titles or {}).get(party.belongs_to or "")
        facts, opinions = _apart(party.statements)
        return PersonInWords(
            title=title,
            role=PersonRole(person.role).label,
            sender_role=f"account tied to {tied_to}" if tied_to else SENDER_ROLES[party.role],
            referral=self._referral_of(person),
            age=count_words(person.age, "year") if person.age is not None else f"age {NOT_STATED}",
            age_place=person.age_basis,
            may_be_child=self._may_be_child(person),
            under_responsibility=self._under_responsibility(person),
            risks=tuple(
                RiskInWords(
                    words=RISKS[RiskCode(risk["code"])], place=risk["place"], says=ORIGINS[Origin(risk["origin"])]
                )
                for risk in person.risks
            ),
            told_at=person.told_at,
            safe_at=person.safe_at,
            safe_says=person.safe_says,
            identifiers=self.identifiers(party.identifiers),
            facts=facts,
            opinions=opinions,
        )

    def _referral_of(self, person: CasePerson) -> str:
        """Which referral a person came with, where that is not the report itself."""
        stored = next(view.stored for view in self.view.referrals if view.stored.pk == person.party.referral_id)
        return "" if stored.relation == "first" else stored.get_relation_display().lower()

    def _may_be_child(self, person: CasePerson) -> str:
        if person.role in (PersonRole.CHILD, PersonRole.WITNESS) or not person.under_age_possible:
            return ""
        rule = self.force.child(self.on)
        under = f"under {rule.years}" if rule else "a child (this profile sets no age)"
        return f"May be {under}: treat as a child until it is known."

    def _under_responsibility(self, person: CasePerson) -> str:
        rule = self.force.criminal_responsibility(self.on)
        if rule is None or person.age is None or person.age >= rule.years:
            return ""
        return f"Under {rule.years}, the age of criminal responsibility: cannot be recorded as a suspect."

    def identifiers(self, given: Iterable[records.Identifier]) -> tuple[IdentifierInWords, ...]:
        """Identifiers in the sender's order; what is to be known of a kind is said at the first of it."""
        noted: set[tuple[str, str]] = set()
        found = []
        for one in given:
            kind = identifiers.KINDS[one.kind]
            value, notes = kind.describe(one.value), "; ".join(kind.notes(one.value))
            found.append(
                IdentifierInWords(
                    kind=kind.label,
                    value=value,
                    notes="" if (kind.label, notes) in noted else notes,
                    as_given=""
                    if one.as_given in (one.value, value) or value.startswith(f"{one.as_given},")
                    else one.as_given,
                    place=one.place,
                    says="" if one.origin is Origin.SENDER else ORIGINS[one.origin],
                    details=tuple(pair for pair in one.details if not _says_it_already(one, *pair)),
                )
            )
            noted.add((kind.label, notes))
        return tuple(found)

    def unplaced_risks(self) -> tuple[RiskInWords, ...]:
        return tuple(
            RiskInWords(words=RISKS[risk.code], place=risk.place, says=ORIGINS[risk.origin])
            for risk in self.view.unplaced_risks
        )

    def nobodys(self) -> tuple[PersonInWords, ...]:
        """Parties that are no person of the case: what belongs to nobody, and officers named as contacts."""
        shown = {(one.person.party.referral_id, one.party.key) for one in (*self.view.children, *self.view.others)}
        found = []
        for view in self.view.referrals:
            for party in view.value.parties:
                if (view.stored.pk, party.key) in shown:
                    continue
                facts, opinions = _apart(party.statements)
                found.append(
                    PersonInWords(
                        title=SENDER_ROLES[party.role].capitalize(),
                        role="",
                        sender_role="",
                        referral="",
                        age="",
                        age_place="",
                        may_be_child="",
                        under_responsibility="",
                        risks=(),
                        told_at=None,
                        safe_at=None,
                        safe_says="",
                        identifiers=self.identifiers(party.identifiers),
                        facts=facts,
                        opinions=opinions,
                    )
                )
        return tuple(one for one in found if one.identifiers or one.facts or one.opinions)

    # -- links, lists, files

    def links(self) -> tuple[LinkInWords, ...]:
        """The links, one entry for each other case."""
        by_case: dict[str, list[LinkView]] = {}
        for view in self.view.links:
            by_case.setdefault(view.other.reference, []).append(view)
        return tuple(
            LinkInWords(view=views[0], shared=tuple(dict.fromkeys(self._shared(view.link) for view in views)))
            for views in by_case.values()
        )

    def _shared(self, link: records.Link) -> str:
        others = count_words(link.held_by, "person or account", "people or accounts")
        return f"{identifiers.explain(link.kind, link.value)}; seen with {others} in what you may read"

    def hits(self) -> tuple[HitInWords, ...]:
        titles: dict[str, list[str]] = {}
        for title, _, file in self._numbered_files():
            for one in file.hashes:
                if title not in titles.setdefault(one.value, []):
                    titles[one.value].append(title)
        return tuple(
            HitInWords(
                files=", ".join(titles.get(hit.value, ())) or "of no file named here",
                kind=identifiers.KINDS[hit.kind].label,
                list_name=hit.list_name,
                list_version=hit.list_version,
                scheme=hit.scheme,
                code=hit.code,
                match="near" if hit.distance else "exact",
            )
            for hit in self.view.hits
        )

    def files(self) -> tuple[FileInWords, ...]:
        found = []
        for title, _, file in self._numbered_files():
            facts, opinions = _apart(file.statements)
            found.append(
                FileInWords(
                    title=title,
                    file_id=file.file_id or "",
                    hashes=self.identifiers(file.hashes),
                    identifiers=self.identifiers(file.identifiers),
                    classifications=file.classifications,
                    marks=file.annotations,
                    viewed=_three(file.viewed_by_sender),
                    metadata_viewed=_three(file.metadata_viewed_by_sender),
                    public=_three(file.publicly_available),
                    uploaded=_moment(file.uploaded),
                    facts=facts,
                    opinions=opinions,
                )
            )
        return tuple(found)

    def _numbered_files(self) -> Iterable[tuple[str, ReferralView, records.FileFacts]]:
        number = 0
        for view in self.view.referrals:
            for file in view.value.files:
                number += 1
                yield f"File {number}", view, file

    # -- the referrals

    def referrals(self) -> tuple[ReferralInWords, ...]:
        first = self.view.referrals[0].value if self.view.referrals else None
        return tuple(self._referral(view, first) for view in self.view.referrals)

    def _referral(self, view: ReferralView, first: records.Referral | None) -> ReferralInWords:
        value = view.value
        facts, opinions = _apart(value.statements)
        resent = view.stored.relation == "changed"
        return ReferralInWords(
            title=view.stored.get_relation_display(),
            view=view,
            source=source_label(self.force, value.source, self.on),
            received=_moment(value.received),
            incident=_moment(value.incident),
            grading=self._grading(value.grading),
            lawful_basis=self._lawful_basis(value.lawful_basis),
            priority=""
            if value.provider_priority is None
            else f"{value.provider_priority} of 3, as the provider set it",
            facts=facts,
            opinions=opinions,
            changes=changes(first, value) if resent and first is not None else (),
            is_resent=resent,
        )

    def _grading(self, grading: records.Grading | None) -> str:
        if grading is None:
            return ""
        parts = [
            f"{code} ({self.force.vocabulary(name).label(code, self.on).lower()})"
            for name, code in (
                ("grading_source", grading.source),
                ("grading_information", grading.information),
                ("grading_handling", grading.handling),
            )
        ]
        return ", ".join(parts) + (f"; conditions: {grading.conditions}" if grading.conditions else "")

    def _lawful_basis(self, code: str | None) -> str:
        return self.force.vocabulary("lawful_bases").label(code, self.on) if code else ""

    def narrative(self) -> tuple[PassageInWords, ...]:
        """The sender's words, each with what it is about."""
        found = []
        for view in self.view.referrals:
            value, name = view.value, view.stored.get_relation_display()
            if value.incident_type_given and value.incident_type == "other":
                found.append(_words_of(f"{name}: type, in the sender's word", value.incident_type_given))
            if value.urgent_reason:
                found.append(_words_of(f"{name}: why it is urgent", value.urgent_reason))
            found += [_passage(name, passage) for passage in value.passages]
            for party in value.parties:
                of = f"{name}: {SENDER_ROLES[party.role]}"
                found += [_passage(of, passage) for passage in party.passages]
            for file in value.files:
                found += [_passage(f"{name}: a file", passage) for passage in file.passages]
        return tuple(found)

    def left_over(self) -> tuple[records.Leftover, ...]:
        return tuple(leaf for view in self.view.referrals for leaf in view.value.remainder)


def _passage(of: str, passage: records.Passage) -> PassageInWords:
    return PassageInWords(
        of=of,
        text=passage.text,
        place=passage.place,
        opinion=passage.nature is Nature.OPINION,
        says="" if passage.origin is Origin.SENDER else ORIGINS[passage.origin],
    )


def _words_of(of: str, text: str) -> PassageInWords:
    return PassageInWords(of=of, text=text, place="", opinion=False, says="")


def _apart(
    statements: tuple[records.Statement, ...],
) -> tuple[tuple[records.Statement, ...], tuple[records.Statement, ...]]:
    """Facts, and opinions."""
    facts = tuple(one for one in statements if one.nature is Nature.FACT)
    return facts, tuple(one for one in statements if one.nature is Nature.OPINION)


def _moment(moment: records.Moment | None) -> MomentInWords | None:
    if moment is None:
        return None
    return MomentInWords(at=moment.at, as_given=moment.as_given, zone_stated=moment.zone_stated)


def _says_it_already(one: records.Identifier, name: str, text: str) -> bool:
    """Whether a detail of an IP event is its own port or time, which its value shows."""
    return one.kind is IdentifierKind.IP_EVENT and name in ("port", "time") and text in one.value.split("|")


def _three(fact: bool | None) -> str:
    return NOT_STATED if fact is None else "yes" if fact else "no"
