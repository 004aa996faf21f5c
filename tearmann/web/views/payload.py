"""Opening the sealed payload of a case: for a reason, on the record, as plain text and nothing else."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from tearmann.casework import installation
from tearmann.casework.actions.reading import consulted, open_payload
from tearmann.casework.locked import standing_of
from tearmann.casework.models import StoredReferral
from tearmann.casework.permissions import check
from tearmann.errors import NotFound
from tearmann.web import guard
from tearmann.web.forms.payload import OpenForm


@require_http_methods(["GET", "POST"])
def payload(request: HttpRequest, reference: str, sha256: str) -> HttpResponse:
    """Ask for the reason; then hand the bytes over as a file that no browser shows or runs."""
    doing = guard.doing(request)
    case = guard.case_or_404(request, reference)
    check("open_payload", doing.by, standing_of(case, doing.by))
    stored = StoredReferral.objects.filter(case=case, payload__sha256=sha256).select_related("payload")
    held = stored.defer("content", "payload__body", "payload__nonce").first()
    if held is None:
        raise NotFound("the case has no such payload")
    form = OpenForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        consulted("payload", cases=[case.reference], doing=doing)
        shown = {"case": case, "payload": held.payload, "form": form}
        return render(request, "payload.html", shown, status=422 if form.is_bound else 200)
    plain = open_payload(
        case, sha256=sha256, sealer=installation.keys().sealer, doing=doing, reason=form.cleaned_data["reason"]
    )
    answer = HttpResponse(plain, content_type=f"text/plain{_charset(plain)}")
    answer["Content-Disposition"] = f'attachment; filename="{case.reference}-{sha256[:12]}.txt"'
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "no-store"
    return answer


def _charset(plain: bytes) -> str:
    """Name the character set only where the bytes are of it: they are handed over as they came."""
    try:
        plain.decode("utf-8")
    except UnicodeDecodeError:
        return ""
    return "; charset=utf-8"
