"""Assess: list match, links and triage of cases. A failure leaves the case unassessed, which sorts first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db import transaction

from tearmann import lists
from tearmann.casework.doing import Doing, act
from tearmann.casework.entries import history
from tearmann.casework.linking import SeenLink, seen_from, stored_links
from tearmann.casework.models import (
    Assessment,
    Case,
    CasePerson,
    Hit,
    ListVersion,
    Relation,
    StoredReferral,
    TriageSwitch,
)
from tearmann.casework.models.case import Rank
from tearmann.casework.writer import pause_for_readers
from tearmann.intake import product_json
from tearmann.ledger.bulk import insert_rows, reserve_ids
from tearmann.ledger.chain import Draft, record
from tearmann.lists import Segment
from tearmann.records import Band, Link, ListHit, Origin, Priority, Referral, RiskCode, RiskFact
from tearmann.triage.assess import assess as triage
from tearmann.triage.policy import Policy

_RANK = {
    Band.IMMEDIATE: Rank.IMMEDIATE,
    Band.URGENT: Rank.URGENT,
    Band.STANDARD: Rank.STANDARD,
    Band.ROUTINE: Rank.ROUTINE,
}
BATCH = 100
# What an assessment changes of a case.
_STANDING = ("assessed_at", "needs_assessment", "fault", "live", "escalated", "band", "rank")


@dataclass(frozen=True, slots=True, kw_only=True)
class Instruments:
    """What cases are assessed with: the policy in force and the open segments of the lists in force."""

    policy: Policy
    lists: Mapping[int, tuple[Segment, ...]] = field(default_factory=dict)  # by the list version's key


def assess_waiting(*, doing: Doing, instruments: Instruments) -> int:
    """Assess what an earlier run stored and left unassessed; return how many still are."""
    left = 0
    waiting = list(Case.objects.filter(needs_assessment=True).order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(waiting), BATCH):
        left += assess(waiting[start : start + BATCH], doing=doing, instruments=instruments)
        pause_for_readers()
    return left


@act
def assess(
    cases: Sequence[int],
    *,
    doing: Doing,
    instruments: Instruments,
    values: Mapping[int, Referral] | None = None,
) -> int:
    """Assess cases by their keys; return how many could not be.

    Doing it again changes nothing. values: referrals that the caller holds already, by their keys.
    """
    assessing = _Assessing(cases, doing=doing, instruments=instruments, values=values or {})
    for case in assessing.cases:
        assessing.assess(case)
    return assessing.write()


class _Assessing:
    """One batch: what it needs is looked up once, and what it finds is written once."""

    def __init__(
        self, cases: Sequence[int], *, doing: Doing, instruments: Instruments, values: Mapping[int, Referral]
    ) -> None:
        self._doing, self._instruments = doing, instruments
        wanted = Case.objects.filter(pk__in=cases).order_by("pk").select_for_update()
        self.cases = list(wanted.only("reference", "team_id", *_STANDING))
        keys = [case.pk for case in self.cases]
        self._referrals = _referrals(keys, values)
        self._links = _links(self.cases)
        self._facts = _officer_facts(keys)
        self._latest = {row.case_id: row for row in Assessment.objects.filter(case_id__in=keys, latest=True)}
        self._hits = _stored_hits(keys)
        self._live = live_teams()
        self._new: list[tuple[Case, Priority]] = []
        self._superseded: list[int] = []
        self._new_hits: list[tuple[int, int, ListHit]] = []
        self._entries: list[Draft] = []
        self._failed = 0

    def assess(self, case: Case) -> None:
        try:
            priority, hits = self._work_out(case)
        except Exception as failure:
            # Broad on purpose: whatever the failure, the case must stand first and say so.
            self._fail(case, failure)
            return
        latest = self._latest.get(case.pk)
        before = latest.value() if latest else None
        self._keep_hits(case, hits)
        changed = before != priority or case.assessed_at is None
        if before != priority:
            self._new.append((case, priority))
            if latest is not None:
                self._superseded.append(latest.pk)
        case.needs_assessment, case.fault = False, ""
        case.assessed_at = self._doing.at if changed else case.assessed_at
        _stand(case, priority, live=case.team_id in self._live)
        if changed:
            self._entries.append(
                history(
                    "assessed",
                    case.reference,
                    self._doing,
                    policy=priority.policy,
                    band=priority.band.value,
                    points=priority.points,
                    escalations=[reason.rule for reason in priority.escalations],
                    mode="live" if case.live else "shadow",
                )
            )

    def _work_out(self, case: Case) -> tuple[Priority, list[tuple[int, ListHit]]]:
        first, *later = self._referrals[case.pk]
        hits = [
            (version, hit)
            for version, segments in self._instruments.lists.items()
            for referral in (first, *later)
            for hit in lists.match(referral, segments)
        ]
        priority = triage(
            first,
            follow_ups=later,
            hits=[hit for _, hit in hits],
            links=self._links.get(case.pk, ()),
            facts=self._facts.get(case.pk, ()),
            lists={segment.name for segments in self._instruments.lists.values() for segment in segments},
            policy=self._instruments.policy,
            now=self._doing.at,
        )
        return priority, hits

    def _fail(self, case: Case, failure: Exception) -> None:
        self._failed += 1
        fault = type(failure).__name__  # the name alone: the text of a failure may quote a person's data
        if case.fault != fault:
            self._entries.append(history("assessment_failed", case.reference, self._doing, fault=fault))
        case.assessed_at, case.rank, case.fault, case.needs_assessment = None, Rank.UNASSESSED, fault, True

    def _keep_hits(self, case: Case, hits: Sequence[tuple[int, ListHit]]) -> None:
        held = self._hits.get(case.pk, set())
        for version, hit in hits:
            key = (version, hit.kind.value, hit.value, hit.code, hit.scheme)
            if key not in held:
                held.add(key)
                self._new_hits.append((case.pk, version, hit))
        self._hits[case.pk] = held

    def write(self) -> int:
        Assessment.objects.filter(pk__in=self._superseded).update(latest=False)
        rows = [
            (pk, case.pk, self._doing.at, True, *Assessment.columns(priority))
            for pk, (case, priority) in zip(reserve_ids(Assessment, len(self._new)), self._new, strict=True)
        ]
        insert_rows(Assessment, ("id", "case_id", "at", "latest", *Assessment.COLUMNS), rows)
        insert_rows(
            Hit,
            ("case_id", "list_version_id", "kind", "value", "code", "scheme", "distance"),
            [
                (case, version, hit.kind.value, hit.value, hit.code, hit.scheme, hit.distance)
                for case, version, hit in self._new_hits
            ],
        )
        self._write_standings()
        record(self._entries)
        return self._failed

    def _write_standings(self) -> None:
        """One statement for the cases that now stand alike, which most of a batch do: far fewer than a row each."""
        alike: dict[tuple[object, ...], list[int]] = {}
        for case in self.cases:
            alike.setdefault(tuple(getattr(case, name) for name in _STANDING), []).append(case.pk)
        for standing, keys in alike.items():
            Case.objects.filter(pk__in=keys).update(**dict(zip(_STANDING, standing, strict=True)))


def _stand(case: Case, priority: Priority, *, live: bool) -> None:
    """Put the case where it stands in its queue. In shadow only a hard escalation moves it."""
    case.live, case.escalated, case.band = live, bool(priority.escalations), priority.band.value
    if case.escalated:
        case.rank = Rank.ESCALATED
    else:
        case.rank = _RANK[priority.band] if live else Rank.STANDARD


def live_teams() -> frozenset[int]:
    """The teams for which two people have switched the policy on."""
    switched = TriageSwitch.objects.filter(confirmed_at__isnull=False, ended_at__isnull=True)
    return frozenset(switched.values_list("team_id", flat=True))


def _referrals(cases: Sequence[int], held: Mapping[int, Referral]) -> dict[int, list[Referral]]:
    """The referrals of each case in the order in which they came, the report first."""
    found: dict[int, list[Referral]] = {}
    stored = StoredReferral.objects.filter(case_id__in=cases).order_by("pk")
    rows = list(stored.values_list("pk", "case_id", "relation"))
    keys = [(pk, case) for pk, case, _ in rows if case is not None]
    firsts = {pk for pk, _, relation in rows if relation == Relation.FIRST}
    wanted = [pk for pk, _ in keys if pk not in held]
    contents = StoredReferral.objects.filter(pk__in=wanted).values_list("pk", "content")
    read = {pk: product_json.load(content.encode()) for pk, content in contents}
    for pk, case in sorted(keys, key=lambda item: (item[0] not in firsts, item[0])):
        found.setdefault(case, []).append(held.get(pk) or read[pk])
    return found


def _links(cases: Sequence[Case]) -> dict[int, list[Link]]:
    """The links of each case. One into a restricted case never enters another case's priority."""
    keys = {case.pk for case in cases}
    seen: dict[int, list[SeenLink]] = {}
    for link in stored_links(keys):
        for near in keys & {link.case, link.other_case}:
            if not link.leads_to_restricted(near):
                seen.setdefault(near, []).append(link)
    return {near: seen_from(near, links) for near, links in seen.items()}


