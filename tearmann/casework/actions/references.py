"""External references: the numbers under which other systems of record hold a case."""

from __future__ import annotations

from tearmann.casework.doing import Doing, act
from tearmann.casework.entries import history
from tearmann.casework.locked import locked
from tearmann.casework.models import Case, StoredReference
from tearmann.casework.permissions import check
from tearmann.ledger.chain import record


@act
def add_reference(case: Case, *, kind: str, value: str, doing: Doing) -> None:
    """Keep a typed reference to another system. kind: a code of the profile's vocabulary."""
    case, standing = locked(case, doing.by)
    check("add_reference", doing.by, standing)
    doing.force.vocabulary("reference_kinds").check(kind, doing.force.local_date(doing.at))
    StoredReference.objects.create(case=case, kind=kind, value=value.strip(), place=f"added by {doing.by.reference}")
    case.changed_at, case.version = doing.at, case.version + 1
    case.save(update_fields=["changed_at", "version"])
    record([history("reference_added", case.reference, doing, kind=kind)])
