"""Reference lists: loaded and withdrawn by an operator's command. Nothing is ever matched but on the record."""

from __future__ import annotations

from pathlib import Path

from tearmann.casework.doing import Doing, act
from tearmann.casework.entries import event, processing
from tearmann.casework.models import ListVersion
from tearmann.casework.permissions import check_other
from tearmann.errors import NotFound, WrongState
from tearmann.ledger.chain import record
from tearmann.ledger.models import Text
from tearmann.lists import Segment, SegmentInfo, open_segment


@act
def load_list(info: SegmentInfo, *, doing: Doing) -> ListVersion:
    """Put a built segment in force under its name; the version before it is withdrawn."""
    check_other("load_list", doing.by)
    if ListVersion.objects.filter(name=info.name, version=info.version).exists():
        raise WrongState(f"list '{info.name}' {info.version} was loaded before; give this one another version")
    entries = sum(file.rows for file in info.files)
    ListVersion.objects.filter(name=info.name, withdrawn_at__isnull=True).update(withdrawn_at=doing.at)
    version = ListVersion.objects.create(
        name=info.name,
        version=info.version,
        segment=info.directory.name,
        digests={file.kind.value: file.sha256 for file in info.files},
        entries=entries,
        loaded_at=doing.at,
        loaded_by=doing.by.reference,
    )
    record([
        event("list_loaded", "list", info.name, doing, version=info.version, entries=entries),
        processing("rule_change", "lists load", doing, list=info.name, version=info.version),
    ])  # fmt: skip
    return version


@act
def withdraw_list(name: str, *, doing: Doing, reason: str) -> None:
    """Take a list out of force. Hits that were found with it stay, and say which version found them."""
    check_other("withdraw_list", doing.by)
    if not ListVersion.objects.filter(name=name, withdrawn_at__isnull=True).update(withdrawn_at=doing.at):
        raise NotFound(f"no list '{name}' is in force; see tearmann lists show")
    record([
        event("list_withdrawn", "list", name, doing, why=Text.write(reference=f"list {name}", body=reason).digest),
        processing("rule_change", "lists withdraw", doing, list=name),
    ])  # fmt: skip


@act
def match_hashes(*, asked: int, found: int, doing: Doing) -> None:
    """Record that an operator matched hashes of their own against the lists. Nobody else may."""
    check_other("match_hashes", doing.by)
    record([processing("consultation", "lists match", doing, hashes=asked, found=found)])


def open_lists(directory: Path) -> dict[int, tuple[Segment, ...]]:
    """Open the segments of the lists in force, by their version's key."""
    in_force = ListVersion.objects.filter(withdrawn_at__isnull=True).order_by("name")
    return {
        version.pk: tuple(
            open_segment(directory / version.segment / f"{kind}.segment", sha256=digest)
            for kind, digest in sorted(version.digests.items())
        )
        for version in in_force
    }
