from __future__ import annotations

from django import forms


class SignInForm(forms.Form):
    """Who somebody is. Paste and password managers work; there is no puzzle."""

    sign_in = forms.CharField(
        label="Sign-in name",
        help_text="For example your collar number",
        max_length=64,
        widget=forms.TextInput(attrs={"autocomplete": "username", "spellcheck": "false", "autocapitalize": "none"}),
        error_messages={"required": "Enter your sign-in name"},
    )
    password = forms.CharField(
        label="Password",
        strip=False,
        max_length=1024,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": "Enter your password"},
    )


class PasswordForm(forms.Form):
    """A new password, with the present one, so that an unlocked screen is not enough to take an account."""

    current = forms.CharField(
        label="Present password",
        strip=False,
        max_length=1024,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": "Enter the password that you have now"},
    )
    new = forms.CharField(
        label="New password",
        help_text="At least 12 characters, and not your name. Three words that do not belong together are good.",
        strip=False,
        max_length=1024,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": "Enter a new password"},
    )
    again = forms.CharField(
        label="New password again",
        strip=False,
        max_length=1024,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": "Enter the new password a second time"},
    )

    def clean(self) -> dict[str, object]:
        given = super().clean() or {}
        if "new" in given and "again" in given and given["new"] != given["again"]:
            self.add_error("again", "The two new passwords differ; enter the same one twice")
        return given
