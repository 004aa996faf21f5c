"""The same store: a picture of everything in it but row ids, sequence numbers, hashes and record times.

Rows that name other rows name them here by what they are known by outside the store, and payloads stand there opened.
Run as a script it prints the picture of the store that the environment names.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.db.models import Model

    from tearmann.casework.models import Payload
    from tearmann.casework.sealing import Sealer

# When something was written down: that it was, is compared, and when is not.
RECORD_TIMES = frozenset(
    {"at", "assessed_at", "changed_at", "named_at", "loaded_at", "approved_at", "proposed_at", "confirmed_at"}
    | {"ended_at", "withdrawn_at", "seen_at", "settled_at"}
)
SEALED = frozenset({"nonce", "body"})  # another each time; what it opens to is not

Row = dict[str, Any]
Picture = dict[str, list[Row]]


def picture(sealer: Sealer) -> Picture:
    """Every row of every table of casework, and of the two logs, table by table."""
    from django.apps import apps

    from tearmann.casework.models import Payload

    names = _names()
    tables: Picture = {}
    for model in apps.get_app_config("casework").get_models():
        tables[str(model._meta.model_name)] = [_row(one, names) for one in model._default_manager.order_by("pk")]
    for told, payload in zip(tables["payload"], Payload.objects.order_by("pk"), strict=True):
        told["opens to"] = _opened(payload, sealer)
    for identifier, name in zip(tables["identifier"], names["identifier"].values(), strict=True):
        identifier["nth"] = name[-1]
    tables |= {"entry": _entries(), "text": _texts()}
    return {name: sorted(rows, key=_line) for name, rows in tables.items()}


def _row(one: Model, names: dict[str, dict[int, Any]]) -> Row:
    told: Row = {}
    for field in one._meta.concrete_fields:
        value = getattr(one, field.attname)
        if field.primary_key or (field.name in SEALED and one._meta.model_name == "payload"):
            continue
        if field.name in RECORD_TIMES:
            told[field.name] = value is not None
        elif field.is_relation:
            assert field.related_model is not None
            told[field.name] = None if value is None else names[str(field.related_model._meta.model_name)][value]
        else:
            told[field.name] = value
    return told


def _names() -> dict[str, dict[int, Any]]:
    """What the rows that others name are known by outside their store: model → primary key → name."""
    from tearmann.casework.models import Case, CasePerson, Identifier, ListVersion, Party, Payload, StoredReferral
    from tearmann.people.models import Officer, Team, Unit

    payloads = dict(Payload.objects.values_list("pk", "sha256"))
    referrals = {pk: payloads[payload] for pk, payload in StoredReferral.objects.values_list("pk", "payload")}
    parties = {pk: [referrals[of], key] for pk, of, key in Party.objects.values_list("pk", "referral", "key")}
    identifiers, so_far = {}, Counter[int]()
    for pk, party in Identifier.objects.order_by("pk").values_list("pk", "party"):
        # The same may stand twice on a party: what tells the two apart is their order.
        identifiers[pk] = [*parties[party], so_far[party]]
        so_far[party] += 1
    return {
        "case": dict(Case.objects.values_list("pk", "reference")),
        "payload": payloads,
        "storedreferral": referrals,
        "party": parties,
        "identifier": identifiers,
        "caseperson": {pk: parties[party] for pk, party in CasePerson.objects.values_list("pk", "party")},
        "listversion": {pk: [*of] for pk, *of in ListVersion.objects.values_list("pk", "name", "version")},
        "unit": dict(Unit.objects.values_list("pk", "code")),
        "team": dict(Team.objects.values_list("pk", "code")),
        "officer": dict(Officer.objects.values_list("pk", "sign_in")),
    }


def _opened(payload: Payload, sealer: Sealer) -> str | None:
    """The digest of what a payload opens to."""
    from tearmann.casework.sealing import Sealed

    if payload.body is None:
        return None
    sealed = Sealed(key_id=payload.key_id, nonce=bytes(payload.nonce or b""), body=bytes(payload.body))
    return hashlib.sha256(sealer.open(sealed, sha256=payload.sha256)).hexdigest()


def _entries() -> list[Row]:
    """The entries of the logs, without their place in the chain. A salted digest stands for its text."""
    from tearmann.ledger.models import Entry, Text

    texts = dict(Text.objects.values_list("digest", "body"))
    told = ("chain", "verb", "actor_kind", "actor_ref", "subject_kind", "subject_ref", "happened_at", "body")
    rows: list[Row] = []
    for entry in Entry.objects.values(*told):
        said = json.loads(entry["body"])
        body = {name: texts.get(value, value) if isinstance(value, str) else value for name, value in said.items()}
        rows.append({**entry, "body": body})
    return rows


def _texts() -> list[Row]:
    from tearmann.ledger.models import Text

    return [{"reference": reference, "body": body} for reference, body in Text.objects.values_list("reference", "body")]


def _line(row: Row) -> str:
    return json.dumps(row, sort_keys=True, default=str)


def differences(one: Picture, other: Picture) -> list[str]:
    """What one picture holds and the other does not, a line for each row: lost (-) and too much (+)."""
    found = []
    for table in sorted(one.keys() | other.keys()):
        here, there = (Counter(map(_line, each.get(table, []))) for each in (one, other))
        found += [f"- {table} {row}" for row in (here - there).elements()]
        found += [f"+ {table} {row}" for row in (there - here).elements()]
    return found


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tearmann.settings"
    import django
    from django.conf import settings

    django.setup()
    from tearmann.casework.sealing import Sealer

    print(json.dumps(picture(Sealer(settings.TEARMANN.payload_key())), default=str))


if __name__ == "__main__":
    main()
