"""What ran and what was done on a case, in the words of its page: clocks, expiring data and the timeline."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from tearmann import identifiers
from tearmann.casework.models import Clock
from tearmann.casework.queries.case_page import CaseView, Moment
from tearmann.errors import ProfileError
from tearmann.people.models import Team
from tearmann.profile import ClockRule, Force, Meaning
from tearmann.web.words import source_label

# What the case history's verbs mean to a reader.
VERBS: dict[str, str] = {
    "received": "Received",
    "followed_up": "Follow-up received",
    "received_changed": "Sent again, changed",
    "file_details_received": "Details of a file received",
    "file_details_joined": "Details of a file joined",
    "reopened": "Reopened by a follow-up",
    "assessed": "Assessed",
    "assessment_failed": "Assessment failed: stands first until it is assessed",
    "decided": "Decided: it is worked on",
    "allocated": "Allocated",
    "development_begun": "Development begun",
    "disseminated": "Disseminated",
    "outcome": "Outcome recorded",
    "closed": "Closed",
    "reference_added": "Reference to another system added",
    "restricted": "Restricted to named readers",
    "reader_named": "Reader named",
    "restriction_lifted": "Restriction lifted",
    "alerts_seen": "Alerts marked as seen",
    "payload_opened": "Sealed payload opened",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockInWords:
    """A running clock. look: the last part of a class of `_case.scss`; due_at None: the profile leaves it unset."""

    label: str
    about: str
    started_at: datetime
    due_at: datetime | None
    verb: str
    look: str
    times: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One line of the timeline. happened_at: only where it differs from when it was recorded."""

    what: str
    by: str
    at: datetime
    happened_at: datetime | None
    facts: tuple[tuple[str, str], ...]
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryWriter:
    """Puts the clocks and the history of one case in words, under the words of the day it was received."""

    force: Force
    view: CaseView
    on: date
    now: datetime

    def clocks(self) -> tuple[ClockInWords, ...]:
        """What runs and what was missed, the soonest first."""
        return tuple(clock for clock in self._timed_clocks() if clock.look != "stopped")

    def past_keeping(self) -> tuple[ClockInWords, ...]:
        """What somebody else kept until a time that is past: it may be asked for, and cannot be counted on."""
        return tuple(clock for clock in self._timed_clocks() if clock.look == "stopped")

    def _timed_clocks(self) -> list[ClockInWords]:
        counts = Counter(self._clock(clock) for clock in self.view.clocks if clock.due_at is not None)
        return [replace(clock, times=times) for clock, times in counts.items()]

    def unset_clocks(self) -> tuple[tuple[str, str], ...]:
        """The clocks for which the profile sets no time: what they are, and how many run."""
        counts: dict[str, int] = {}
        for clock in self.view.clocks:
            if clock.due_at is None:
                counts[clock.kind] = counts.get(clock.kind, 0) + 1
        found = []
        for kind, number in counts.items():
            rule = self._rule(kind, self.view.case.received_at)
            words = rule.words if rule else ""
            found.append((self._label(kind), f"{words} ({number} running)" if words else f"{number} running"))
        return tuple(found)

    def _clock(self, clock: Clock) -> ClockInWords:
        rule = self._rule(clock.kind, clock.started_at)
        past = clock.due_at is not None and clock.due_at <= self.now
        soon = clock.due_at is not None and not past and (clock.due_at - self.now).days < 3
        verb = {
            None: "due",
            Meaning.ACT_BY: "was due" if past else "due",
            Meaning.KEPT_UNTIL: "was kept until" if past else "kept until",
            Meaning.KEPT_AT_MOST: "could be counted on until" if past else "at most until",
        }[rule.meaning if rule else None]
        about = ""
        if clock.identifier is not None:
            kind = identifiers.KINDS[clock.identifier.to_value().kind]
            about = kind.describe(clock.identifier.value)
        to_act = rule is None or rule.meaning is Meaning.ACT_BY
        look = "soon" if soon else "running" if not past else "missed" if to_act else "stopped"
        return ClockInWords(
            label=rule.label if rule else self._label(clock.kind),
            about=about,
            started_at=clock.started_at,
            due_at=clock.due_at,
            verb=verb,
            look=look,
        )

    def _rule(self, kind: str, started: datetime) -> ClockRule | None:
        try:
            return self.force.clock(kind, started, source=self.view.case.source)
        except ProfileError:  # a kind that the profile has dropped since
            return None

    def _label(self, kind: str) -> str:
        return next((rule.label for rule in self.force.clocks if rule.kind == kind), kind.replace("_", " "))

    # -- what was done

    def timeline(self, *, names: Mapping[str, str], teams: Mapping[str, Team]) -> tuple[Event, ...]:
        """names: of officers by sign-in name. teams: by code."""
        return tuple(self._event(one, names, teams) for one in self.view.timeline)

    def _event(self, one: Moment, names: Mapping[str, str], teams: Mapping[str, Team]) -> Event:
        entry = one.entry
        by = names.get(entry.actor_ref, entry.actor_ref)
        happened = entry.happened_at if entry.happened_at not in (None, entry.at) else None
        return Event(
            what=VERBS.get(entry.verb, entry.verb.replace("_", " ").capitalize()),
            by=by if entry.actor_kind == "officer" else f"{entry.actor_kind} {by}",
            at=entry.at,
            happened_at=happened,
            facts=tuple(self._event_facts(entry.verb, one.body, names, teams)),
            why=one.why,
        )

    def _event_facts(
        self, verb: str, body: Mapping[str, Any], names: Mapping[str, str], teams: Mapping[str, Team]
    ) -> Iterable[tuple[str, str]]:
        if verb in ("received", "followed_up", "received_changed", "file_details_received"):
            yield "from", source_label(self.force, str(body.get("source", "")), self.on)
        # What was worked out in shadow is kept and shown to nobody.
        if verb == "assessed" and body.get("mode") == "live" and self.view.case.live:
            yield "as", f"{body['band']}, {body['points']} points, policy {body['policy']}"
        if verb == "allocated":
            team = teams.get(str(body.get("team")))
            yield "to", team.name if team else str(body.get("team"))
            if body.get("owner"):
                yield "owner", names.get(str(body["owner"]), str(body["owner"]))
        if verb == "outcome":
            yield "", _within(self.force.vocabulary("outcomes").label(str(body.get("outcome")), self.on))
        if verb == "closed":
            yield "", _within(self.force.vocabulary("closing_reasons").label(str(body.get("code")), self.on))
        if verb == "reference_added":
            yield "", _within(self.force.vocabulary("reference_kinds").label(str(body.get("kind")), self.on))
        if verb in ("restricted", "reader_named"):
            yield "", ", ".join(names.get(reader, reader) for reader in body.get("readers", ()))


def _within(label: str) -> str:
    """A label of the profile as it stands within a line; what begins with an abbreviation keeps its capitals."""
    return label if label[1:2].isupper() else f"{label[:1].lower()}{label[1:]}"
