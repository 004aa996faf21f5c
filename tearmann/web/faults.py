"""Errors raised on purpose become answers here, and nowhere else."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tearmann.errors import Conflict, NotFound, NotPermitted, TearmannError, WrongState

# What does not exist and what does not exist for this viewer are one page, which says nothing of why.
ANSWERS: dict[type[TearmannError], tuple[int, str]] = {
    NotFound: (404, "404.html"),
    NotPermitted: (403, "403.html"),
    WrongState: (409, "409.html"),
    Conflict: (409, "409.html"),
}


class Faults:
    """Turns an error that rose out of a view into its page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, fault: Exception) -> HttpResponse | None:
        for kind, (status, page) in ANSWERS.items():
            if isinstance(fault, kind):
                # Our own messages say what was found and what would do, and quote nobody's data.
                says = "" if status == 404 else str(fault)
                return render(request, page, {"says": says}, status=status)
        return None
