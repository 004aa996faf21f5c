"""Search: what somebody typed, the cases that it names, and an entry in the processing log."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from tearmann import identifiers
from tearmann.casework.actions import reading
from tearmann.casework.queries import search as queries
from tearmann.errors import NotFound
from tearmann.identifiers import IdentifierKind
from tearmann.ledger.models import Text
from tearmann.web import guard
from tearmann.web.forms.case import SearchForm

_MINE = "searches"  # in the session: the digests of this officer's last searches, and nothing of what was typed
REMEMBERED = 20


# What is searched for is a person's data. In an address it would reach access logs, the browser's history and the
# next page's referrer, so it travels in the body of a POST. The answer to a POST cannot be gone back to from a case,
# so the results are a page of their own, whose address carries only the salted digest under which the ledger keeps
# what was typed: it says nothing, it opens for this session alone, and it ends when the text is erased.
@sensitive_post_parameters("q")
@require_http_methods(["GET", "POST"])
def search(request: HttpRequest) -> HttpResponse:
    """Ask what to look for; look, record it, and lead on to what was found."""
    form = SearchForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return render(request, "search.html", {"form": form}, status=422 if form.is_bound else 200)
    doing = guard.doing(request)
    typed = form.cleaned_data["q"]
    result = queries.search(doing.by, typed, region=doing.force.region)
    shown = [found.case.reference for found in result.found]
    digest = reading.searched(typed, result.candidates, cases=shown, doing=doing)
    request.session[_MINE] = [digest, *request.session.get(_MINE, ())][:REMEMBERED]
    return redirect("search-results", digest)


@require_safe
def results(request: HttpRequest, digest: str) -> HttpResponse:
    """What one of this officer's own searches finds now."""
    doing = guard.doing(request)
    said = Text.objects.filter(digest=digest).first() if digest in request.session.get(_MINE, ()) else None
    if said is None or said.body is None:
        raise NotFound("no such search")
    result = queries.search(doing.by, said.body, region=doing.force.region)
    reading.consulted("search results", cases=[found.case.reference for found in result.found], doing=doing)
    return render(
        request,
        "search.html",
        {
            "form": SearchForm(initial={"q": said.body}),
            "result": result,
            "taken_for": [
                identifiers.KINDS[kind].label for kind, _ in result.candidates if kind is not IdentifierKind.OTHER
            ],
            "at_most": queries.SHOWN_AT_MOST,
        },
    )
