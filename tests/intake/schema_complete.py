"""A report and the details of a file with every element and attribute of the schema, made from the schema itself.

Every text is different from every other, so that a test can say where it went. Values that a kind of identifier must
be able to read (addresses, numbers, hashes) are well formed, and all are obviously invented.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from lxml import etree

SCHEMA = Path(__file__).resolve().parents[1] / "examples" / "cybertip-xml" / "cyber_tipline.xsd"
XS = "{http://www.w3.org/2001/XMLSchema}"

# Values that must be readable as what they are, by the name of the element or attribute.
READABLE: dict[str, Callable[[int], str]] = {
    "ipAddress": lambda n: f"2001:db8::{n:x}",
    "email": lambda n: f"canary{n}@example.org",
    "emailAddress": lambda n: f"canary{n}@example.net",
    "phone": lambda n: f"07700 900{n % 1000:03d}",
    "phoneNumber": lambda n: f"01632 960{n % 1000:03d}",
    "url": lambda n: f"https://example.org/canary{n}",
    "profileUrl": lambda n: f"https://example.net/canary{n}",
    "locationOfFile": lambda n: f"https://example.com/canary{n}",
    "originalFileHash": lambda n: f"{n:032x}",
    "hashType": lambda n: "MD5",
    "countryCallingCode": lambda n: "+44",
    "idType": lambda n: f"Example id {n}",
    "country": lambda n: "GB",
    "countryCode": lambda n: "GB",
    "fleaCountry": lambda n: "GB",
}
BY_TYPE: dict[str, Callable[[int], str]] = {
    "xs:string": lambda n: f"canary {n}",
    "xs:token": lambda n: f"{n:032x}",
    "xs:long": lambda n: str(100_000 + n),
    "xs:int": lambda n: str(n % 150 + 1),
    "xs:double": lambda n: f"{n}.5",
    "xs:boolean": lambda n: "true",
    "xs:dateTime": lambda n: f"2026-01-02T{n // 60 % 24:02d}:{n % 60:02d}:00Z",
    "xs:date": lambda n: f"2010-{n % 12 + 1:02d}-{n % 28 + 1:02d}",
    "latlong": lambda n: f"{n}.25",
    "phoneExtension": lambda n: str(n),
}


@dataclass(slots=True)
class SchemaComplete:
    """Makes documents. option: which alternative each choice takes, where all of them cannot stand together."""

    option: int = 0
    count: int = 0
    schema: etree._Element = field(default_factory=lambda: etree.parse(SCHEMA).getroot())

    def document(self, name: str) -> etree._Element:
        return self._element(self._named("element", name))

    def _named(self, kind: str, name: str) -> etree._Element:
        found = self.schema.find(f"{XS}{kind}[@name='{name}']")
        assert found is not None, f"the schema has no {kind} of that name"
        return found

    def _element(self, declared: etree._Element, *, choice: int | None = None) -> etree._Element:
        if "ref" in declared.attrib:
            declared = self._named("element", str(declared.attrib["ref"]))
        made = etree.Element(str(declared.attrib["name"]))
        inline = declared.find(f"{XS}complexType")
        typed = declared.get("type", "")
        content = inline if inline is not None else self.schema.find(f"{XS}complexType[@name='{typed}']")
        if content is None:
            made.text = self._value(str(declared.attrib["name"]), typed)
        else:
            self._fill(made, content, choice)
        return made

    def _fill(self, made: etree._Element, content: etree._Element, choice: int | None) -> None:
        for attribute in content.iter(f"{XS}attribute"):
            if self._owner(attribute) is content:
                made.set(
                    str(attribute.attrib["name"]),
                    self._value(str(attribute.attrib["name"]), str(attribute.attrib["type"])),
                )
        extension = content.find(f"{XS}simpleContent/{XS}extension")
        if extension is not None:
            made.text = self._value(made.tag, str(extension.attrib["base"]))
        for group in content:
            if group.tag in (f"{XS}sequence", f"{XS}all", f"{XS}choice"):
                made.extend(self._children(group, choice))

    @staticmethod
    def _owner(attribute: etree._Element) -> etree._Element:
        return next(one for one in attribute.iterancestors(f"{XS}complexType"))

    def _children(self, group: etree._Element, choice: int | None) -> Iterator[etree._Element]:
        if group.tag == f"{XS}choice":
            options = [one for one in group if one.tag == f"{XS}element"]
            yield self._element(options[(self.option if choice is None else choice) % len(options)])
            return
        for one in group:
            if one.tag == f"{XS}choice":
                yield from self._children(one, choice)
            elif one.tag == f"{XS}element":
                yield from self._occurrences(one)

    def _occurrences(self, declared: etree._Element) -> Iterator[etree._Element]:
        """The element once; twice where the schema lets it repeat; once for each option where it is one of several."""
        options = self._options(declared)
        if options:
            yield from (self._element(declared, choice=number) for number in range(options))
            return
        yield self._element(declared)
        if declared.get("maxOccurs") == "unbounded":
            yield self._element(declared)

    def _options(self, declared: etree._Element) -> int:
        if "ref" not in declared.attrib or declared.get("maxOccurs") != "unbounded":
            return 0
        choice = self._named("element", str(declared.attrib["ref"])).find(f"{XS}complexType/{XS}choice")
        return 0 if choice is None else len(choice.findall(f"{XS}element"))

    def _value(self, name: str, typed: str) -> str:
        self.count += 1
        if name in READABLE:
            return READABLE[name](self.count)
        if typed in BY_TYPE:
            return BY_TYPE[typed](self.count)
        simple = self._named("simpleType", typed)
        values = [str(one.attrib["value"]) for one in simple.iter(f"{XS}enumeration")]
        return next(value for value in values if value)


def report() -> etree._Element:
    return SchemaComplete().document("report")


def file_details(*, option: int) -> etree._Element:
    """option 0: the bare potentialMeme; 1: the annotations."""
    return SchemaComplete(option=option).document("fileDetails")


def schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(SCHEMA))
