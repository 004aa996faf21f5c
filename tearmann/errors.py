"""Every error that Tearmann raises on purpose, with the exit code a command ends with.

TearmannError            1
├── IntakeError          3   a file, row or form that cannot be read
│   └── MediaRefused     3   it carries media; Tearmann keeps words, metadata and hashes only
├── IdentifierError      3   a value that its kind of identifier does not allow
├── ProfileError         4   a force profile that is wrong
├── PolicyError          4   a triage policy that is wrong
├── ListError            4   a reference list that is wrong
├── SettingError         4   a TEARMANN_ setting that is wrong
├── NotFound             5   no such thing, or not for this viewer: the two are told alike
├── NotPermitted         6   it is there, and this person may see but not do it
├── WrongState           7   the case is where this act cannot be done
├── Conflict             8   somebody else changed it in between
├── LedgerBroken         9   a log is not whole
└── MissingExtra        10   an optional part of the installation is absent

A message says what was found, where, and what would do. It never quotes a person's data.
"""

from __future__ import annotations


class TearmannError(Exception):
    """The root: something that Tearmann foresaw."""

    exit_code = 1


class IntakeError(TearmannError):
    exit_code = 3


class MediaRefused(IntakeError):
    pass


class IdentifierError(TearmannError):
    exit_code = 3


class ProfileError(TearmannError):
    exit_code = 4


class PolicyError(TearmannError):
    exit_code = 4


class ListError(TearmannError):
    exit_code = 4


class SettingError(TearmannError):
    exit_code = 4


class NotFound(TearmannError):
    exit_code = 5


class NotPermitted(TearmannError):
    exit_code = 6


class WrongState(TearmannError):
    exit_code = 7


class Conflict(TearmannError):
    exit_code = 8


class LedgerBroken(TearmannError):
    exit_code = 9


class MissingExtra(TearmannError):
    exit_code = 10
