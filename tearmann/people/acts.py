"""Every act on officers, units and teams: check, change, record, in one durable transaction.

by_kind, by_ref: who does it, as the logs name them: an `officer` by sign-in name, or the `operator` of a command,
who holds the store. at: when, aware, UTC; only the edge reads the clock.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from tearmann.errors import Conflict, IntakeError, NotPermitted
from tearmann.ledger.chain import Chain, Draft, record
from tearmann.people.models import Officer, Role, Team, Unit, tidy_sign_in
from tearmann.profile import Force, UnitKind

Body = Mapping[str, str | bool | list[str] | None]


def may_administer(role: Role | None) -> bool:
    """Say whether this role may change accounts. None: nobody who has a role."""
    return role is Role.ADMINISTRATOR


def create_officer(
    *,
    sign_in: str,
    name: str,
    role: Role,
    password: str | None,
    unit: Unit | None = None,
    teams: Collection[Team] = (),
    valid_until: datetime | None = None,
    must_change_password: bool = True,
    by_kind: str,
    by_ref: str,
    at: datetime,
) -> Officer:
    """Make an account. The first password is somebody else's choice, so it must be changed.

    Raises NotPermitted, Conflict where the sign-in name is or was somebody's, IntakeError for what an account
    cannot be.
    """
    sign_in = tidy_sign_in(sign_in)
    if not sign_in or len(sign_in) > 64 or not sign_in.isprintable():
        raise IntakeError("a sign-in name has 1 to 64 printable characters, such as a collar number")
    _check_box(role, valid_until)
    officer = Officer(
        sign_in=sign_in,
        name=name,
        role=role,
        unit=unit,
        valid_until=valid_until,
        must_change_password=must_change_password,
    )
    officer.password = _hashed(password, officer)
    with transaction.atomic(durable=True):
        _check_may(by_kind, by_ref, at)
        if Officer.objects.filter(sign_in=sign_in).exists():
            raise Conflict("this sign-in name is taken; the logs name officers by it, so it is never given twice")
        officer.save(force_insert=True)
        officer.teams.set(teams)
        body: Body = {
            "role": role.value,
            "unit": _code(unit),
            "teams": sorted(team.code for team in teams),
            "valid_until": _day(valid_until),
        }
        record([_draft("officer_created", officer, body, by_kind, by_ref, at)])
    return officer


def change_role(
    officer: Officer, *, role: Role, valid_until: datetime | None = None, by_kind: str, by_ref: str, at: datetime
) -> None:
    """Give an officer another role, and with it an end date or none."""
    _check_box(role, valid_until)
    with transaction.atomic(durable=True):
        _check_may(by_kind, by_ref, at)
        row = _locked(officer)
        body: Body = {"from": row.role, "to": role.value, "valid_until": _day(valid_until)}
        officer.role, officer.valid_until = role, valid_until
        officer.save(update_fields=["role", "valid_until"])
        record([_draft("role_changed", officer, body, by_kind, by_ref, at)])


def change_unit(officer: Officer, *, unit: Unit | None, by_kind: str, by_ref: str, at: datetime) -> None:
    """Move an officer to another unit. Leaves the teams of the old one."""
    with transaction.atomic(durable=True):
        _check_may(by_kind, by_ref, at)
        row = _locked(officer)
        body: Body = {"from": _code(row.unit), "to": _code(unit)}
        officer.unit = unit
        officer.save(update_fields=["unit"])
        officer.teams.set(officer.teams.filter(unit=unit))
        record([_draft("unit_changed", officer, body, by_kind, by_ref, at)])


def change_teams(officer: Officer, *, teams: Collection[Team], by_kind: str, by_ref: str, at: datetime) -> None:
    """Put an officer in these teams, and in no others. Raises IntakeError for a team of another unit."""
    if any(team.unit_id != officer.unit_id for team in teams):
        raise IntakeError("an officer belongs to teams of the own unit only; change the unit first")
    with transaction.atomic(durable=True):
        _check_may(by_kind, by_ref, at)
        _locked(officer)
        body: Body = {
            "from": sorted(officer.teams.values_list("code", flat=True)),
            "to": sorted(team.code for team in teams),
        }
        officer.teams.set(teams)
        record([_draft("teams_changed", officer, body, by_kind, by_ref, at)])


def deactivate(officer: Officer, *, by_kind: str, by_ref: str, at: datetime) -> None:
    """End an account at once: the next request of an open session finds nobody. Nothing of it is deleted."""
    with transaction.atomic(durable=True):
        _check_may(by_kind, by_ref, at)
        if by_kind == "officer" and by_ref == officer.reference:
            raise NotPermitted("nobody deactivates their own account; ask another administrator")
        _locked(officer)
        officer.is_active = False
        officer.save(update_fields=["is_active"])
        record([_draft("officer_deactivated", officer, {}, by_kind, by_ref, at)])


def reactivate(
    officer: Officer, *, valid_until: datetime | None = None, by_kind: str, by_ref: str, at: datetime
) -> None:
    """Let an officer sign in again, until a new end date or without one."""
    _check_box(Role(officer.role), valid_until)
    with transaction.atomic(durable=True):
        _check_may(by_kind, by_ref, at)
        _locked(officer)
        officer.is_active, officer.valid_until = True, valid_until
        officer.save(update_fields=["is_active", "valid_until"])
        body: Body = {"valid_until": _day(valid_until)}
        record([_draft("officer_reactivated", officer, body, by_kind, by_ref, at)])


def reset_password(officer: Officer, *, password: str, by_kind: str, by_ref: str, at: datetime) -> None:
    """Give an officer a password to change at the next sign-in; lift a lock and end every open session."""
    hashed = _hashed(password, officer)
    with transaction.atomic(durable=True):
        _check_may(by_kind, by_ref, at)
        _locked(officer)
        officer.password, officer.must_change_password = hashed, True
        officer.failed_sign_ins, officer.locked_until = 0, None
        officer.save(update_fields=["password", "must_change_password", "failed_sign_ins", "locked_until"])
        record([_draft("password_reset", officer, {}, by_kind, by_ref, at)])


def choose_password(officer: Officer, *, password: str, at: datetime) -> None:
    """Let officers choose their own password. Raises IntakeError for one that is weak or the one they have."""
    hashed = _hashed(password, officer)
    if officer.check_password(password):
        raise IntakeError("password: this is the one you have; choose another")
    with transaction.atomic(durable=True):
        _locked(officer)
        officer.password, officer.must_change_password = hashed, False
        officer.save(update_fields=["password", "must_change_password"])
        record([_draft("password_chosen", officer, {}, "officer", officer.reference, at)])


def sync_units(force: Force, *, by_kind: str, by_ref: str, at: datetime) -> int:
    """Bring units and teams to what the profile says; return how many were made or changed.

    A unit or team that the profile no longer names stays, since cases and officers hang on it.
    """
    drafts = []
    with transaction.atomic(durable=True):
        _check_may(by_kind, by_ref, at)
        units = {unit.code: unit for unit in Unit.objects.select_for_update()}
        for spec in force.units:
            unit = units.setdefault(spec.code, Unit(code=spec.code))
            wanted = (spec.name, spec.kind is UnitKind.NATIONAL, spec.contact_desk or "")
            if unit.pk is None or (unit.name, unit.national, unit.contact_desk) != wanted:
                verb = "unit_created" if unit.pk is None else "unit_changed"
                unit.name, unit.national, unit.contact_desk = wanted
                unit.save()
                drafts.append(_entry(verb, "unit", spec.code, {"national": unit.national}, by_kind, by_ref, at))
        teams = {team.code: team for team in Team.objects.select_for_update()}
        for team_spec in force.teams:
            team = teams.setdefault(team_spec.code, Team(code=team_spec.code))
            home = units[team_spec.unit]
            if team.pk is None or (team.name, team.unit_id) != (team_spec.name, home.pk):
                verb = "team_created" if team.pk is None else "team_changed"
                team.name, team.unit = team_spec.name, home
                team.save()
                drafts.append(_entry(verb, "team", team_spec.code, {"unit": home.code}, by_kind, by_ref, at))
        record(drafts)
    return len(drafts)


def _check_may(by_kind: str, by_ref: str, at: datetime) -> None:
    """Raise NotPermitted unless this is an administrator whose account is in use, or an operator."""
    if by_kind == "operator":
        return
    officer = Officer.objects.filter(sign_in=by_ref).first() if by_kind == "officer" else None
    if officer is None or not officer.may_be_here(at) or not may_administer(Role(officer.role)):
        raise NotPermitted("only an administrator can change accounts, units and teams")


def _check_box(role: Role, valid_until: datetime | None) -> None:
    if role is Role.INSPECTOR and valid_until is None:
        raise IntakeError("an inspector's account needs a date on which it ends")


def _hashed(password: str | None, officer: Officer) -> str:
    """Return the hash of a password that is strong enough. Slow on purpose, so outside every transaction."""
    if password is not None:
        try:
            validate_password(password, officer)
        except ValidationError as fault:
            raise IntakeError(f"password: {' '.join(fault.messages)}") from fault
    return make_password(password)


def _locked(officer: Officer) -> Officer:
    """Return the officer as the store has it, locked, so that the entry says what truly changed."""
    return Officer.objects.select_for_update().get(pk=officer.pk)


def _code(unit: Unit | None) -> str | None:
    return None if unit is None else unit.code


def _day(at: datetime | None) -> str | None:
    return None if at is None else at.date().isoformat()


def _draft(verb: str, officer: Officer, body: Body, by_kind: str, by_ref: str, at: datetime) -> Draft:
    return _entry(verb, "officer", officer.reference, body, by_kind, by_ref, at)


def _entry(verb: str, kind: str, reference: str, body: Body, by_kind: str, by_ref: str, at: datetime) -> Draft:
    return Draft(
        chain=Chain.HISTORY,
        verb=verb,
        actor_kind=by_kind,
        actor_ref=by_ref,
        subject_kind=kind,
        subject_ref=reference,
        at=at,
        body=body,
    )
