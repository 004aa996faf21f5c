"""Reference lists: what a referral's hashes are matched against, exactly.

`read` makes rows of a list that somebody sent; `build` makes immutable segment files of the rows; `match` finds a
referral's hashes in open segments. A list's own code is carried and never translated.
"""

from __future__ import annotations

from tearmann.lists.match import match
from tearmann.lists.read import FORMATS, read, read_csv, read_ncmec, read_text
from tearmann.lists.segments import (
    ListRow,
    Segment,
    SegmentFile,
    SegmentInfo,
    build,
    open_list,
    open_segment,
)

__all__ = [
    "FORMATS",
    "ListRow",
    "Segment",
    "SegmentFile",
    "SegmentInfo",
    "build",
    "match",
    "open_list",
    "open_segment",
    "read",
    "read_csv",
    "read_ncmec",
    "read_text",
]
