"""The demonstration: an invented force, whose invented past year is replayed through the real acts.

Nothing is written past the acts, so ages, clocks, links, decisions and outcomes are what they would be. Officers
work less than what arrives, and after triage the work waits: as in a real force, some hundreds of cases are open.
"""

from __future__ import annotations

import heapq
import json
import random
import secrets
import shutil
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.models import Q

from tearmann import lists
from tearmann.casework import installation
from tearmann.casework.actions import moves, policy, restriction
from tearmann.casework.actions.assess import assess_waiting
from tearmann.casework.actions.lists import load_list
from tearmann.casework.actions.receive import HowToRead, receive
from tearmann.casework.actions.store import Keys
from tearmann.casework.doing import Actor, Doing
from tearmann.casework.models import Case
from tearmann.casework.states import State
from tearmann.errors import SettingError, WrongState
from tearmann.identifiers import IdentifierKind
from tearmann.intake.files import File
from tearmann.ledger.chain import anchor
from tearmann.ledger.models import Chain, Entry
from tearmann.people.acts import create_officer, sync_units
from tearmann.people.models import Officer, Role, Team, Unit
from tearmann.profile import Force
from tearmann.synthetic.hashes import known_list
from tearmann.synthetic.referrals import Invented, invent

MARK = "demonstration.json"
LIST = "invented-known"
# Referrals that a division hears of itself, rather than the national desk.
DIVISION_OF = {"public": "NORTH", "partner": "NORTH"}


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """How somebody signs in to the demonstration."""

    name: str
    password: str
    role: str
    unit: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Demonstration:
    received: int
    open: int
    sign_ins: tuple[SignIn, ...]
    asked_for: tuple[int, int]  # referrals and seed


# sign-in name, shown name, role, unit, teams
_STAFF: tuple[tuple[str, str, Role, str | None, tuple[str, ...]], ...] = (
    ("ann", "Ann", Role.DESK_OFFICER, "IID", ("IID-TRIAGE", "IID-DEVELOP")),
    ("ben", "Ben", Role.DESK_OFFICER, "NORTH", ("NORTH-1",)),
    ("cal", "Cal", Role.AUDITOR, None, ()),
    ("supervisor", "Supervisor of the internet desk", Role.SUPERVISOR, "IID", ("IID-TRIAGE", "IID-DEVELOP")),
    ("supervisor-north", "Supervisor of North", Role.SUPERVISOR, "NORTH", ("NORTH-1",)),
    ("leader", "Leader of the internet desk", Role.LEADER, "IID", ()),
    ("analyst", "Analyst", Role.ANALYST, "IID", ()),
    ("inspector", "Inspector", Role.INSPECTOR, None, ()),
    ("data-protection", "Data-protection officer", Role.DATA_PROTECTION, None, ()),
    ("administrator", "Administrator", Role.ADMINISTRATOR, None, ()),
)

# Unit: the officer and the supervisor who work its cases, and the team that develops them.
_WORKED_BY = {"IID": ("ann", "supervisor", "IID-DEVELOP"), "NORTH": ("ben", "supervisor-north", "NORTH-1")}


def build(*, referrals: int, seed: int, now: datetime, progress: Callable[[int], None]) -> Demonstration:
    """Replay an invented year that ends now into an empty store; a finished one is kept and told again.

    Raises SettingError where the store holds anything that is not this demonstration.
    """
    found = _finished(referrals, seed)
    if found is not None:
        return found
    if Officer.objects.exists() or Case.objects.exists():
        raise SettingError(
            "the store holds something other than this demonstration; with --anew it is replaced if it is another "
            "demonstration, and else name another store with TEARMANN_DATA_DIR or TEARMANN_DATABASE_URL"
        )
    _mark().touch(mode=0o600)
    year = _Year(referrals=referrals, seed=seed, now=now)
    year.set_up()
    year.replay(progress)
    done = Demonstration(
        received=Case.objects.count(),
        open=Case.objects.filter(is_open=True).count(),
        sign_ins=tuple(year.sign_ins),
        asked_for=(referrals, seed),
    )
    # The chain's end ties the mark to this store and to no other.
    _mark().write_text(json.dumps(asdict(done) | {"anchor": _store()}), encoding="utf-8")
    return done


def clear(*, anew: bool) -> None:
    """Remove what a demonstration that was broken off left, or any demonstration if it is wanted anew.

    Only a SQLite store beside a demonstration's mark: nothing else is known to be all invented.
    """
    if not _mark().is_file() or (_mark().stat().st_size and not anew):
        return
    store = settings.TEARMANN.database
    if store.vendor != "sqlite":
        raise SettingError("an unfinished demonstration is in this database; make the database anew, then run it again")
    connection.close()
    for ending in ("", "-wal", "-shm"):
        Path(store.name + ending).unlink(missing_ok=True)
    shutil.rmtree(installation.lists_directory())
    _mark().unlink()


