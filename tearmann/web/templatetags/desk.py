"""How a long form is drawn: nearly everything in it may stay empty, so that no label says so."""

from __future__ import annotations

from django import template
from django.forms import BoundField
from django.template import Context

from tearmann.web.templatetags import pages

register = template.Library()


@register.inclusion_tag("components/field.html", takes_context=True)
def box(context: Context, bound: BoundField, size: str = "") -> dict[str, object]:
    """One field as `field` draws it, without "(optional)": {% box form.platform "govuk-input--width-20" %}."""
    return pages.field(context, bound, size) | {"optional": False}


@register.inclusion_tag("components/answers.html", takes_context=True)
def answers(context: Context, bound: BoundField, heading: bool = False) -> dict[str, object]:
    """A question whose few answers stand side by side. heading: it is the question of its section."""
    return pages.field(context, bound) | {"optional": False, "heading": heading}
