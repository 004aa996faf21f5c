"""The operational tables, a file per noun."""

from tearmann.casework.models.alert import Alert
from tearmann.casework.models.assessment import Assessment, Hit, StoredLink
from tearmann.casework.models.case import Case, NamedReader
from tearmann.casework.models.clock import Clock
from tearmann.casework.models.listing import ListVersion
from tearmann.casework.models.party import CasePerson, Identifier, LinkKey, Party, PersonRole, StoredReference
from tearmann.casework.models.payload import Payload
from tearmann.casework.models.policy import ApprovedPolicy, TriageSwitch
from tearmann.casework.models.referral import Relation, StoredReferral

__all__ = [
    "Alert",
    "ApprovedPolicy",
    "Assessment",
    "Case",
    "CasePerson",
    "Clock",
    "Hit",
    "Identifier",
    "LinkKey",
    "ListVersion",
    "NamedReader",
    "Party",
    "Payload",
    "PersonRole",
    "Relation",
    "StoredLink",
    "StoredReference",
    "StoredReferral",
    "TriageSwitch",
]
