"""Reports and documents of files are valid to NCMEC's schema, and text that XML must escape is escaped."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from pathlib import Path

import pytest
from lxml import etree

from tearmann.synthetic import cybertip
from tearmann.synthetic.draw import Draw
from tearmann.synthetic.sketch import Part
from tests.synthetic.written import UNTIL

SCHEMA = Path(__file__).parents[1] / "examples" / "cybertip-xml" / "cyber_tipline.xsd"


@pytest.fixture(scope="session")
def schema():
    return etree.XMLSchema(etree.parse(SCHEMA))


@pytest.fixture(scope="session")
def sketches():
    return list(islice(Draw(seed=11, sources=False).year(count=300, until=UNTIL, days=365), 300))


@pytest.mark.parametrize("changed", [False, True])
def test_reports_are_valid(schema, sketches, changed):
    for sketch in sketches:
        schema.assertValid(etree.fromstring(cybertip.report(sketch, changed=changed).encode()))


def test_documents_of_files_are_valid(schema, sketches):
    files = [(sketch, file) for sketch in sketches for file in sketch.files]
    assert len(files) > 100
    for sketch, file in files:
        schema.assertValid(etree.fromstring(cybertip.file_details(sketch, file).encode()))


def test_everything_that_is_written_and_not_malformed_is_valid(schema, documents):
    malformed = {truth["file"] for truth in documents.truths_of(Part.MALFORMED)}
    for path in documents.files():
        if path.name not in malformed:
            schema.assertValid(etree.parse(path))


@pytest.mark.parametrize("text", ["<report>", "a & b", "]]>", "Ünïcödé", "\"quoted\" 'twice'"])
def test_text_comes_back_as_it_was_put_in(sketches, text):
    sketch = replace(sketches[0], narrative=text, platform=text, url=None)
    report = etree.fromstring(cybertip.report(replace(sketch, shape="known_files")).encode())
    assert report.findtext("incidentSummary/platform") == text
    assert report.findtext("internetDetails/chatImIncident/additionalInfo") == text


def test_what_is_not_stated_has_no_element(sketches):
    sparse = next(sketch for sketch in sketches if sketch.shape == "sparse")
    report = etree.fromstring(cybertip.report(sparse).encode())
    assert [child.tag for child in report] == ["incidentSummary", "reporter"]
