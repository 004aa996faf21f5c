"""One case as JSON and as lines. Narrative is left out of both: it is the page's to unfold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tearmann import identifiers
from tearmann.cli.casework import reason_of

if TYPE_CHECKING:
    from tearmann.casework.queries.case_page import CaseView, PersonView


def object_of(view: CaseView) -> dict[str, Any]:
    case, priority = view.case, view.priority
    return {
        "reference": case.reference,
        "mode": view.mode,
        "assessed": case.assessed_at is not None,
        "priority": priority.band.value if priority else None,
        "quality": priority.quality if priority else None,
        "confidence": priority.confidence if priority else None,
        "policy": priority.policy if priority else None,
        "escalations": [reason_of(reason) for reason in view.escalations],
        "reasons": [reason_of(reason) for reason in priority.reasons] if priority else [],
        "missing": list(priority.missing) if priority else [],
        "state": case.state,
        "state_since": case.state_since.isoformat(),
        "unit": case.unit.code,
        "team": case.team.code if case.team else None,
        "owner": case.owner.sign_in if case.owner else None,
        "restricted": case.restricted,
        "source": case.source,
        "incident_type": case.incident_type,
        "platform": case.platform,
        "received_at": case.received_at.isoformat(),
        "children": [_person(person) for person in view.children],
        "people": [_person(person) for person in view.others],
        "referrals": [
            {
                "relation": referral.stored.relation,
                "source": referral.stored.source,
                "source_reference": referral.stored.source_reference,
                "format": referral.stored.format,
                "received_at": referral.stored.received_at.isoformat(),
                "payload": referral.payload_sha256,
                "file": referral.file_name,
                "remainder": len(referral.value.remainder),
            }
            for referral in view.referrals
        ],
        "links": [
            {
                "case": link.other.reference,
                "unit": link.other.unit.code,
                "kind": link.link.kind.value,
                "value": link.link.value if link.may_read else None,
                "held_by": link.link.held_by,
            }
            for link in view.links
        ],
        "hits": [
            {
                "list": hit.list_name,
                "version": hit.list_version,
                "kind": hit.kind.value,
                "code": hit.code,
                "scheme": hit.scheme,
                "match": "exact" if hit.distance == 0 else "near",
            }
            for hit in view.hits
        ],
        "references": [{"kind": one.kind, "value": one.value, "place": one.place} for one in view.references],
        "clocks": [
            {
                "kind": clock.kind,
                "started_at": clock.started_at.isoformat(),
                "due_at": clock.due_at.isoformat() if clock.due_at else None,
            }
            for clock in view.clocks
        ],
        "timeline": [
            {
                "verb": moment.entry.verb,
                "at": moment.entry.at.isoformat(),
                "happened_at": moment.entry.happened_at.isoformat() if moment.entry.happened_at else None,
                "by": moment.entry.actor_ref,
            }
            for moment in view.timeline
        ],
    }


def _person(view: PersonView) -> dict[str, Any]:
    person = view.person
    return {
        "key": view.party.key,
        "role": person.role,
        "senders_role": view.party.role.value,
        "age": person.age,
        "age_basis": person.age_basis,
        "under_age_possible": person.under_age_possible,
        "risks": person.risks,
        "told_at": person.told_at.isoformat() if person.told_at else None,
        "safe_at": person.safe_at.isoformat() if person.safe_at else None,
        "identifiers": [
            {"kind": one.kind.value, "value": one.value, "as_given": one.as_given, "place": one.place}
            for one in view.party.identifiers
        ],
    }


def lines_of(view: CaseView) -> list[str]:
    case = view.case
    if case.assessed_at is None:
        standing = "UNASSESSED"
    elif view.priority is not None:
        standing = view.priority.band.value.upper()
    else:
        standing = "shadow mode: no priority is shown"
    lines = [
        f"{case.reference}  {standing}  {case.state} since {case.state_since:%Y-%m-%d %H:%M} UTC",
        f"{case.unit.name}, {case.team.name if case.team else 'no team'}; "
        f"received {case.received_at:%Y-%m-%d %H:%M} UTC",
    ]
    for child in view.children:
        age = f"{child.person.age} years" if child.person.age is not None else "age not stated"
        risks = "; ".join(f"{risk['code']} ({risk['place']})" for risk in child.person.risks) or "no risk stated"
        lines.append(f"Child, {age}: {risks}")
    for other in view.others:
        age = f"{other.person.age} years" if other.person.age is not None else "age not stated"
        doubt = ", may be under 18" if other.person.under_age_possible else ""
        lines.append(f"{other.person.get_role_display()}, {age}{doubt}")
        lines += [f"  {identifiers.explain(one.kind, one.value)}" for one in other.party.identifiers]
    lines += [f"Escalated: {reason.says} ({reason.place})" for reason in view.escalations]
    if view.priority is not None:
        lines += [f"Because: {reason.says} ({reason.place})" for reason in view.priority.reasons]
    lines += [
        f"Linked to {link.other.reference} ({link.other.unit.name}) by {link.link.kind.value}" for link in view.links
    ]
    lines += [
        f"On list {hit.list_name} {hit.list_version}: {hit.kind.value}, code {hit.code or 'none'}" for hit in view.hits
    ]
    return lines
