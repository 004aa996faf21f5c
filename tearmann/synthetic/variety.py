"""How often each kind of referral comes, and what each is made of. Ours; shares are parts of 200.

Shares are dealt from a shuffled deck and not drawn one by one, so that every kind is there in any 200 referrals.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Generic, TypeVar

from tearmann.records import RiskCode
from tearmann.synthetic.sketch import Part, Pool, Shape

IMAGES = "Child Pornography (possession, manufacture, and distribution)"
ENTICEMENT = "Online Enticement of Children for Sexual Acts"
MOLESTATION = "Child Sexual Molestation"
UNSOLICITED = "Unsolicited Obscene Material Sent to a Child"
MISLEADING = "Misleading Words or Digital Images on the Internet"


@dataclass(frozen=True, slots=True, kw_only=True)
class Make:
    """What a kind of referral is made of. files: "known", "new", "viral", "meme" or none."""

    incident_type: str
    share: int
    reported: Pool | None = Pool.ADULT
    victims: int = 0
    recipients: int = 0
    files: str | None = None
    risks: tuple[RiskCode, ...] = ()
    annotations: tuple[str, ...] = ()
    file_annotations: tuple[str, ...] = ()
    urgent: float = 0.0  # the chance of the sender's emergency flag
    lives_with_reported: bool = False


MAKES: Mapping[Shape, Make] = {
    Shape.KNOWN_FILES: Make(incident_type=IMAGES, share=50, files="known"),
    Shape.NEW_FILES: Make(incident_type=IMAGES, share=38, files="new"),
    Shape.VIRAL: Make(incident_type=IMAGES, share=14, files="viral", file_annotations=("viral",)),
    Shape.MEME: Make(incident_type=IMAGES, share=8, files="meme", file_annotations=("potentialMeme",)),
    Shape.ENTICEMENT: Make(incident_type=ENTICEMENT, share=18, victims=1, annotations=("csamSolicitation",)),
    Shape.SEXTORTION: Make(
        incident_type=ENTICEMENT,
        share=10,
        victims=1,
        files="new",
        risks=(RiskCode.SEXTORTION,),
        annotations=("sextortion",),
        urgent=0.4,
    ),
    Shape.SELF_HARM: Make(incident_type=ENTICEMENT, share=4, victims=1, risks=(RiskCode.SELF_HARM,), urgent=0.6),
    Shape.COERCION: Make(
        incident_type=ENTICEMENT, share=4, victims=1, files="new", risks=(RiskCode.COERCION,), urgent=0.3
    ),
    Shape.PLANNED_CONTACT: Make(
        incident_type=ENTICEMENT, share=3, victims=1, risks=(RiskCode.PLANNED_CONTACT,), urgent=0.7
    ),
    Shape.LIVES_WITH: Make(
        incident_type=MOLESTATION,
        share=3,
        victims=1,
        files="new",
        risks=(RiskCode.LIVES_WITH,),
        urgent=0.5,
        lives_with_reported=True,
    ),
    Shape.NEAR: Make(incident_type=MOLESTATION, share=3, victims=2, risks=(RiskCode.NEAR,), urgent=0.3),
    Shape.DANGER_NOW: Make(incident_type=MOLESTATION, share=3, victims=1, risks=(RiskCode.DANGER_NOW,), urgent=1.0),
    Shape.SADISTIC: Make(
        incident_type=ENTICEMENT,
        share=2,
        victims=1,
        risks=(RiskCode.SADISTIC_EXPLOITATION, RiskCode.COERCION),
        annotations=("sadisticOnlineExploitation",),
        urgent=0.8,
    ),
    Shape.MINOR_TO_MINOR: Make(
        incident_type=UNSOLICITED,
        share=5,
        reported=Pool.CHILD,
        victims=1,
        annotations=("minorToMinorInteraction",),
    ),
    Shape.CHILD_REPORTED: Make(
        incident_type=IMAGES,
        share=8,
        reported=Pool.CHILD,
        files="new",
        file_annotations=("possibleSelfProduction",),
    ),
    Shape.CHILD_UNDER_AGE: Make(
        incident_type=UNSOLICITED,
        share=3,
        reported=Pool.UNDER_AGE,
        victims=1,
        annotations=("minorToMinorInteraction",),
    ),
    Shape.ADULT_RECIPIENT: Make(incident_type=IMAGES, share=8, recipients=1, files="known"),
    Shape.WEB_PAGE: Make(incident_type=MISLEADING, share=6, reported=None, files="new"),
    Shape.SPARSE: Make(incident_type=IMAGES, share=10, reported=None),
    Shape.THIN_GENERATED: Make(
        incident_type=IMAGES, share=0, reported=None, files="new", file_annotations=("generativeAi",)
    ),
}
FLOOD_SHARE = 0.06  # of all referrals; outside the deck, since a flood comes all at once

SOURCES: Mapping[str, int] = {"ncmec": 172, "nca_drb": 12, "iwf": 4, "public": 5, "partner": 7}

# What comes on top of a referral: parts of 100 referrals.
EXTRAS: Mapping[Part | None, int] = {
    Part.RESEND: 2,
    Part.CHANGED_RESEND: 2,
    Part.FILE_DETAILS: 3,  # the details of a file more, days later: all that a CyberTipline report can be added to by
    Part.MALFORMED: 3,
    None: 90,
}
# And of 50 rows of a batch.
ROW_EXTRAS: Mapping[Part | None, int] = {
    Part.RESEND: 2,
    Part.CHANGED_RESEND: 2,
    Part.SUPPLEMENT: 4,
    Part.MALFORMED: 2,
    None: 40,
}


T = TypeVar("T")


class Deck(Generic[T]):
    """Cards in the given numbers, shuffled; when they are out, shuffled again."""

    def __init__(self, quotas: Mapping[T, int], rng: Random) -> None:
        self._cards = [card for card, many in quotas.items() for _ in range(many)]
        self._left: list[T] = []
        self._rng = rng

    def draw(self) -> T:
        if not self._left:
            self._left = self._cards.copy()
            self._rng.shuffle(self._left)
        return self._left.pop()
