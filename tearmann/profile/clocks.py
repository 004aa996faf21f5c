"""Clocks: what must happen by when, or is kept until when, and where that is published.

A rule without an amount is *unset*: the clock still starts, runs and stops, and its age is shown, but it has no
due time. Rules are dated; the one in force on the day a clock starts is the one that counts, so a rule that is set
later never back-dates.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from itertools import combinations

from tearmann.profile.calendar import WorkingCalendar
from tearmann.profile.rows import ProfileFile, Row, holds_on, overlap
from tearmann.records import Band


class ClockFact(StrEnum):
    """A fact that starts or stops a clock. A closed list: a misspelt fact would be a clock that never starts."""

    CHILD_AT_RISK = "child_at_risk"  # a fact that a child may be at risk is on record
    PARTNER_RECEIPT = "partner_receipt"  # an officer can prove that the partner was told
    INTERAGENCY_DECISION = "interagency_decision"  # the discussion ended in a recorded, reasoned decision
    CHILD_WELFARE_RISK = "child_welfare_risk"  # the child's self-harm, or coercion of the child
    CHILD_SAFE = "child_safe"  # somebody named says that the child is safe
    DECIDED = "decided"  # an officer has decided the priority
    ACTIONED = "actioned"  # enforcement, or what else was decided, has taken place
    IP_EVENT = "ip_event"  # the moment of the connection itself, not of the report
    SENDER_REPORT = "sender_report"  # the sender made the report
    ENQUIRY_ANSWERED = "enquiry_answered"  # answered, nothing held, or expired
    SUSPECT_CONTACT = "suspect_contact"  # the person first knows that the police are looking at them
    SUSPECT_TRIGGER_DATE = "suspect_trigger_date"  # a charge or a court date
    SUSPECT_WELFARE_RECORDED = "suspect_welfare_recorded"  # a welfare plan or check is on record
    CLOSED = "closed"
    REVIEWED = "reviewed"


class ClockPer(StrEnum):
    """What has a clock of its own."""

    CASE = "case"
    CHILD = "child"
    EVENT = "event"
    REFERRAL = "referral"


class ClockUnit(StrEnum):
    HOURS = "hours"
    WORKING_HOURS = "working_hours"
    WORKING_DAYS = "working_days"
    CALENDAR_DAYS = "calendar_days"


class Meaning(StrEnum):
    """What the due time is, so that no page promises more than the rule does."""

    ACT_BY = "act_by"  # somebody must have acted
    KEPT_UNTIL = "kept_until"  # somebody else must keep the data until then
    KEPT_AT_MOST = "kept_at_most"  # no duty to keep reaches further; it may be gone sooner or never have been kept


_IN_WORDS = {
    Meaning.ACT_BY: "to be done within",
    Meaning.KEPT_UNTIL: "must be kept for",
    Meaning.KEPT_AT_MOST: "cannot be counted on at any time; no duty to keep it reaches further than",
}

REQUIRED_KINDS = (
    "tell_partner",
    "interagency_decision",
    "child_welfare",
    "act_by",
    "ip_event_expiry",
    "sender_data_expiry",
    "suspect_welfare",
    "suspect_welfare_trigger",
    "review",
)
"""The clocks that the product starts. A profile may leave any of them unset, but not out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockRule:
    """One dated row of a clock.

    amount, unit: None where unset. words: what the source says in place of a figure ("without delay"). priority:
    the band that the row is for, None for all. only_from: source codes of the referrals it is for, empty for all.
    valid_from, valid_to: the first and last day a clock may start on under this rule; None is open.
    """

    kind: str
    label: str
    starts_on: ClockFact
    stops_on: ClockFact
    per: ClockPer
    source: str
    amount: int | None = None
    unit: ClockUnit | None = None
    meaning: Meaning = Meaning.ACT_BY
    priority: Band | None = None
    only_from: tuple[str, ...] = ()
    words: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    note: str = ""

    @property
    def is_set(self) -> bool:
        return self.amount is not None and self.unit is not None

    @property
    def time_allowed(self) -> str:
        """Return the amount as pages print it: "7 calendar days", or "unset", with the source's words if any."""
        if self.amount is None or self.unit is None:
            return f"unset ({self.words})" if self.words else "unset"
        unit = self.unit.replace("_", " ")
        return f"{self.amount} {unit.removesuffix('s') if self.amount == 1 else unit}"

    @property
    def says(self) -> str:
        """Return what the time allowed means, as a phrase for pages."""
        return f"{_IN_WORDS[self.meaning]} {self.time_allowed}" if self.is_set else self.time_allowed


