"""What every page is given: the force, who is looking, what time it is, and where they may go."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from tearmann.casework.permissions import OTHER_ACTS, SIGHT, Sight
from tearmann.people.acts import may_administer
from tearmann.people.models import Officer, Role
from tearmann.web import guard


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One entry of the menu. here: the page on show belongs to it."""

    label: str
    url: str
    here: bool


# Label, name of the URL, the names of the URLs that belong to it, and for whom.
_READERS = frozenset(role for role, (own, _) in SIGHT.items() if own >= Sight.READ)
_RECEIVERS = OTHER_ACTS["receive"]
_SWITCHERS = OTHER_ACTS["propose_switch"] | frozenset(role for role in Role if may_administer(role))
MENU: tuple[tuple[str, str, frozenset[str], frozenset[Role]], ...] = (
    ("Queue", "queue", frozenset({"queue", "case", "sheet"}), _READERS),
    ("Search", "search", frozenset({"search", "search-results"}), _READERS),
    ("New referral", "desk", frozenset({"desk"}), _RECEIVERS),
    ("Upload", "upload", frozenset({"upload"}), _RECEIVERS),
    ("Quarantine", "quarantine", frozenset({"quarantine", "quarantined"}), _RECEIVERS),
    ("People", "people", frozenset({"people", "person", "new-person"}), frozenset({Role.ADMINISTRATOR})),
    ("Teams", "teams", frozenset({"teams", "team"}), _SWITCHERS),
    ("Force profile", "profile", frozenset({"profile"}), frozenset(Role)),
)


def page(request: HttpRequest) -> dict[str, object]:
    """The context of every page, of somebody who is signed in and of nobody."""
    user = getattr(request, "user", None)
    given: dict[str, object] = {"force": guard.force(), "officer": None, "menu": ()}
    if isinstance(user, Officer):
        given |= {"officer": user, "now": guard.doing(request).at, "menu": () if _shut_out(user) else _menu(request)}
    return given


def _shut_out(user: Officer) -> bool:
    return user.must_change_password


def _menu(request: HttpRequest) -> tuple[Place, ...]:
    role = guard.viewer(request).role
    here = request.resolver_match.url_name if request.resolver_match else None
    places = []
    for label, name, belonging, roles in MENU:
        if role is None or role not in roles:
            continue
        try:
            places.append(Place(label=label, url=reverse(name), here=here in belonging))
        except NoReverseMatch:
            continue  # a page that this installation does not have
    return tuple(places)
