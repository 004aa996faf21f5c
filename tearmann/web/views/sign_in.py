"""Signing in and out, and changing one's password."""

from __future__ import annotations

from django.conf import settings
from django.contrib import auth, messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from tearmann.errors import IntakeError
from tearmann.people import acts
from tearmann.people.models import Officer
from tearmann.people.sign_in import FAILURES_IN_A_ROW, LOCKED_FOR
from tearmann.web import guard
from tearmann.web.forms.sign_in import PasswordForm, SignInForm
from tearmann.web.templatetags.pages import when

# One answer for a name that nobody has, a wrong password, a lock and an ended account: it betrays no account.
NOT_SIGNED_IN = (
    "You are not signed in: the name and password do not belong together, or the account is locked or has ended. "
    f"After {FAILURES_IN_A_ROW} wrong passwords in a row an account is locked for "
    f"{int(LOCKED_FOR.total_seconds()) // 60} minutes; an administrator can lift that."
)


@login_not_required
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask who somebody is; tell them when they were last here."""
    if isinstance(request.user, Officer):
        return redirect(_onward(request))
    form = SignInForm(request.POST or None)
    if form.is_valid():
        given = form.cleaned_data
        found = auth.authenticate(request, username=given["sign_in"], password=given["password"])
        if isinstance(found, Officer):
            before = found.last_login
            auth.login(request, found)
            messages.info(
                request, f"You last signed in on {when(before)}." if before else "This is your first sign-in."
            )
            return redirect(_onward(request))
        form.add_error(None, NOT_SIGNED_IN)
    status = 422 if form.is_bound else 200
    return render(request, "sign_in.html", {"form": form, "next": _next(request)}, status=status)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    auth.logout(request)
    return redirect(settings.LOGOUT_REDIRECT_URL)


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """Let an officer choose another password. Every other open session of theirs ends."""
    officer = guard.officer(request)
    form = PasswordForm(request.POST or None)
    if form.is_valid() and not officer.check_password(form.cleaned_data["current"]):
        form.add_error("current", "This is not your present password")
    if form.is_valid():
        try:
            acts.choose_password(officer, password=form.cleaned_data["new"], at=guard.now())
        except IntakeError as fault:
            form.add_error("new", str(fault).removeprefix("password: ").capitalize())
        else:
            auth.update_session_auth_hash(request, officer)
            messages.success(request, "Your password is changed.")
            return redirect("queue")
    status = 422 if form.is_bound else 200
    return render(request, "password.html", {"form": form, "must": officer.must_change_password}, status=status)


def _next(request: HttpRequest) -> str:
    """Where somebody wanted to go before they were asked to sign in, if it is one of our pages; else nothing."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if safe else ""


def _onward(request: HttpRequest) -> str:
    return _next(request) or reverse(settings.LOGIN_REDIRECT_URL)