def due(rule: ClockRule, started: datetime, calendar: WorkingCalendar) -> datetime | None:
    """Return when a clock that started then is due: aware UTC in, aware UTC out.

    None where the rule is unset, and where the clock started before the rule's first day.
    Hours are hours that pass. Calendar days end at the same local time of day. Working days do not count the day
    of the start and end when the last of them closes. Working hours pass only while the calendar says so.

    Raises ProfileError if the rule counts working time and the calendar's is unset.
    """
    if rule.amount is None or rule.unit is None:
        return None
    # A caller may have chosen the rule by the date in UTC or by the local date; near midnight both are right.
    latest_date = max(started.astimezone(UTC).date(), calendar.local_date(started))
    if rule.valid_from is not None and latest_date < rule.valid_from:
        return None
    match rule.unit:
        case ClockUnit.HOURS:
            return started.astimezone(UTC) + timedelta(hours=rule.amount)
        case ClockUnit.CALENDAR_DAYS:
            return calendar.add_calendar_days(started, rule.amount)
        case ClockUnit.WORKING_DAYS:
            return calendar.add_working_days(started, rule.amount)
        case ClockUnit.WORKING_HOURS:
            return calendar.add_working_hours(started, rule.amount)


def rule_for(
    rules: Iterable[ClockRule], on: date, *, priority: Band | None = None, source: str | None = None
) -> ClockRule | None:
    """Return the rule in force on a day for a priority and a referral's source, or None.

    A rule for that very source goes before one for every source.
    """
    held = [
        rule
        for rule in rules
        if holds_on(on, rule.valid_from, rule.valid_to)
        and rule.priority in (None, priority)
        and (not rule.only_from or source in rule.only_from)
    ]
    return max(held, key=lambda rule: bool(rule.only_from), default=None)


def read_clocks(file: ProfileFile, calendar: WorkingCalendar, source_codes: Iterable[str]) -> tuple[ClockRule, ...]:
    """Read [[clock]] and check that the rows fit each other and the calendar."""
    named: set[str] = set()
    known_sources = set(source_codes)

    def read(row: Row) -> ClockRule:
        rule = read_clock(row)
        named.add(rule.kind)
        for code in rule.only_from:
            if code not in known_sources:
                row.fault(f"only_from '{code}' is not a code of the vocabulary 'sources'")
        if rule.unit in (ClockUnit.WORKING_DAYS, ClockUnit.WORKING_HOURS) and not calendar.has_working_hours:
            row.fault(f"counts {rule.unit.replace('_', ' ')}, but calendar.toml leaves the working week unset; set it")
        return rule

    rules = file.read("clock", read)
    if file.is_there:
        _check_together(file, rules, named)
    return rules


def read_clock(row: Row) -> ClockRule:
    valid_from, valid_to = row.days_in_force()
    amount = row.whole_number("amount")
    rule = ClockRule(
        kind=row.code("kind"),
        label=row.text("label"),
        starts_on=row.choice("starts_on", ClockFact),
        stops_on=row.choice("stops_on", ClockFact),
        per=row.choice("per", ClockPer),
        source=row.source(for_a_value=amount is not None),
        amount=amount,
        unit=row.choice("unit", ClockUnit) if row.has("unit") else None,
        meaning=row.choice("meaning", Meaning, default=Meaning.ACT_BY),
        priority=row.choice("priority", Band) if row.has("priority") else None,
        only_from=row.texts("only_from"),
        words=row.optional_text("words"),
        valid_from=valid_from,
        valid_to=valid_to,
        note=row.optional_text("note"),
    )
    undated = row.optional_text("undated")
    if (rule.amount is None) != (rule.unit is None) and row.sound:
        row.fault("has only one of 'amount' and 'unit'; set both, or neither to leave the clock unset")
    if rule.is_set and valid_from is None and not undated:
        row.fault("is set without 'valid_from'; say from which day it holds, or under 'undated' why no day is known")
    if not row.has("amount") and not rule.note:
        row.fault("is unset without a 'note'; say why no time is set")
    return rule


def _check_together(file: ProfileFile, rules: tuple[ClockRule, ...], named: set[str]) -> None:
    for kind in REQUIRED_KINDS:
        if kind not in named:
            file.fault(f"has no [[clock]] of kind '{kind}'; add it, without an amount where no rule exists")
    for kind in sorted({rule.kind for rule in rules}):
        of_kind = [rule for rule in rules if rule.kind == kind]
        bands = {rule.priority for rule in of_kind}
        if None in bands and len(bands) > 1:
            file.fault(f"clock '{kind}' has rows with a priority and rows without; give each row one, or none")
        elif None not in bands and len(bands) < len(Band):
            missing = ", ".join(band for band in Band if band not in bands)
            file.fault(f"clock '{kind}' has no row for priority {missing}; add it, unset if need be")
        for one, other in combinations(of_kind, 2):
            if _compete(one, other):
                file.fault(
                    f"two rows of clock '{kind}'{f' ({one.priority})' if one.priority else ''} hold on the same day; "
                    "end the earlier with 'valid_to'"
                )


def _compete(one: ClockRule, other: ClockRule) -> bool:
    same_referrals = set(one.only_from) & set(other.only_from) or not (one.only_from or other.only_from)
    return (
        one.priority == other.priority
        and bool(same_referrals)
        and overlap((one.valid_from, one.valid_to), (other.valid_from, other.valid_to))
    )
