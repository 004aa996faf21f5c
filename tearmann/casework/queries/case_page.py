"""Everything about one case that its page shows: children first, the person involved second, narrative last."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tearmann import records
from tearmann.casework.doing import Actor
from tearmann.casework.linking import seen_from, stored_links
from tearmann.casework.models import (
    Alert,
    Assessment,
    Case,
    CasePerson,
    Clock,
    Hit,
    PersonRole,
    StoredReference,
    StoredReferral,
)
from tearmann.casework.permissions import Sight, Standing
from tearmann.casework.queries.visible import visible_to
from tearmann.ledger.models import Chain, Entry, Text


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralView:
    """One referral of the case as it was read, and the payload it came in."""

    stored: StoredReferral
    value: records.Referral
    payload_sha256: str
    file_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonView:
    """Our view of a person, and the party as the sender describes it."""

    person: CasePerson
    party: records.Party


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkView:
    """A link, and the other case as far as this viewer may see it: read, or its stub."""

    link: records.Link
    other: Case
    may_read: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One entry of the timeline. why: the reason in words, where one was given and not erased."""

    entry: Entry
    body: dict[str, Any]
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseView:
    """The page of a case. priority is None while it may not be shown: unassessed, or its team in shadow."""

    case: Case
    standing: Standing
    referrals: tuple[ReferralView, ...]
    children: tuple[PersonView, ...]
    others: tuple[PersonView, ...]
    priority: records.Priority | None
    escalations: tuple[records.Reason, ...]
    hits: tuple[records.ListHit, ...]
    links: tuple[LinkView, ...]
    references: tuple[StoredReference, ...]
    clocks: tuple[Clock, ...]
    timeline: tuple[Moment, ...]
    alerts: tuple[Alert, ...]
    unplaced_risks: tuple[records.RiskFact, ...]  # facts that a child may be at risk which name no child

    @property
    def mode(self) -> str:
        return "live" if self.case.live else "shadow"

    def shown(self) -> list[str]:
        """The references of the cases that the page shows anything of, for the processing log."""
        return [self.case.reference, *sorted({link.other.reference for link in self.links})]


def case_page(viewer: Actor, case: Case) -> CaseView:
    """The view of a case that `case_for` has let this viewer read."""
    referrals = _referrals(case)
    parties = {(view.stored.pk, party.key): party for view in referrals for party in view.value.parties}
    people = [
        PersonView(person=person, party=parties[person.party.referral_id, person.party.key])
        for person in CasePerson.objects.filter(case=case).select_related("party").order_by("pk")
        if (person.party.referral_id, person.party.key) in parties
    ]
    assessment = Assessment.objects.filter(case=case, latest=True).first()
    priority = assessment.value() if assessment and case.assessed_at is not None else None
    named = case.named_readers.filter(officer_id=viewer.officer).exists() if viewer.officer else False
    hits = Hit.objects.filter(case=case).select_related("list_version").order_by("list_version__name", "kind", "value")
    standing = Standing(own_unit=case.unit_id == viewer.unit, restricted=case.restricted, named=named)
    return CaseView(
        case=case,
        standing=standing,
        referrals=referrals,
        children=tuple(view for view in people if view.person.role == PersonRole.CHILD),
        others=tuple(view for view in people if view.person.role != PersonRole.CHILD),
        priority=priority if case.live else None,
        escalations=priority.escalations if priority else (),
        hits=tuple(hit.to_value() for hit in hits),
        links=links_of(viewer, case),
        references=tuple(StoredReference.objects.filter(case=case).order_by("kind", "pk")),
        clocks=tuple(
            Clock.objects.filter(case=case, stopped_at__isnull=True)
            .select_related("identifier")
            .order_by("due_at", "pk")
        ),
        timeline=timeline(case),
        alerts=_alerts(viewer, case, named=named),
        unplaced_risks=tuple(risk for view in referrals for risk in view.value.risks if risk.party is None),
    )


def _referrals(case: Case) -> tuple[ReferralView, ...]:
    stored = StoredReferral.objects.filter(case=case).select_related("payload").defer("payload__body")
    views = [
        ReferralView(stored=row, value=row.value(), payload_sha256=row.payload.sha256, file_name=row.payload.file_name)
        for row in stored.order_by("pk")
    ]
    return tuple(sorted(views, key=lambda view: (view.stored.relation != "first", view.stored.pk)))


def links_of(viewer: Actor, case: Case) -> tuple[LinkView, ...]:
    """The case's links into cases that exist for this viewer. A restricted one outside theirs does not."""
    stored = stored_links([case.pk])
    others = {link.far_case(case.pk) for link in stored}
    stubs = {
        other.pk: other
        for other in visible_to(viewer, at_least=Sight.STUB).filter(pk__in=others).select_related("unit")
    }
    readable = set(visible_to(viewer).filter(pk__in=others).values_list("pk", flat=True))
    seen = [link for link in stored if link.far_case(case.pk) in stubs]
    views = []
    for link, value in zip(seen, seen_from(case.pk, seen), strict=True):
        other = stubs[link.far_case(case.pk)]
        views.append(LinkView(link=value, other=other, may_read=other.pk in readable))
    return tuple(views)


def timeline(case: Case) -> tuple[Moment, ...]:
    """The case history, newest first, with the reasons that were given."""
    entries = list(
        Entry.objects.filter(chain=Chain.HISTORY, subject_kind="case", subject_ref=case.reference).order_by("-seq")
    )
    bodies = [json.loads(entry.body) for entry in entries]
    digests = [body["why"] for body in bodies if body.get("why")]
    texts = dict(Text.objects.filter(digest__in=digests).values_list("digest", "body"))
    return tuple(
        Moment(entry=entry, body=body, why=texts.get(body.get("why", ""), "") or "")
        for entry, body in zip(entries, bodies, strict=True)
    )


def _alerts(viewer: Actor, case: Case, *, named: bool) -> tuple[Alert, ...]:
    if not case.restricted or not (named or viewer.sees_everything):
        return ()
    return tuple(Alert.objects.filter(case=case).select_related("unit", "near").order_by("-at", "-pk")[:50])


def alerts_for(viewer: Actor) -> tuple[Alert, ...]:
    """What came near the restricted cases on which this viewer is named, and was not marked as seen."""
    if viewer.officer is None:
        return ()
    unseen = Alert.objects.filter(seen_at__isnull=True, case__named_readers__officer_id=viewer.officer)
    return tuple(unseen.select_related("case", "unit", "near").order_by("-at", "-pk")[:50])


def oldest_received(cases: Sequence[Case]) -> datetime | None:
    return min((case.received_at for case in cases), default=None)
