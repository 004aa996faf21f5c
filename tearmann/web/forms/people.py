"""Accounts, as an administrator makes and changes them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django import forms

from tearmann.people.models import Officer, Role, Team, Unit
from tearmann.profile import Force
from tearmann.web.forms.boxes import SmallTicks, day, one_line, select

# What can stand in an address and be told over the phone.
_SIGN_IN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]*")
_TAKEN_BY_PAGES = frozenset({"new"})

_LAST_DAY = "An inspector always has one. Whoever else: only if the account is to end by itself."


def end_of(last_day: date | None, force: Force) -> datetime | None:
    """The moment from which an account is over: the end of its last day, where the force is."""
    if last_day is None:
        return None
    return datetime.combine(last_day + timedelta(days=1), time(), tzinfo=force.calendar.zone).astimezone(UTC)


def last_day_of(valid_until: datetime | None, force: Force) -> date | None:
    """The last day on which an account can be used."""
    return None if valid_until is None else force.local_date(valid_until - timedelta(microseconds=1))


class _Dated(forms.Form):
    """A form that asks for the last day of an account."""

    def __init__(self, *args: Any, force: Force, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._force, self._today = force, today

    def clean_last_day(self) -> date | None:
        last_day: date | None = self.cleaned_data["last_day"]
        if last_day is not None and last_day < self._today:
            raise forms.ValidationError("The last day has passed already")
        return last_day

    def valid_until(self) -> datetime | None:
        return end_of(self.cleaned_data["last_day"], self._force)

    def _check_inspector(self, role: str | None) -> None:
        if role == Role.INSPECTOR and not self.cleaned_data.get("last_day") and "last_day" not in self.errors:
            self.add_error("last_day", "An inspector’s account needs a last day")


class RoleForm(_Dated):
    role = select("Role", Role.choices, required=True)
    last_day = day("Last day of the account", help_text=_LAST_DAY)

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or {}
        self._check_inspector(typed.get("role"))
        return typed


class ReactivateForm(_Dated):
    last_day = day("Last day of the account", help_text=_LAST_DAY)

    def __init__(self, *args: Any, officer: Officer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._officer = officer

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or {}
        self._check_inspector(self._officer.role)
        return typed


class UnitForm(forms.Form):
    unit = forms.ModelChoiceField(
        label="Unit",
        queryset=Unit.objects.all(),
        required=False,
        empty_label="No unit",
        to_field_name="code",
        help_text="Moving to another unit takes the officer out of the old unit’s teams.",
    )


class TeamsForm(forms.Form):
    teams = forms.ModelMultipleChoiceField(
        label="Teams", queryset=Team.objects.none(), required=False, to_field_name="code", widget=SmallTicks
    )

    def __init__(self, *args: Any, unit: Unit | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        teams = self.fields["teams"]
        assert isinstance(teams, forms.ModelMultipleChoiceField)
        teams.queryset = Team.objects.filter(unit=unit)


class NewOfficerForm(_Dated):
    sign_in = one_line(
        "Sign-in name",
        longest=64,
        required=True,
        help_text="Such as the collar number. It never changes.",
        error_messages={"required": "Write the sign-in name"},
    )
    name = one_line("Name", required=True, error_messages={"required": "Write the name"})
    role = select(
        "Role", [("", "Choose a role"), *Role.choices], required=True, error_messages={"required": "Choose a role"}
    )
    unit = forms.ModelChoiceField(
        label="Unit", queryset=Unit.objects.all(), required=False, empty_label="No unit", to_field_name="code"
    )
    teams = forms.ModelMultipleChoiceField(
        label="Teams",
        queryset=Team.objects.select_related("unit"),
        required=False,
        to_field_name="code",
        widget=SmallTicks,
        help_text="Of the unit that you chose.",
    )
    last_day = day("Last day of the account", help_text=_LAST_DAY)

    def clean_sign_in(self) -> str:
        sign_in: str = self.cleaned_data["sign_in"].strip()
        if not _SIGN_IN.fullmatch(sign_in) or sign_in.lower() in _TAKEN_BY_PAGES:
            raise forms.ValidationError(
                "A sign-in name has letters, digits and . _ @ - and begins with a letter or digit"
            )
        return sign_in

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or {}
        self._check_inspector(typed.get("role"))
        unit: Unit | None = typed.get("unit")
        strangers = [team for team in typed.get("teams") or () if unit is None or team.unit_id != unit.pk]
        if strangers:
            self.add_error("teams", "Choose teams of the officer’s unit only")
        needs_unit = {Role.DESK_OFFICER, Role.SUPERVISOR, Role.ANALYST, Role.LEADER}
        if typed.get("role") in needs_unit and unit is None and "unit" not in self.errors:
            self.add_error("unit", "Choose a unit: without one this role sees nothing")
        return typed
