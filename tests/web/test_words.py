from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django import forms
from django.template import Context, Template

from tearmann.records import RiskCode
from tearmann.web import words
from tearmann.web.templatetags import pages


@pytest.mark.parametrize(
    ("at", "says"),
    [
        (datetime(2026, 11, 2, 14, 5, tzinfo=UTC), "2 November 2026, 14:05"),
        (datetime(2026, 7, 31, 23, 30, tzinfo=UTC), "1 August 2026, 00:30"),
        (None, ""),
    ],
)
def test_a_time_is_a_whole_date_in_the_forces_zone(at, says):
    assert pages.when(at) == says


@pytest.mark.parametrize(
    ("length", "says"),
    [
        (timedelta(days=2, hours=23), "2 days"),
        (timedelta(days=1), "1 day"),
        (timedelta(hours=23, minutes=59), "23 hours"),
        (timedelta(minutes=1), "1 minute"),
        (timedelta(seconds=59), "less than a minute"),
        (timedelta(seconds=-5), "less than a minute"),
    ],
)
def test_a_length_is_in_its_largest_whole_unit_and_never_rounded_up(length, says):
    assert pages.span(length) == says


def test_a_reference_is_grouped_by_three():
    assert words.grouped("4T7QK2M9XR5") == "4T7-QK2-M9X-R5"


def test_every_risk_has_words():
    assert set(words.RISKS) == set(RiskCode)


def test_a_count_takes_its_noun():
    assert (words.count_words(1, "child", "children"), words.count_words(1200, "case")) == ("1 child", "1,200 cases")


class Form(forms.Form):
    line = forms.CharField(label="A line", help_text="A hint")
    kind = forms.ChoiceField(label="A kind", choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect, required=False)


def drawn(name, data=None):
    form = Form(data)
    return Template("{% load pages %}{% error_summary form %}{% field bound %}").render(
        Context({"form": form, "bound": form[name]})
    )


def test_a_field_is_tied_to_its_label_and_its_hint():
    shown = drawn("line")
    assert '<label class="govuk-label govuk-label--s" for="id_line">A line</label>' in shown
    assert 'id="id_line-hint"' in shown
    assert 'aria-describedby="id_line-hint"' in shown


def test_a_fault_is_at_its_field_and_in_the_summary_that_leads_there():
    shown = drawn("line", {})
    assert '<a href="#id_line">This field is required.</a>' in shown
    assert 'aria-describedby="id_line-hint id_line-error"' in shown
    assert "govuk-input--error" in shown


def test_choices_stand_in_a_fieldset_whose_first_has_the_id_that_the_summary_leads_to():
    shown = drawn("kind", {"line": "x", "kind": "b"})
    assert '<legend class="govuk-fieldset__legend govuk-fieldset__legend--s">A kind (optional)</legend>' in shown
    assert 'id="id_kind" name="kind" type="radio" value="a">' in shown
    assert 'value="b" checked>' in shown


def test_what_was_typed_is_never_markup():
    assert "<script>" not in drawn("line", {"line": "<script>"})
