"""Uploading files: they are received like those of the command, and every fault is told at once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.exceptions import RequestDataTooBig, TooManyFilesSent
from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from tearmann.casework import installation
from tearmann.casework.actions.receive import Receipt, receive
from tearmann.casework.actions.store import Outcome
from tearmann.casework.permissions import check_other
from tearmann.errors import NotPermitted
from tearmann.intake.files import File
from tearmann.intake.words_only import MEDIA_REMEDY
from tearmann.people.models import Unit
from tearmann.web import guard
from tearmann.web.forms.upload import LIMIT, MOST_FILES, UploadForm

OUTCOMES: tuple[tuple[Outcome, str], ...] = (
    (Outcome.RECEIVED, "received"),
    (Outcome.UPDATED, "added to what was there"),
    (Outcome.RESENT, "sent before, so not kept twice"),
    (Outcome.QUARANTINED, "could not be taken in"),
)


def own_unit(request: HttpRequest) -> Unit:
    """The unit for which this officer receives. Raises NotPermitted where the account has none."""
    unit = guard.officer(request).unit
    if unit is None:
        raise NotPermitted("your account belongs to no unit, so nothing can be received for it; ask an administrator")
    return unit


@csrf_exempt  # looked at before a byte of the body is read, which a CSRF check would do; _take_in checks
@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """Show the form, or take in the files that were sent."""
    check_other("receive", guard.viewer(request))
    own_unit(request)
    if request.method == "POST" and _length(request) > LIMIT:
        return _refused(request, f"This is more than {LIMIT >> 20} MB: send less at a time", status=413)
    try:
        return _take_in(request)
    except TooManyFilesSent:
        return _refused(request, f"These are more than {MOST_FILES} files: send fewer at a time", status=413)
    except (MultiPartParserError, RequestDataTooBig):
        return _refused(request, "The upload broke off or is not what a form sends: send it again", status=400)


@csrf_protect
def _take_in(request: HttpRequest) -> HttpResponse:
    doing = guard.doing(request)
    today = doing.force.local_date(doing.at)
    if request.method != "POST":
        return render(request, "upload.html", {"form": UploadForm(force=doing.force, today=today)})
    form = UploadForm(request.POST, request.FILES, force=doing.force, today=today)
    if not form.is_valid():
        return render(request, "upload.html", {"form": form}, status=422)
    sent: list[UploadedFile[Any]] = form.cleaned_data["sent"]
    try:
        receipt = receive(
            _files(sent),
            doing=doing,
            unit=own_unit(request),
            keys=installation.keys(),
            instruments=installation.instruments(),
            how=form.how(),
        )
    finally:
        for one in sent:
            one.close()  # which removes the temporary file of a large one
    return render(request, "uploaded.html", _told(receipt, len(sent)), status=422 if receipt.faults else 200)


def _files(sent: list[UploadedFile[Any]]) -> Iterator[File]:
    """The files where they lie: a large one on disk, a small one in memory."""
    for one in sent:
        name = one.name or "a file without a name"
        if isinstance(one, TemporaryUploadedFile):
            one.flush()
            yield File(name=name, path=Path(one.temporary_file_path()))
        else:
            yield File(name=name, body=one.read())


def _told(receipt: Receipt, how_many: int) -> dict[str, object]:
    """What the sender is told: counts and faults, and of no case which."""
    return {
        "how_many": how_many,
        "counts": [(receipt.counts[outcome], words) for outcome, words in OUTCOMES],
        "faults": receipt.faults,
        "media": any(one.fault.remedy == MEDIA_REMEDY for one in receipt.faults),
        "failed": bool(receipt.faults),
    }


def _length(request: HttpRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def _refused(request: HttpRequest, says: str, *, status: int) -> HttpResponse:
    """Answer with the empty form and what was wrong; nothing of the body is looked at."""
    doing = guard.doing(request)
    form = UploadForm({}, force=doing.force, today=doing.force.local_date(doing.at))
    form.errors.clear()
    form.add_error("sent", says)
    return render(request, "upload.html", {"form": form}, status=status)
