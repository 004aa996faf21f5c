"""The desk form: typed in, it is received like any file."""

from __future__ import annotations

import hashlib

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from tearmann.casework import installation
from tearmann.casework.actions.reading import consulted
from tearmann.casework.actions.receive import HowToRead, receive
from tearmann.casework.permissions import check_other
from tearmann.casework.queries.quarantine import sent_by
from tearmann.intake import desk as desk_form
from tearmann.intake.files import File
from tearmann.web import guard
from tearmann.web.forms.desk import DeskForm
from tearmann.web.views.upload import own_unit

NAME = "desk form"  # what the payload's file is called


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def desk(request: HttpRequest) -> HttpResponse:
    """Show the form, or take in what was typed. The same form sent twice is one case."""
    doing = guard.doing(request)
    check_other("receive", doing.by)
    unit = own_unit(request)
    form = DeskForm(request.POST or None, force=doing.force, now=doing.at)
    if not form.is_valid():
        return render(request, "desk.html", {"form": form}, status=422 if form.is_bound else 200)
    body = form.payload()
    receive(
        [File(name=NAME, body=body)],
        doing=doing,
        unit=unit,
        keys=installation.keys(),
        instruments=installation.instruments(),
        how=HowToRead(format=desk_form.FORMAT),
    )
    return redirect("desk-received", hashlib.sha256(body).hexdigest())


@require_GET
def received(request: HttpRequest, sha256: str) -> HttpResponse:
    """Say that a form was received, to whoever typed it, with the case where they may read it."""
    doing = guard.doing(request)
    payload, case = sent_by(doing.by, sha256)
    if case is not None:
        consulted("desk form received", cases=[case.reference], doing=doing)
    return render(request, "desk_received.html", {"payload": payload, "case": case})
