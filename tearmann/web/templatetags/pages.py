"""What the templates can say: times as an officer reads them, references read aloud, form fields in GOV.UK's markup.

Inside every time is UTC; here, and only here, it becomes the force's own.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django import template
from django.forms import (
    BoundField,
    CheckboxInput,
    CheckboxSelectMultiple,
    ClearableFileInput,
    FileInput,
    Form,
    RadioSelect,
    Select,
    Textarea,
)
from django.template import Context

from tearmann.web import guard
from tearmann.web.words import Tag, count_words, grouped

register = template.Library()

_HIDDEN = "govuk-visually-hidden"


# ------------------------------------------------------------------------------------------------ times


@register.filter
def when(at: datetime | None) -> str:
    """A time as "2 November 2026, 14:05" in the force's zone."""
    if at is None:
        return ""
    local = at.astimezone(guard.force().calendar.zone)
    return f"{local.day} {local:%B %Y, %H:%M}"


@register.filter
def day(at: datetime | None) -> str:
    """A time as its date in the force's zone: "2 November 2026"."""
    if at is None:
        return ""
    local = at.astimezone(guard.force().calendar.zone)
    return f"{local.day} {local:%B %Y}"


@register.filter
def age(at: datetime | None, now: datetime) -> str:
    """How long ago, in one unit: "3 days". The unit below is dropped, never rounded up."""
    return "" if at is None else span(now - at)


@register.filter
def until(at: datetime | None, now: datetime) -> str:
    """How long until then: "2 days", or "past"."""
    if at is None:
        return ""
    return "past" if at <= now else span(at - now)


def span(length: timedelta) -> str:
    """A length of time in its largest whole unit."""
    seconds = max(0, int(length.total_seconds()))
    for unit, size in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds >= size:
            return count_words(seconds // size, unit)
    return "less than a minute"


# ------------------------------------------------------------------------------------------------ words


@register.filter
def spoken(reference: str) -> str:
    """A case's reference in groups of three, as it is read aloud: 4T7-QK2-M9X-R5."""
    return grouped(reference)


@register.filter
def counted(number: int, noun: str) -> str:
    """A number and its noun: "1 child" by "child,children", "3 cases" by "case"."""
    one, _, many = noun.partition(",")
    return count_words(number, one, many or None)


@register.filter
def percent(share: float) -> str:
    return f"{share:.0%}"


@register.filter
def spaced(code: str) -> str:
    """A code of ours as words: "ip_event" becomes "ip event"."""
    return code.replace("_", " ").replace("-", " ")


@register.inclusion_tag("components/tag.html")
def tag(shown: Tag) -> dict[str, object]:
    """One tag: {% tag row.priority %}."""
    return {"tag": shown}


# ------------------------------------------------------------------------------------------------ forms


@register.inclusion_tag("components/error_summary.html")
def error_summary(form: Form) -> dict[str, object]:
    """The list of what is wrong with a form, each linked to its field. Nothing where nothing is."""
    faults: list[tuple[str | None, object]] = []
    if form.is_bound:
        faults += [(None, fault) for fault in form.non_field_errors()]
        for bound in form:
            faults += [(bound.auto_id, fault) for fault in bound.errors]
    return {"faults": faults}


@register.inclusion_tag("components/field.html", takes_context=True)
def field(
    context: Context, bound: BoundField, size: str = "", heading: bool = False, bare: bool = False
) -> dict[str, object]:
    """One field with label, hint and error: {% field form.reason %}.

    size: a class for the box, such as "govuk-input--width-10". heading: the label is the page's only heading.
    bare: do not say that it is optional, as in a filter, where everything is.
    """
    widget = bound.field.widget
    kind, css = _kind(bound)
    described = [f"{bound.auto_id}-hint"] if bound.help_text else []
    described += [f"{bound.auto_id}-error"] if bound.errors else []
    attrs: dict[str, str | bool] = {"class": " ".join(part for part in (css, size) if part)}
    if bound.errors and css:
        attrs["class"] = f"{attrs['class']} {css.split()[0]}--error"
    if described:
        attrs["aria-describedby"] = " ".join(described)
    grouped_choices = kind in ("radios", "checkboxes")
    return {
        "bound": bound,
        "kind": kind,
        "heading": heading,
        "options": _options(bound) if grouped_choices else (),
        "control": "" if grouped_choices else bound.as_widget(attrs=attrs),
        "small": getattr(widget, "small", False),
        "described": " ".join(described),
        "optional": not (bound.field.required or bare or kind == "checkbox"),
    }


def _kind(bound: BoundField) -> tuple[str, str]:
    """How a field is drawn, and the class of its box."""
    widget = bound.field.widget
    if isinstance(widget, CheckboxSelectMultiple):
        return "checkboxes", ""
    if isinstance(widget, RadioSelect):
        return "radios", ""
    if isinstance(widget, CheckboxInput):
        return "checkbox", "govuk-checkboxes__input"
    if isinstance(widget, Select):
        return "select", "govuk-select"
    if isinstance(widget, Textarea):
        return "textarea", "govuk-textarea"
    if isinstance(widget, FileInput | ClearableFileInput):
        return "file", "govuk-file-upload"
    return "input", "govuk-input"


def _options(bound: BoundField) -> list[dict[str, object]]:
    options = []
    for number, option in enumerate(bound.subwidgets):
        data = option.data
        options.append(
            {
                # The first has the field's own id, so that the error summary's link finds it.
                "id": bound.auto_id if number == 0 else f"{bound.auto_id}_{number}",
                "value": data["value"],
                "label": data["label"],
                "checked": bool(data["selected"]),
            }
        )
    return options


@register.simple_tag(takes_context=True)
def query_with(context: Context, **changed: str) -> str:
    """The page's own query with some names changed, for a link; an empty text takes the name out."""
    query = context["request"].GET.copy()
    query.pop("after", None)  # another list begins at its beginning
    for name, value in changed.items():
        query.pop(name, None)
        if value:
            query[name] = value
    return f"?{query.urlencode()}"


@register.simple_tag(takes_context=True)
def query_without(context: Context, name: str) -> str:
    """The page's own query with one name taken out, for a link."""
    return query_with(context, **{name: ""})


@register.filter
def joined(parts: Iterable[str], separator: str = ", ") -> str:
    return separator.join(str(part) for part in parts)
