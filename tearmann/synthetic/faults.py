"""What no reader can accept, each broken in one way: documents, and rows and lines of a batch. Without any media."""

from __future__ import annotations

import csv
import io

from tearmann.synthetic import product, rows
from tearmann.synthetic.sketch import Sketch

XML_FAULTS = (
    "xml_truncated",
    "xml_wrong_encoding",
    "xml_empty",
    "xml_doctype",
    "xml_control_character",
    "xml_other_document",
)
CSV_FAULTS = ("csv_time", "csv_yes_or_no", "csv_priority", "csv_field_missing", "csv_encoding", "csv_quotation_mark")
JSON_FAULTS = ("json_truncated", "json_version", "json_incident_type", "json_field_twice")


def broken_report(number: int) -> tuple[str, bytes]:
    """Return the name of a fault and a document of CyberTipline XML that has it; `number` goes round all faults.

    No two numbers give the same bytes: they would be one file sent twice.
    """
    fault = XML_FAULTS[number % len(XML_FAULTS)]
    head = '<?xml version="1.0" encoding="UTF-8"?>\n'
    report = (
        "<report><incidentSummary><incidentType>Child Sex Tourism</incidentType>"
        f"<platform>Example Platform {number}</platform>"
        "<incidentDateTime>2026-01-02T18:00:00Z</incidentDateTime></incidentSummary>"
        "<reporter><reportingPerson/></reporter><additionalInfo>Invented.</additionalInfo></report>\n"
    )
    match fault:
        case "xml_truncated":
            return fault, (head + report[: len(report) * 2 // 3]).encode()
        case "xml_wrong_encoding":  # says UTF-8 and is Latin-1
            return fault, (head + report.replace("Invented.", "Exämple.")).encode("latin-1")
        case "xml_empty":
            # Nothing at all once, and then a declaration with nothing after it.
            blank = number // len(XML_FAULTS)
            return fault, (head + "\n" * blank).encode() if blank else b""
        case "xml_doctype":
            return fault, (head + '<!DOCTYPE report [<!ENTITY example "invented">]>\n' + report).encode()
        case "xml_control_character":
            return fault, (head + report.replace("Invented.", "Invented\x01.")).encode()
        case _:
            return fault, (head + f"<order><item>Invented {number}.</item></order>\n").encode()


def broken_row(sketch: Sketch, number: int) -> tuple[str, bytes]:
    """Return the name of a fault and the row of a narrowed sketch with it, on one line."""
    fault = CSV_FAULTS[number % len(CSV_FAULTS)]
    written = dict(zip(rows.COLUMNS, rows.cells(sketch), strict=True))
    match fault:
        case "csv_time":
            written["received"] = "the other day"
        case "csv_yes_or_no":
            written["urgent"] = "perhaps"
        case "csv_priority":
            written["provider_priority"] = "9"
        case "csv_field_missing":
            del written["narrative"]
        case "csv_encoding":
            written["narrative"] = "Exämple."
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(written.values())
    if fault == "csv_quotation_mark":  # something after the closing mark
        return fault, f'"{sketch.source}"x{text.getvalue().removeprefix(sketch.source)}'.encode()
    return fault, text.getvalue().encode("latin-1" if fault == "csv_encoding" else "utf-8")


def broken_line(sketch: Sketch, number: int) -> tuple[str, bytes]:
    """Return the name of a fault and the line of the product's JSON with it."""
    fault = JSON_FAULTS[number % len(JSON_FAULTS)]
    whole = product.line(sketch)
    match fault:
        case "json_truncated":
            return fault, whole[: len(whole) * 2 // 3] + b"\n"
        case "json_version":
            return fault, whole.replace(b'"version":1', b'"version":9999', 1)
        case "json_incident_type":
            return fault, whole.replace(b'"incident_type":"', b'"incident_type":"invented_', 1)
        case _:
            return fault, whole.replace(b'{"format"', b'{"format":"invented","format"', 1)