def _mark() -> Path:
    directory: Path = settings.TEARMANN.prepare_data_dir()
    return directory / MARK


def _store() -> str:
    """What tells this store from another: the hash of its first entry, which no later act changes."""
    first = Entry.objects.filter(chain=Chain.HISTORY, seq=1).values_list("hash", flat=True).first()
    return first or anchor(Chain.HISTORY).hash


def _finished(referrals: int, seed: int) -> Demonstration | None:
    written = _mark().read_text(encoding="utf-8") if _mark().is_file() else ""
    if not written:
        return None
    told = json.loads(written)
    if told.pop("anchor") != _store() or told["asked_for"] != [referrals, seed]:
        return None
    return Demonstration(
        received=told["received"],
        open=told["open"],
        sign_ins=tuple(SignIn(**one) for one in told["sign_ins"]),
        asked_for=(referrals, seed),
    )


@dataclass(order=True, slots=True)
class _Task:
    """Something that somebody will do to a case at a time. Ordered by time, then by the order of asking."""

    at: datetime
    number: int
    reference: str = field(compare=False)
    what: str = field(compare=False)


class _Year:
    def __init__(self, *, referrals: int, seed: int, now: datetime) -> None:
        self._referrals, self._seed, self._now = referrals, seed, now
        self._random = random.Random(seed)
        self._force: Force = installation.force()
        self._keys: Keys = installation.keys()
        self._tasks: list[_Task] = []
        self._asked = 0
        self.sign_ins: list[SignIn] = []

    def _doing(self, by: Actor, at: datetime) -> Doing:
        return Doing(by=by, at=at, force=self._force)

    def _operator(self, at: datetime) -> Doing:
        return self._doing(Actor.operator("demonstration"), at)

    # -- the force before its year

    def set_up(self) -> None:
        first = self._now - timedelta(days=367)
        sync_units(self._force, by_kind="operator", by_ref="demonstration", at=first)
        password = f"invented-{secrets.token_hex(4)}"
        for sign_in, name, role, unit, teams in _STAFF:
            create_officer(
                sign_in=sign_in,
                name=name,
                role=role,
                password=password,
                unit=Unit.objects.get(code=unit) if unit else None,
                teams=list(Team.objects.filter(code__in=teams)),
                valid_until=self._now + timedelta(days=30) if role is Role.INSPECTOR else None,
                must_change_password=False,
                by_kind="operator",
                by_ref="demonstration",
                at=first,
            )
            self.sign_ins.append(SignIn(name=sign_in, password=password, role=role.value, unit=unit))
        self._load_list(first)
        self._switch_on(first)

    def _load_list(self, at: datetime) -> None:
        rows = (
            lists.ListRow(kind=IdentifierKind(kind), value=value, code=code, scheme=scheme)
            for kind, value, code, scheme in known_list()
        )
        info = lists.build(rows, installation.lists_directory(), name=LIST, version="1")
        load_list(info, doing=self._operator(at))

    def _switch_on(self, at: datetime) -> None:
        """The demonstration shows priorities at once: two invented people switch them on, and it says so."""
        supervisor, leader = Officer.objects.get(sign_in="supervisor"), Officer.objects.get(sign_in="leader")
        for code in ("IID-TRIAGE", "IID-DEVELOP"):
            team = Team.objects.get(code=code)
            policy.propose_switch(
                team,
                officer=supervisor,
                doing=self._doing(Actor.of(supervisor), at),
                reason="A demonstration: everything in it is invented, and no local evidence exists.",
            )
            policy.confirm_switch(team, officer=leader, doing=self._doing(Actor.of(leader), at))

    # -- the year

    def replay(self, progress: Callable[[int], None]) -> None:
        self._officers = {officer.sign_in: officer for officer in Officer.objects.select_related("unit")}
        self._actors = {name: Actor.of(officer) for name, officer in self._officers.items()}
        self._teams = {team.code: team for team in Team.objects.all()}
        known = 0
        for at, batch in self._batches():
            self._work(until=at)
            self._take(batch, at)
            arrived = Case.objects.count()
            progress(arrived - known)
            known = arrived
        self._work(until=self._now)
        self._restrict_some()
        assess_waiting(doing=self._operator(self._now), instruments=installation.instruments())

    def _batches(self) -> Iterator[tuple[datetime, list[Invented]]]:
        """What arrives, by half days: whoever empties the inbox does so twice a day."""
        batch: list[Invented] = []
        until: datetime | None = None
        arrivals = invent(count=self._referrals, seed=self._seed, until=self._now.date() - timedelta(days=1), days=365)
        for one in arrivals:
            if until is None or one.arrives_at >= until:
                if until is not None and batch:
                    yield until, batch
                batch = []
                half = 0 if one.arrives_at.hour < 12 else 12
                until = one.arrives_at.replace(hour=half, minute=0, second=0, microsecond=0) + timedelta(hours=12)
            batch.append(one)
        if until is not None and batch:
            yield min(until, self._now), batch

    def _take(self, batch: list[Invented], at: datetime) -> None:
        by_unit: dict[tuple[str, str], list[Invented]] = {}
        for one in batch:
            unit = DIVISION_OF.get(one.source, self._force.default_unit or "IID")
            by_unit.setdefault((unit, one.source), []).append(one)
        newest = Case.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        for (unit, source), arrived in by_unit.items():
            receive(
                [File(name=one.name, body=one.body) for one in arrived],
                doing=self._operator(at),
                unit=Unit.objects.get(code=unit),
                keys=self._keys,
                instruments=installation.instruments(),
                how=HowToRead(source=source),
            )
        # What is new, and what a follow-up has moved back to where somebody reads it.
        unread = Q(pk__gt=newest) | Q(state=State.RECEIVED, state_since=at)
        for case in Case.objects.filter(unread).order_by("pk"):
            self._plan(case, at)

    def _plan(self, case: Case, at: datetime) -> None:
        """What will be done with the case, and when: the pressing ones soon, the rest when there is time."""
        draw = self._random
        days = draw.uniform(0.05, 0.6) if case.escalated else draw.uniform(1, 21)
        decided = at + timedelta(days=days)
        self._ask(decided, case, "decide")
        if draw.random() < 0.42:
            self._ask(decided + timedelta(days=draw.uniform(0.1, 5)), case, "close")
            return
        # The jam of a real force is here: what was triaged waits to be developed.
        pace = 0.1 if case.escalated else 1.0
        allocated = decided + timedelta(days=pace * draw.uniform(5, 60))
        begun = allocated + timedelta(days=pace * draw.uniform(0.2, 10))
        sent = begun + timedelta(days=pace * draw.uniform(2, 30))
        acted = sent + timedelta(days=pace * draw.uniform(3, 45))
        for when, what in (
            (allocated, "allocate"),
            (begun, "develop"),
            (sent, "disseminate"),
            (acted, "record_outcome"),
            (acted + timedelta(days=draw.uniform(1, 20)), "close"),
        ):
            self._ask(when, case, what)

    def _ask(self, at: datetime, case: Case, what: str) -> None:
        self._asked += 1
        heapq.heappush(self._tasks, _Task(at, self._asked, case.reference, what))

    def _work(self, *, until: datetime) -> None:
        while self._tasks and self._tasks[0].at <= until:
            task = heapq.heappop(self._tasks)
            case = Case.objects.select_related("unit").get(reference=task.reference)
            try:
                self._act(case, task.what, task.at)
            except WrongState:
                # A follow-up moved the case back meanwhile, and it was planned anew.
                continue

    def _act(self, case: Case, what: str, at: datetime) -> None:
        reason = "Invented reason of the demonstration."
        officer, supervisor, team = _WORKED_BY[case.unit.code]
        by_officer, by_supervisor = self._doing(self._actors[officer], at), self._doing(self._actors[supervisor], at)
        match what:
            case "decide":
                moves.decide(case, doing=by_officer, reason=reason)
            case "allocate":
                owner = self._officers[officer] if self._random.random() < 0.15 else None
                moves.allocate(case, to=self._teams[team], owner=owner, doing=by_supervisor, reason=reason)
            case "develop":
                moves.develop(case, doing=by_officer, reason=reason)
            case "disseminate":
                moves.disseminate(case, doing=by_officer, reason=reason)
            case "record_outcome":
                outcome = self._random.choices(
                    (
                        "child_made_safe",
                        "arrest",
                        "reported_for_prosecution",
                        "nothing_recovered",
                        "prevention_service",
                    ),
                    weights=(30, 25, 20, 15, 10),
                )[0]
                moves.record_outcome(case, outcome=outcome, doing=by_officer, reason=reason)
            case "close":
                code = "worked_to_outcome" if case.state == State.ACTIONED else "not_identifiable"
                moves.close(case, code=code, doing=by_officer, reason=reason)

    def _restrict_some(self) -> None:
        """Three cases that exist for their named readers only; try to find them as somebody else."""
        readers = [self._officers["ann"]]
        linked = Case.objects.filter(is_open=True, unit__code="IID", links_back__isnull=False)
        for case in linked.order_by("pk").distinct()[:3]:
            restriction.restrict(
                case,
                readers=readers,
                doing=self._doing(self._actors["supervisor"], self._now),
                reason="Invented reason of the demonstration.",
            )
