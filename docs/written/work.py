"""states.md, permissions.md, policy.md: what is done with a case, by whom, and in what order."""

from __future__ import annotations

from docs.written.markdown import code, codes, fenced, page, table, yes
from tearmann.casework.permissions import ACROSS_UNITS, CASE_ACTS, OTHER_ACTS, SIGHT, Sight
from tearmann.casework.states import MOVES, OPEN, OURS, State
from tearmann.people.models import Role
from tearmann.triage import policy
from tearmann.triage.explain import describe
from tearmann.triage.quality import WANTED

SIGHTS = {Sight.NOTHING: "nothing", Sight.STUB: "a stub", Sight.READ: "read"}


def states() -> str:
    """Return the page of the states, with a diagram drawn from the moves."""
    drawn = ["stateDiagram-v2", f"    [*] --> {State.RECEIVED}"]
    for name, (starts, end) in MOVES.items():
        drawn += [f"    {start} --> {end}: {name}" for start in State if start in starts]
    reached = {State.RECEIVED} | {end for _, end in MOVES.values()}
    rows = [
        [
            code(state),
            state.label,
            yes(state in OPEN),
            yes(state in OURS),
            "" if state in reached else "no act leads here yet",
        ]
        for state in State
    ]
    return page(
        "States",
        "A case moves by an act of a person, with a reason, and by nothing else, except that a follow-up to a closed "
        "case moves it back to *received*, so that somebody reads it. *Quarantined* is a payload's state, not a "
        "case's; *unassessed* is a field, not a state: assessing never moves a case.",
        fenced("\n".join(drawn), "mermaid"),
        table(["state", "on pages", "open", "the next step is ours", ""], rows),
        "## The moves",
        table(
            ["act", "from", "to"],
            ([code(name), codes(s for s in State if s in starts), code(end)] for name, (starts, end) in MOVES.items()),
        ),
    )


def permissions() -> str:
    """Return the page of the permission matrix."""
    roles = list(Role)
    return page(
        "Permissions",
        "What is not written here is refused. Every list, search, page and command starts from what the viewer may "
        "see. The operator of a command, who holds the store, sees and may do everything, and is logged.",
        "## What a role sees of a case",
        "A *stub* is reference, unit, state and contact desk. A restricted case is read by its named readers, "
        "whatever their unit, and is nothing at all to everybody else of every role.",
        table(
            ["role", "own unit's case", "another unit's case"],
            ([role.label, SIGHTS[SIGHT[role][0]], SIGHTS[SIGHT[role][1]]] for role in roles),
        ),
        "## What a role may do to a case",
        "To a case that it may read, of its own unit or on which it is a named reader; acts marked * also on another "
        "unit's case, by office. The case's [state](states.md) has to allow it too.",
        table(
            ["act", *(role.label for role in roles)],
            (
                [code(name) + ("*" if name in ACROSS_UNITS else ""), *(yes(role in may) for role in roles)]
                for name, may in CASE_ACTS.items()
            ),
        ),
        "## Acts that are about no one case",
        "Where nobody has a *yes*, it is an operator's command.",
        table(
            ["act", *(role.label for role in roles)],
            ([code(name), *(yes(role in may) for role in roles)] for name, may in OTHER_ACTS.items()),
        ),
        "Accounts, units of officers and roles are an administrator's; an administrator sees no case.",
    )


def policy_page() -> str:
    """Return the page of the shipped triage policy, in words."""
    shipped = policy.load()
    rows = describe(shipped)
    return page(
        f"The triage policy {shipped.version}",
        f"{shipped.note} Source: {shipped.source}.",
        f"Digest (SHA-256 of the file): `{shipped.digest}`. A force copies the file, gives it a version of its own and "
        "approves it: `tearmann triage approve`.",
        "## Escalations",
        "Each goes straight to *immediate* and needs no score. They stand in the queue in shadow mode too.",
        table(
            ["name", "when", "the reason says"], ([code(r.name), r.when, r.reason] for r in rows if r.points is None)
        ),
        "## Rules",
        "Points are added, never subtracted. A rule of 0 points only explains.",
        table(
            ["name", "when", "points", "the reason says"],
            ([code(r.name), r.when, str(r.points), r.reason] for r in rows if r.points is not None),
        ),
        "## Bands",
        table(["band", "begins at"], ([code(band), f"{points} points"] for band, points in shipped.bands)),
        "## Quality",
        "The share of these that the sender filled in. It orders nothing.",
        "\n".join(f"- {WANTED[name].words}" for name in shipped.quality),
    )
