"""Search: what somebody typed, the cases that it names, and an entry in the processing log."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from tearmann import identifiers
from tearmann.casework.actions import reading
from tearmann.casework.queries.search import SHOWN_AT_MOST
from tearmann.casework.queries.search import search as find
from tearmann.web import guard
from tearmann.web.forms.case import SearchForm


# What is searched for is a person's data. In an address it would reach access logs, the browser's history and the
# next page's referrer; so it travels in the body of a POST, the answer holds the results, and nothing redirects.
@sensitive_post_parameters("q")
@require_http_methods(["GET", "POST"])
def search(request: HttpRequest) -> HttpResponse:
    """Ask what to look for; answer with what exists for this viewer."""
    form = SearchForm(request.POST or None)
    if not form.is_valid():
        return render(request, "search.html", {"form": form}, status=422 if form.is_bound else 200)
    doing = guard.doing(request)
    typed = form.cleaned_data["q"]
    result = find(doing.by, typed, region=doing.force.region)
    shown = [found.case.reference for found in result.found]
    reading.searched(typed, result.candidates, cases=shown, doing=doing)
    taken_for = [identifiers.KINDS[kind].label for kind, _ in result.candidates if kind != "other"]
    return render(
        request,
        "search.html",
        {"form": form, "result": result, "taken_for": taken_for, "at_most": SHOWN_AT_MOST},
    )
