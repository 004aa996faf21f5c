"""The guard of every page: who is looking, when and under which profile, and which case exists for them.

This is the edge. Nothing else in `web` reads the clock, the profile or the session's officer.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.cache import patch_cache_control

from tearmann.casework import installation
from tearmann.casework.actions import reading
from tearmann.casework.doing import Actor, Doing
from tearmann.casework.models import Case
from tearmann.casework.permissions import Sight
from tearmann.casework.queries.visible import case_for
from tearmann.casework.reference import parse
from tearmann.errors import NotFound
from tearmann.people.models import Officer
from tearmann.profile import Force

_DOING = "tearmann.doing"

# Where somebody whose password is to be changed may still go: that page, and out.
OPEN_TO_ALL = frozenset({"password", "sign-in", "sign-out"})


def now() -> datetime:
    """The time, aware, UTC. Tests fix it here."""
    return timezone.now()


def force() -> Force:
    """The profile that this installation works under."""
    return installation.force()


def officer(request: HttpRequest) -> Officer:
    """The officer who is signed in. Every page needs one unless it says @login_not_required."""
    if not isinstance(request.user, Officer):
        raise NotFound("nobody is signed in")
    return request.user


def doing(request: HttpRequest) -> Doing:
    """Who does what this request asks for, at one time for all of it, under the force's profile."""
    held = request.META.get(_DOING)
    if not isinstance(held, Doing):
        held = Doing(by=Actor.of(officer(request)), at=now(), force=force())
        request.META[_DOING] = held
    return held


def viewer(request: HttpRequest) -> Actor:
    """Who is looking."""
    return doing(request).by


def case_or_404(request: HttpRequest, reference: str, *, at_least: Sight = Sight.READ) -> Case:
    """The case of a reference as it was typed, in any case and with hyphens.

    Raises NotFound where there is none for this viewer, and where it is a restricted one its readers are told.
    """
    tidy = parse(reference) or ""  # what cannot be a reference is answered, and logged, like one that is nobody's
    try:
        return case_for(viewer(request), tidy, at_least=at_least)
    except NotFound:
        reading.knocked(tidy, doing=doing(request))
        raise


class EveryPage:
    """What holds for every page: it is kept by no cache, and a password that must be changed is changed first."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self._get_response(request)
        # A shared workstation must not show the last officer's pages by its back button.
        patch_cache_control(response, no_store=True, private=True)
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponseBase], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        here = request.resolver_match.url_name if request.resolver_match else None
        if here in OPEN_TO_ALL or not isinstance(request.user, Officer) or not request.user.must_change_password:
            return None
        return redirect("password")
