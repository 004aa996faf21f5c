"""The desk form: what an officer types from a call, a visitor, a letter or a partner, in the order it is heard."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from django import forms

from tearmann.identifiers import KINDS, IdentifierKind
from tearmann.intake.desk import (
    QUESTIONS,
    Channel,
    DeskChild,
    DeskIdentifier,
    DeskPerson,
    DeskReference,
    DeskReport,
    as_payload,
    faults_of,
)
from tearmann.intake.files import Fault
from tearmann.profile import Force
from tearmann.records import Grading
from tearmann.web.forms.boxes import SmallRadios, day, one_line, select, tick

CHILDREN = 3  # blocks on the page: enough without a script, and a follow-up adds more
PEOPLE = 2
IDENTIFIER_ROWS = 6
IDENTIFIERS_IN_SIGHT = 3
REFERENCE_ROWS = 2
LONGEST_NARRATIVE = 20_000  # characters

ANSWERS = (("yes", "Yes"), ("no", "No"), ("", "Not known"))
NOT_KNOWN = "not_known"
_ANSWER = {"yes": True, "no": False, "": None, NOT_KNOWN: None}
CHANNEL_LABELS = {
    Channel.PHONE: "Phone",
    Channel.WALK_IN: "In person, at the desk",
    Channel.LETTER: "Letter",
    Channel.EMAIL: "E-mail",
    Channel.PARTNER: "Partner agency",
}
# The kinds that people say aloud come first; a hash is seldom dictated.
_KINDS = (
    IdentifierKind.PHONE,
    IdentifierKind.EMAIL,
    IdentifierKind.HANDLE,
    IdentifierKind.ACCOUNT_ID,
    IdentifierKind.URL,
    IdentifierKind.IP_EVENT,
    IdentifierKind.DEVICE_ID,
    IdentifierKind.MD5,
    IdentifierKind.SHA1,
    IdentifierKind.SHA256,
    IdentifierKind.PDQ,
)
_WHOSE = (
    ("", "Nobody known"),
    *((f"person-{number}", f"Person involved {number}") for number in range(1, PEOPLE + 1)),
    *((f"child-{number}", f"Child {number}") for number in range(1, CHILDREN + 1)),
    ("reporter", "Who reports"),
)
# The first question of the page is asked once and counts for every child on it.
_PER_CHILD = tuple(name for name in QUESTIONS if name != "danger_now")


class DeskForm(forms.Form):
    """The whole page. `referral` is what it makes of it, once `is_valid` has said yes."""

    # One for each time that the form is opened: it goes into the payload, so that what is sent twice is kept once,
    # and two forms that say the same are two all the same.
    token = forms.RegexField(regex=r"[0-9a-f]{32}\Z", widget=forms.HiddenInput)

    def __init__(self, *args: Any, force: Force, now: datetime, **kwargs: Any) -> None:
        self._force, self._now = force, now
        self._zone = force.calendar.zone
        local = now.astimezone(self._zone)
        kwargs["initial"] = {
            "token": secrets.token_hex(16),
            "received_day": local.date(),
            "received_time": local.strftime("%H:%M"),
        } | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        self._today = force.local_date(now)
        self.fields |= dict(self._built())
        self.order_fields(["token", *self.fields])
        self._told: DeskReport | None = None

    def payload(self) -> bytes:
        """What was typed, as it is sealed and received. Only of a valid form."""
        assert self._told is not None
        return as_payload(replace(self._told, token=self.cleaned_data["token"]))

    # -- the fields, in the order of the page

    def _built(self) -> Iterator[tuple[str, forms.Field]]:
        yield from self._danger()
        yield from self._arrival()
        yield from self._incident()
        for number in range(1, CHILDREN + 1):
            yield from self._child(f"child_{number}")
        for number in range(1, PEOPLE + 1):
            yield from self._person(f"person_{number}")
        for number in range(1, IDENTIFIER_ROWS + 1):
            yield from self._identifier(f"identifier_{number}")
        for number in range(1, REFERENCE_ROWS + 1):
            yield f"reference_{number}_kind", self._choice("System", "reference_kinds", empty="None")
            yield f"reference_{number}_value", one_line("Number")
        yield from self._narrative()
        yield from self._grading()

    def _danger(self) -> Iterator[tuple[str, forms.Field]]:
        # Never answered beforehand: it is the one question that nobody may pass over.
        yield (
            "danger_now",
            select(
                "Is a child in danger now?",
                [*ANSWERS[:2], (NOT_KNOWN, "Not known")],
                help_text="Yes counts for every child on this form.",
                required=True,
                widget=SmallRadios,
                error_messages={"required": "Say whether a child is in danger now, or that it is not known"},
            ),
        )
        yield (
            "urgent_reason",
            one_line(
                "Why it cannot wait",
                help_text="One line, if there is another reason. It puts the case at the top of the queue.",
            ),
        )

    def _arrival(self) -> Iterator[tuple[str, forms.Field]]:
        channels = [(channel.value, label) for channel, label in CHANNEL_LABELS.items()]
        yield (
            "channel",
            forms.ChoiceField(
                label="How it came",
                choices=channels,
                widget=SmallRadios,
                error_messages={"required": "Choose how it came"},
            ),
        )
        yield "source", self._choice("Who sent it", "sources", empty="As the way it came says")
        wrong_day = "The day it came is not a date"
        yield "received_day", day("Day it came", required=True, missing="Give the day it came", wrong=wrong_day)
        clock = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
        yield (
            "received_time",
            forms.TimeField(
                label="Time it came",
                widget=clock,
                error_messages={"required": "Give the time it came", "invalid": "The time it came is not a time"},
            ),
        )
        yield "source_reference", one_line("Their reference", help_text="A partner's own number, if any.")
        yield "anonymous", tick("Wishes to stay anonymous: leave name, phone and e-mail empty")
        yield "reporter_name", one_line("Name of who reports")
        yield "reporter_phone", one_line("Phone")
        yield "reporter_email", one_line("E-mail")

    def _incident(self) -> Iterator[tuple[str, forms.Field]]:
        yield "incident_type", self._choice("What it is about", "incident_types", empty="Not known yet")
        yield "platform", one_line("Where online", help_text="The site, app or game, as it was named.")
        yield "incident", one_line("When it happened", help_text="A date such as 2026-11-02, or the caller's words.")

    def _child(self, name: str) -> Iterator[tuple[str, forms.Field]]:
        yield f"{name}_name", one_line("Name")
        yield f"{name}_age", _age(name)
        yield f"{name}_age_not_known", tick("Age not known")
        yield f"{name}_date_of_birth", one_line("Date of birth, such as 27/3/2014")
        for question in _PER_CHILD:
            yield f"{name}_{question}", select(QUESTIONS[question][1], ANSWERS, widget=SmallRadios)

    def _person(self, name: str) -> Iterator[tuple[str, forms.Field]]:
        yield f"{name}_name", one_line("Name")
        yield f"{name}_age", _age(name)
        yield f"{name}_date_of_birth", one_line("Date of birth, such as 27/3/1984")
        yield f"{name}_relationship", one_line("How they know the child", help_text="Such as neighbour, coach, online.")

    def _identifier(self, name: str) -> Iterator[tuple[str, forms.Field]]:
        kinds = [("", "None"), *((kind.value, KINDS[kind].label) for kind in _KINDS), ("other", "Other")]
        yield f"{name}_kind", select("Kind", kinds)
        yield f"{name}_text", one_line("As it was given", longest=1000)
        yield f"{name}_platform", one_line("Site or app")
        yield f"{name}_whose", select("Whose", _WHOSE)

    def _narrative(self) -> Iterator[tuple[str, forms.Field]]:
        yield "facts", _prose("What was said or seen", "Facts, as they were told. No description of images.", rows=8)
        yield "opinion", _prose("What you make of it", "Your opinion, kept apart from the facts.", rows=4)

    def _grading(self) -> Iterator[tuple[str, forms.Field]]:
        for part in ("source", "information", "handling"):
            name = f"grading_{part}"
            yield name, self._choice(part.capitalize(), name, empty="Not graded", with_code=True)
        yield "grading_conditions", one_line("Conditions of handling")
        yield "lawful_basis", self._choice("Lawful basis", "lawful_bases", empty="Not chosen")

    def _choice(self, label: str, vocabulary: str, *, empty: str, with_code: bool = False) -> forms.ChoiceField:
        terms = self._force.vocabulary(vocabulary).choices(self._today)
        shown = [(code, f"{code} – {words}" if with_code else words) for code, words in terms]
        if not shown:
            return select(label, [("", "Unset in the force profile")])
        return select(label, [("", empty), *shown])

    # -- the parts of the page, for its template

    def children(self) -> Iterator[dict[str, Any]]:
        """Each block for a child: its number, its fields, and whether anything is written in it."""
        names = ("name", "age", "age_not_known", "date_of_birth", *_PER_CHILD)
        for block in self._blocks("child", CHILDREN, names):
            yield block | {"questions": [block["fields"][question] for question in _PER_CHILD]}

    def people(self) -> Iterator[dict[str, Any]]:
        return self._blocks("person", PEOPLE, ("name", "age", "date_of_birth", "relationship"))

    def identifiers(self) -> Iterator[dict[str, Any]]:
        return self._blocks("identifier", IDENTIFIER_ROWS, ("kind", "text", "platform", "whose"))

    def has_later_identifiers(self) -> bool:
        """Whether anything is written in the rows that are folded away."""
        return any(row["written"] for row in self.identifiers() if row["number"] > IDENTIFIERS_IN_SIGHT)

    def references(self) -> Iterator[dict[str, Any]]:
        return self._blocks("reference", REFERENCE_ROWS, ("kind", "value"))

    def _blocks(self, what: str, how_many: int, names: tuple[str, ...]) -> Iterator[dict[str, Any]]:
        for number in range(1, how_many + 1):
            fields = {name: self[f"{what}_{number}_{name}"] for name in names}
            written = any(field.value() or field.errors for field in fields.values())
            yield {"number": number, "fields": fields, "written": written}

    # -- what was typed, made into a report

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or {}
        for name, value in typed.items():
            if isinstance(value, str):
                typed[name] = value.replace("\r\n", "\n")
        for number in range(1, CHILDREN + 1):
            if typed.get(f"child_{number}_age") is not None and typed.get(f"child_{number}_age_not_known"):
                self.add_error(f"child_{number}_age", f"Child {number}: give the age or tick that it is not known")
        self._check_rows(typed)
        self._check_grading(typed)
        if "received_day" in typed and "received_time" in typed and self._received(typed) > self._now:
            self.add_error("received_time", "The time it came lies in the future")
        if not self.errors:
            report = self._report(typed)
            for fault in faults_of(report):
                self._place(fault)
            self._told = report
        return typed

    def _check_rows(self, typed: dict[str, Any]) -> None:
        for what, how_many, text, missing in (
            ("identifier", IDENTIFIER_ROWS, "text", "the identifier"),
            ("reference", REFERENCE_ROWS, "value", "the number"),
        ):
            for number in range(1, how_many + 1):
                kind, given = typed.get(f"{what}_{number}_kind"), typed.get(f"{what}_{number}_{text}")
                label = f"{what.capitalize()} {number}"
                if kind and not given and f"{what}_{number}_{text}" in typed:
                    self.add_error(f"{what}_{number}_{text}", f"{label}: write {missing}, or choose “None”")
                if given and not kind and f"{what}_{number}_kind" in typed:
                    self.add_error(f"{what}_{number}_kind", f"{label}: choose what it is; “Other” where none fits")

    def _check_grading(self, typed: dict[str, Any]) -> None:
        parts = ("grading_source", "grading_information", "grading_handling")
        if any(typed.get(part) for part in parts) or typed.get("grading_conditions"):
            for part in parts:
                if not typed.get(part) and len(self.fields[part].choices) > 1:  # type: ignore[attr-defined]
                    self.add_error(part, f"Grading: choose the part “{self.fields[part].label}”, or none of the three")

    def _received(self, typed: dict[str, Any]) -> datetime:
        return datetime.combine(typed["received_day"], typed["received_time"], tzinfo=self._zone)

    def _report(self, typed: dict[str, Any]) -> DeskReport:
        rows = list(self._rows(typed))
        owned = {whose: tuple(row for owner, row in rows if owner == whose) for whose, _ in _WHOSE}
        reporter = [
            DeskIdentifier(kind=kind, text=typed[name])
            for name, kind in (("reporter_phone", IdentifierKind.PHONE), ("reporter_email", IdentifierKind.EMAIL))
            if typed[name]
        ]
        return DeskReport(
            channel=Channel(typed["channel"]),
            received=self._received(typed),
            source=typed["source"],
            source_reference=typed["source_reference"],
            anonymous=typed["anonymous"],
            reporter_name=typed["reporter_name"],
            reporter_identifiers=(*reporter, *owned["reporter"]),
            platform=typed["platform"],
            incident_type=typed["incident_type"] or "other",
            incident=typed["incident"],
            urgent_reason=typed["urgent_reason"],
            children=tuple(self._children_told(typed, owned)),
            people=tuple(self._people_told(typed, owned)),
            identifiers=owned[""],
            references=tuple(
                DeskReference(kind=typed[f"reference_{number}_kind"], value=typed[f"reference_{number}_value"])
                for number in range(1, REFERENCE_ROWS + 1)
                if typed[f"reference_{number}_kind"]
            ),
            facts=typed["facts"],
            opinion=typed["opinion"],
            grading=_grading(typed),
            lawful_basis=typed["lawful_basis"],
        )

    def _rows(self, typed: dict[str, Any]) -> Iterator[tuple[str, DeskIdentifier]]:
        for number in range(1, IDENTIFIER_ROWS + 1):
            name = f"identifier_{number}"
            if typed[f"{name}_kind"]:
                yield (
                    typed[f"{name}_whose"],
                    DeskIdentifier(
                        kind=IdentifierKind(typed[f"{name}_kind"]),
                        text=typed[f"{name}_text"],
                        platform=typed[f"{name}_platform"],
                    ),
                )

    def _children_told(
        self, typed: dict[str, Any], owned: dict[str, tuple[DeskIdentifier, ...]]
    ) -> Iterator[DeskChild]:
        danger = _ANSWER[typed["danger_now"]]
        told = [number for number in range(1, CHILDREN + 1) if self._is_told(typed, number, owned)]
        if danger and not told:
            told = [1]  # a child in danger of whom nothing else is known is a child all the same
        for number in told:
            name = f"child_{number}"
            answers = {question: _ANSWER[typed[f"{name}_{question}"]] for question in _PER_CHILD}
            yield DeskChild(
                name=typed[f"{name}_name"],
                age=typed[f"{name}_age"],
                date_of_birth=typed[f"{name}_date_of_birth"],
                identifiers=owned[f"child-{number}"],
                danger_now=danger,
                **answers,
            )

    def _is_told(self, typed: dict[str, Any], number: int, owned: dict[str, tuple[DeskIdentifier, ...]]) -> bool:
        parts = ("name", "age_not_known", "date_of_birth", *_PER_CHILD)
        said = any(typed[f"child_{number}_{part}"] for part in parts)
        return said or typed[f"child_{number}_age"] is not None or bool(owned[f"child-{number}"])

    def _people_told(self, typed: dict[str, Any], owned: dict[str, tuple[DeskIdentifier, ...]]) -> Iterator[DeskPerson]:
        for number in range(1, PEOPLE + 1):
            name = f"person_{number}"
            person = DeskPerson(
                name=typed[f"{name}_name"],
                age=typed[f"{name}_age"],
                date_of_birth=typed[f"{name}_date_of_birth"],
                relationship=typed[f"{name}_relationship"],
                identifiers=owned[f"person-{number}"],
            )
            if person != DeskPerson():
                yield person

    def _place(self, fault: Fault) -> None:
        """Put a fault that intake found beside the field it is about, or over the whole form."""
        field = fault.place.removeprefix("desk form, ").replace(" ", "_")
        says = f"{fault.says[:1].upper()}{fault.says[1:]}. {fault.remedy}"
        known = {"reporter": "anonymous"} | {name: name for name in self.fields}
        if field in known:
            self.add_error(known[field], says)
        else:
            self.add_error(None, f"{fault.place.removeprefix('desk form, ').capitalize()}: {says}")


def _age(whose: str) -> forms.IntegerField:
    box = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
    who = whose.replace("_", " ").replace("person", "person involved").capitalize()
    wrong = f"{who}: an age has to be whole years from 0 to 150"
    messages = {"invalid": wrong, "min_value": wrong, "max_value": wrong}
    return forms.IntegerField(
        label="Age in years", required=False, min_value=0, max_value=150, widget=box, error_messages=messages
    )


def _prose(label: str, hint: str, *, rows: int) -> forms.CharField:
    box = forms.Textarea(attrs={"rows": rows, "autocomplete": "off"})
    return forms.CharField(label=label, help_text=hint, required=False, max_length=LONGEST_NARRATIVE, widget=box)


def _grading(typed: dict[str, Any]) -> Grading | None:
    if not typed["grading_source"]:
        return None
    return Grading(
        source=typed["grading_source"],
        information=typed["grading_information"],
        handling=typed["grading_handling"],
        conditions=typed["grading_conditions"],
    )
