"""A force's own settings: the only reader of profiles/<force>/*.toml.

`load` gives a `Force`; everybody else is given what it returns. A value has a source or is unset, and *unset* is
said, never filled in: a clock without an amount is a rule without a due time, a vocabulary may have no terms, an
age of criminal responsibility may be None.
"""

from tearmann.profile.ages import AgeKind, AgeRule
from tearmann.profile.calendar import CalendarDay, WorkingCalendar
from tearmann.profile.clocks import ClockFact, ClockPer, ClockRule, ClockUnit, Meaning, due
from tearmann.profile.description import UNSET, Described, describe
from tearmann.profile.force import Force
from tearmann.profile.loading import load, shipped
from tearmann.profile.sources import Source, Standing
from tearmann.profile.units import StatedFact, TeamSpec, UnitKind, UnitSpec
from tearmann.profile.vocabularies import Term, Vocabulary

__all__ = [
    "UNSET",
    "AgeKind",
    "AgeRule",
    "CalendarDay",
    "ClockFact",
    "ClockPer",
    "ClockRule",
    "ClockUnit",
    "Described",
    "Force",
    "Meaning",
    "Source",
    "Standing",
    "StatedFact",
    "TeamSpec",
    "Term",
    "UnitKind",
    "UnitSpec",
    "Vocabulary",
    "WorkingCalendar",
    "describe",
    "due",
    "load",
    "shipped",
]
