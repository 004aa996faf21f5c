"""IP addresses with their port and time, devices and web addresses."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from tearmann.identifiers.kinds import VOID_VALUES, Example, IdentifierKind, Kind, Said, has_controls, settled, spaced

# Addresses that mean something else in every network that uses them.
_NOT_UNIQUE = tuple(
    (ip_network(network), says)
    for network, says in (
        ("100.64.0.0/10", "inside a carrier's network (100.64.0.0/10): only that carrier can say whose it was"),
        ("10.0.0.0/8", "a private address: it means nothing outside its own network"),
        ("172.16.0.0/12", "a private address: it means nothing outside its own network"),
        ("192.168.0.0/16", "a private address: it means nothing outside its own network"),
        ("fc00::/7", "a private address: it means nothing outside its own network"),
        ("127.0.0.0/8", "a machine's own address: nobody's"),
        ("::1/128", "a machine's own address: nobody's"),
        ("0.0.0.0/8", "no address at all"),
        ("::/128", "no address at all"),
        ("169.254.0.0/16", "a link-local address: it means nothing outside its own network"),
        ("fe80::/10", "a link-local address: it means nothing outside its own network"),
        ("224.0.0.0/3", "not a single machine's address"),
        ("ff00::/8", "not a single machine's address"),
    )
)


@lru_cache(maxsize=16_384)
def _not_unique(ip: str) -> str:
    """Return why the address cannot tell one user from another anywhere; "" where it can."""
    try:
        address = ip_address(ip)
    except ValueError:
        return "not an address"
    return next((says for network, says in _NOT_UNIQUE if address in network), "")


class IpEvent(Kind):
    kind = IdentifierKind.IP_EVENT
    label = "IP address"
    rule = (
        "address|port|time: the address as RFC 5952 writes it (an IPv4 address inside IPv6 is the IPv4 address), the "
        "time in UTC to the second; a part that is not stated is empty, and port 0 states none."
    )
    good = (
        Example("192.0.2.10", "192.0.2.10||"),
        Example("192.0.2.10:50123", "192.0.2.10|50123|"),
        Example(
            "192.0.2.10", "192.0.2.10|50123|2026-01-02T17:59:00Z", Said(port="50123", at="2026-01-02T18:59:00+01:00")
        ),
        Example("2001:DB8:0:0::1", "2001:db8::1||"),
        Example("[2001:db8::1]:443", "2001:db8::1|443|"),
        Example("::ffff:192.0.2.10", "192.0.2.10||"),
    )
    bad = (
        Example("192.0.2.999", "not an IPv4 or IPv6 address"),
        Example("192.0.2.10", "port out of range", Said(port=65536)),
        Example("192.0.2.10", "time has no zone", Said(at="2026-01-02T17:59:00")),
        Example("192.0.2.10:443", "two different ports", Said(port=80)),
    )
    _WITH_PORT = re.compile(r"\[([0-9A-Fa-f:.]+)\](?::(\d{1,5}))?|([0-9.]+):(\d{1,5})", re.ASCII)

    def clean(self, given: str, said: Said) -> str:
        text, written_port, written_at = given.strip(), "", ""
        if "|" in text:
            if text.count("|") != 2:
                self.refuse("expected address|port|time")
            text, written_port, written_at = text.split("|")
        elif match := self._WITH_PORT.fullmatch(text):
            text, written_port = match[1] or match[3], match[2] or match[4] or ""
        port = self._one_of(self._port(written_port), self._port(said.port), "ports")
        at = self._one_of(self._time(written_at), self._time(said.at), "times")
        return f"{self._address(text)}|{port}|{at}"

    def _address(self, text: str) -> str:
        try:
            if ":" not in text:
                return str(IPv4Address(text))
            address = IPv6Address(text)
        except ValueError:
            self.refuse("not an IPv4 or IPv6 address")
        if address.scope_id is not None:
            self.refuse("an address with a zone index belongs to one machine's own network card")
        return str(address.ipv4_mapped or address)

    def _port(self, port: int | str | None) -> str:
        if port is None or port == "":
            return ""
        try:
            number = int(port)
        except ValueError:
            self.refuse("port is not a number")
        if not 0 <= number <= 65535:
            self.refuse("port out of range, expected 1 to 65535")
        return str(number) if number else ""

    def _time(self, at: datetime | str | None) -> str:
        if not at:
            return ""
        try:
            moment = datetime.fromisoformat(at.strip().replace(" UTC", "Z")) if isinstance(at, str) else at
            if moment.tzinfo is None:
                # The subscriber behind a carrier's address changes within minutes: a guessed zone names someone else.
                self.refuse("time has no zone, expected one such as 2026-01-02T17:59:00Z")
            return moment.astimezone(UTC).replace(tzinfo=None, microsecond=0).isoformat() + "Z"
        except (ValueError, OverflowError):
            self.refuse("time cannot be read, expected one such as 2026-01-02T17:59:00Z")

    def _one_of(self, written: str, stated: str, what: str) -> str:
        if written and stated and written != stated:
            self.refuse(f"two different {what} are stated")
        return stated or written

    def links(self, value: str) -> bool:
        ip, port, at = self._parts(value)
        return bool(port and at) and not _not_unique(ip)

    def strong(self, value: str) -> bool:
        return True

    @staticmethod
    def _parts(value: str) -> tuple[str, str, str]:
        ip, _, rest = value.partition("|")
        port, _, at = rest.partition("|")
        return ip, port, at

    def describe(self, value: str) -> str:
        ip, port, at = self._parts(value)
        when = f"at {at.replace('T', ' ').removesuffix('Z')} UTC" if at else "time not stated"
        return f"{ip}, {f'port {port}' if port else 'port not stated'}, {when}"

    def notes(self, value: str) -> tuple[str, ...]:
        says = _not_unique(self._parts(value)[0])
        return (says,) if says else ("carrier addresses are shared: the port and the time are needed",)

    def mask(self, value: str) -> str:
        ip = self._parts(value)[0]
        mark = ":" if ":" in ip else "."
        return f"{ip.split(mark)[0]}{mark}…"

    def typed(self, text: str) -> str | None:
        return text if "." in text or ":" in text else None


class DeviceId(Kind):
    kind = IdentifierKind.DEVICE_ID
    label = "Device"
    rule = (
        "TYPE:value. An IMEI is 14 to 16 digits, compared by its first 14: the last is a check digit that networks "
        "often write as 0, or a software version. A hardware address is lower case with colons; a UUID lower case."
    )
    good = (
        Example("IMEI: 00-101500-000001-5", "IMEI:001015000000015"),
        Example("imei:001015000000019", "IMEI:001015000000019"),
        Example("MAC address:00-00-5E-00-53-01", "MAC:00:00:5e:00:53:01"),
        Example("00:00:5E:00:53:01", "MAC:00:00:5e:00:53:01"),
        Example("IDFA:12345678-ABCD-4ABC-8ABC-123456789ABC", "IDFA:12345678-abcd-4abc-8abc-123456789abc"),
        Example("Example id:Ab 1", "EXAMPLE ID:Ab 1"),
    )
    bad = (
        Example("001015000000015", "expected TYPE:value"),
        Example("IMEI:12345", "an IMEI has 14 to 16 digits"),
        Example("MAC:00-00", "a hardware address has 12 hex digits"),
    )
    _MAC = re.compile(r"(?:[0-9a-f]{2}[:-]?){5}[0-9a-f]{2}", re.IGNORECASE)
    _UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
    _SEPARATORS = re.compile(r"[\s:./-]+")
    # One device, one value. Any other type may link but does not prove that two devices are one.
    STRONG_TYPES = frozenset({"IMEI", "MEID", "ICCID", "IMSI", "IDFA", "IDFV", "GAID", "AAID", "ANDROID ID"})
    # Many devices have the same one.
    SHARED_TYPES = frozenset(
        {
            "SSID",
            "WIFI",
            "NETWORK",
            "CARRIER",
            "MAKE",
            "MANUFACTURER",
            "MODEL",
            "DEVICE MODEL",
            "NAME",
            "DEVICE NAME",
            "TYPE",
            "DEVICE TYPE",
            "OS",
            "BROWSER",
            "USER AGENT",
            "UNKNOWN",
        }
    )

    def clean(self, given: str, said: Said) -> str:
        text = spaced(given)
        before, _, value = (part.strip() for part in text.partition(":"))
        named = settled(before, lambda now: spaced(now.upper()))
        if self._MAC.fullmatch(f"{named}:{value}"):
            named, value = "MAC", f"{named}:{value}"
        if not named or not value or has_controls(text):
            self.refuse("expected TYPE:value, such as IMEI: and its digits")
        if named.startswith("IMEI"):
            digits = self._SEPARATORS.sub("", value)
            if not (digits.isascii() and digits.isdigit() and 14 <= len(digits) <= 16):
                self.refuse("an IMEI has 14 to 16 digits")
            return f"IMEI:{digits}"
        if "MAC" in named.replace("-", " ").split():
            bare = self._SEPARATORS.sub("", value.lower())
            if len(bare) != 12 or not self._MAC.fullmatch(bare):
                self.refuse("a hardware address has 12 hex digits")
            return "MAC:" + ":".join(bare[at : at + 2] for at in range(0, 12, 2))
        if named in ("ICCID", "IMSI", "MEID") or self._UUID.fullmatch(value):
            value = re.sub(r"\s", "", value).lower()
        return f"{named}:{value}"

    def compared(self, value: str) -> str:
        return value[: len("IMEI:") + 14] if value.startswith("IMEI:") else value

    def links(self, value: str) -> bool:
        named, _, bare = value.partition(":")
        # A short value names a model or a position in a list, not a device.
        return named not in self.SHARED_TYPES and bare not in VOID_VALUES and len(bare) >= 6

    def strong(self, value: str) -> bool:
        return value.partition(":")[0] in self.STRONG_TYPES and self._check_digit_fits(value)

    @staticmethod
    def _check_digit_fits(value: str) -> bool:
        """True unless the value is an IMEI of 15 digits whose last does not fit the others (Luhn)."""
        if not value.startswith("IMEI:") or len(value) != len("IMEI:") + 15:
            return True
        doubled = str.maketrans("0123456789", "0246813579")
        digits = value[5:]
        return (sum(map(int, digits[::2])) + sum(map(int, digits[1::2].translate(doubled)))) % 10 == 0

    def describe(self, value: str) -> str:
        named, _, bare = value.partition(":")
        return f"{named} {bare}"

    def notes(self, value: str) -> tuple[str, ...]:
        if not self._check_digit_fits(value):
            return ("the check digit does not fit: mistyped, or from a network that writes 0 there",)
        return () if self.links(value) else ("many devices share this: it links nothing",)

    def mask(self, value: str) -> str:
        return f"{value.partition(':')[0]}:…"

    def typed(self, text: str) -> str | None:
        bare = re.sub(r"[\s-]", "", text)
        if bare.isascii() and bare.isdigit() and 14 <= len(bare) <= 16:
            return f"IMEI:{bare}"
        before = text.partition(":")[0].strip().upper()
        known = before.startswith("IMEI") or before in self.STRONG_TYPES | {"MAC"} | self.SHARED_TYPES
        return text if known or self._MAC.fullmatch(text.strip()) else None


class Url(Kind):
    kind = IdentifierKind.URL
    label = "Web address"
    rule = (
        "Scheme and host in lower case, the scheme's own port and the fragment dropped, an empty path is /. Nothing "
        "is decoded. http, https and no scheme compare alike; a host without a path or query links nothing."
    )
    good = (
        Example("HTTPS://Example.ORG:443/Ann?x=1#top", "https://example.org/Ann?x=1"),
        Example("http://example.org", "http://example.org/"),
        Example("www.Example.org/Ann", "www.example.org/Ann"),
        Example("https://bücher.example/%7Eann", "https://xn--bcher-kva.example/%7Eann"),
    )
    bad = (
        Example("example", "expected https://host/path"),
        Example("https:///path", "expected https://host/path"),
        Example("https://example.org:99999/", "port out of range"),
    )
    _SHAPE = re.compile(
        r"(?:(?P<scheme>[a-z][a-z0-9+.-]*)://(?:(?P<user>[^/?#@\s]*)@)?)?"
        r"(?P<host>\[[0-9a-f:.]+\]|[^/?#@:\[\]\s]+)(?::(?P<port>[0-9]*))?"
        r"(?P<path>/[^?#\s]*)?(?P<query>\?[^#\s]*)?(?:#.*)?",
        re.IGNORECASE | re.DOTALL,
    )
    _HOST = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*|\[[0-9a-f:.]+\]")
    _OWN_PORTS = frozenset({("http", 80), ("https", 443), ("ws", 80), ("wss", 443), ("ftp", 21)})

    def clean(self, given: str, said: Said) -> str:
        match = self._SHAPE.fullmatch(given.strip())
        if not match or has_controls(given.strip()):
            self.refuse("expected https://host/path")
        scheme, host = (match["scheme"] or "").lower(), self._host(match["host"])
        if not scheme and "." not in host:
            self.refuse("expected https://host/path")
        port = int(match["port"] or 0)
        if port > 65535:
            self.refuse("port out of range, expected 1 to 65535")
        before = f"{scheme}://" if scheme else ""
        user = f"{match['user']}@" if match["user"] else ""
        after = f":{port}" if port and (scheme, port) not in self._OWN_PORTS else ""
        return f"{before}{user}{host}{after}{match['path'] or '/'}{match['query'] or ''}"

    def _host(self, host: str) -> str:
        try:
            if host.startswith("["):
                return f"[{IPv6Address(host[1:-1])}]"
            name = host.lower() if host.isascii() else host.encode("idna").decode("ascii").lower()
        except ValueError:  # UnicodeError is one
            self.refuse("the host is not a name that the internet allows")
        name = name.removesuffix(".")
        return name if self._HOST.fullmatch(name) else self.refuse("the host is not a name that the internet allows")

    def compared(self, value: str) -> str:
        return value.removeprefix("https://").removeprefix("http://")

    def links(self, value: str) -> bool:
        match = self._SHAPE.fullmatch(value)
        return match is not None and (match["path"] not in (None, "/") or bool(match["query"]))

    def notes(self, value: str) -> tuple[str, ...]:
        return () if self.links(value) else ("a whole site: it links nothing",)

    def mask(self, value: str) -> str:
        match = self._SHAPE.fullmatch(value)
        return f"{match['host']}/…" if match and self.links(value) else "…"

    def typed(self, text: str) -> str | None:
        return text if "/" in text or text.lower().startswith("www.") else None
