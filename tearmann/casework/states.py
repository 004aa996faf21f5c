"""The states of a case and the moves between them: one table, from which the docs draw their diagram.

Quarantined is a payload's state, not a case's; unassessed is a field, not a state.
"""

from __future__ import annotations

from django.db.models import TextChoices


class State(TextChoices):
    RECEIVED = "received", "Received"
    TRIAGED = "triaged", "Triaged"
    ALLOCATED = "allocated", "Allocated"
    DEVELOPING = "developing", "Developing"
    DISSEMINATED = "disseminated", "Disseminated"
    ACTIONED = "actioned", "Actioned"
    TRANSFERRED = "transferred", "Transferred"  # "not ours", with a receipt
    CLOSED = "closed", "Closed"
    WEEDED = "weeded", "Weeded"  # a tombstone


# act -> the states it starts from -> the state it leads to
MOVES: dict[str, tuple[frozenset[State], State]] = {
    "decide": (frozenset({State.RECEIVED}), State.TRIAGED),
    "allocate": (frozenset({State.TRIAGED, State.ALLOCATED, State.DEVELOPING}), State.ALLOCATED),
    "develop": (frozenset({State.ALLOCATED}), State.DEVELOPING),
    "disseminate": (frozenset({State.DEVELOPING}), State.DISSEMINATED),
    "record_outcome": (frozenset({State.DEVELOPING, State.DISSEMINATED}), State.ACTIONED),
    "close": (frozenset({State.TRIAGED, State.DISSEMINATED, State.ACTIONED}), State.CLOSED),
    # A follow-up to a closed case moves it back, so that somebody reads it.
    "follow_up": (frozenset({State.CLOSED}), State.RECEIVED),
}

OPEN = frozenset(State) - {State.TRANSFERRED, State.CLOSED, State.WEEDED}

# Where the next step is ours. What was disseminated or acted on waits for others, in queues of its own.
OURS = (State.RECEIVED, State.TRIAGED, State.ALLOCATED, State.DEVELOPING)