def _officer_facts(cases: Sequence[int]) -> dict[int, list[RiskFact]]:
    """The facts that officers added about the people of each case."""
    facts: dict[int, list[RiskFact]] = {}
    people = CasePerson.objects.filter(case_id__in=cases).exclude(risks=[]).order_by("pk")
    for case, risks, party in people.values_list("case_id", "risks", "party__key"):
        for risk in risks:
            if risk["origin"] == Origin.OFFICER:
                facts.setdefault(case, []).append(
                    RiskFact(code=RiskCode(risk["code"]), place=risk["place"], party=party, origin=Origin.OFFICER)
                )
    return facts


def _stored_hits(cases: Sequence[int]) -> dict[int, set[tuple[int, str, str, str, str]]]:
    held: dict[int, set[tuple[int, str, str, str, str]]] = {}
    columns = ("case_id", "list_version_id", "kind", "value", "code", "scheme")
    for case, *key in Hit.objects.filter(case_id__in=cases).values_list(*columns):
        held.setdefault(case, set()).add(tuple(key))
    return held


def current_lists() -> list[ListVersion]:
    """The versions of lists in force."""
    return list(ListVersion.objects.filter(withdrawn_at__isnull=True).order_by("name"))


def reassess_all_of(teams: Sequence[int]) -> None:
    """Mark the open cases of teams for assessment: their policy was switched on or off. In the caller's act."""
    with transaction.atomic():
        Case.objects.filter(team_id__in=teams, is_open=True).update(needs_assessment=True)
