"""Draw one invented referral after another: who is in it, what they share with earlier ones, what is at risk."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random

from tearmann.records import PartyRole
from tearmann.synthetic import hashes, people, volumes
from tearmann.synthetic.sketch import FileSeen, IpEvent, Pool, Seen, Shape, Sketch, Timing
from tearmann.synthetic.variety import FLOOD_SHARE, MAKES, SOURCES, Deck, Make

FIRST_REFERENCE = 10_000_000
EVENTS = ("Login", "Login", "Login", "Registration", "Upload", "Other", "Unknown")

# The chance that a person of the pool has not been in a referral before. The rest are taken at random from all
# earlier appearances, so that who has appeared often appears oftener (Yule's process: a Zipf-like tail).
NEW = {Pool.ADULT: 0.74, Pool.CHILD: 0.8, Pool.UNDER_AGE: 0.8, Pool.VICTIM: 0.86}
AGES = {Pool.ADULT: (18, 72), Pool.CHILD: (12, 17), Pool.UNDER_AGE: (7, 11), Pool.VICTIM: (6, 17)}
AGE_STATED = {Pool.ADULT: 0.45, Pool.CHILD: 0.9, Pool.UNDER_AGE: 0.95, Pool.VICTIM: 0.75}


class Draw:
    """Draws sketches in order of arrival. What it keeps of the past is a few machine words a person."""

    def __init__(self, *, seed: int, sources: bool) -> None:
        """sources: from all senders; if not, all from NCMEC."""
        self._rng = Random(seed)
        self._shapes = Deck({shape: make.share for shape, make in MAKES.items()}, self._rng)
        self._sources = Deck(SOURCES if sources else {"ncmec": 1}, self._rng)
        self._appearances = {pool: array("l") for pool in Pool}
        self._household = array("l")  # by person
        self._age = array("b")  # by person, at first appearance
        self._last_number = array("l")  # by person: the last referral that they were in, 0 for none
        self._households = 0
        self._new_files = 0
        self._referrals = 0

    def year(self, *, count: int, until: date, days: int) -> Iterator[Sketch]:
        """Yield `count` sketches, in order of arrival, all before `until`."""
        rng = self._rng
        flooding = round(count * FLOOD_SHARE) if count >= 20 else 0
        busy = volumes.weights(until=until, days=days, rng=rng)
        ordinary = volumes.shares(count - flooding, busy, rng)
        flood = volumes.flood(flooding, days=days, rng=rng)
        for on, usual, extra in zip(volumes.days_of(until=until, days=days), ordinary, flood, strict=True):
            thin = set(rng.sample(range(usual + extra), extra))
            for place, at in enumerate(volumes.times(on, usual + extra, rng)):
                yield self._thin(at) if place in thin else self._ordinary(at)

    def _next_number(self) -> int:
        self._referrals += 1
        return self._referrals

    def _thin(self, at: datetime) -> Sketch:
        """One of a flood from one sender: a mark and a time."""
        make = MAKES[Shape.THIN_GENERATED]
        number = self._next_number()
        # A third come with a file's hashes, the rest with nothing at all.
        files = self._files(make, at, number, most=1) if number % 3 == 0 else ()
        return Sketch(
            number=number,
            reference=reference_of(number),
            arrives_at=at,
            source="ncmec",
            shape=Shape.THIN_GENERATED,
            incident_type=make.incident_type,
            incident_at=at - timedelta(hours=1 + number % 40),
            platform="Example Images",
            files=files,
        )

    def _ordinary(self, at: datetime) -> Sketch:
        rng = self._rng
        source = self._sources.draw()
        shape = Shape.WEB_PAGE if source == "iwf" else self._shapes.draw()
        make = MAKES[shape]
        number = self._next_number()
        incident_at = at - timedelta(seconds=self._age_in_seconds())
        if shape is Shape.SPARSE:
            return Sketch(
                number=number,
                reference=reference_of(number),
                arrives_at=at,
                source=source,
                shape=shape,
                incident_type=make.incident_type,
                incident_at=incident_at,
                reporter=False,
            )
        seen = self._people(make, at, incident_at, number)
        reported = next((one for one in seen if one.role is PartyRole.REPORTED), None)
        platform = reported.platform if reported else people.PLATFORMS[rng.randrange(6)]
        return Sketch(
            number=number,
            reference=reference_of(number),
            arrives_at=at,
            source=source,
            shape=shape,
            incident_type=make.incident_type,
            incident_at=incident_at,
            platform=platform,
            people=seen,
            files=self._files(make, at, number, most=4, events=reported.ip_events if reported else ()),
            risks=make.risks,
            annotations=make.annotations,
            batched=shape is Shape.MEME,
            urgent=rng.random() < make.urgent,
            provider_priority=1 + rng.randrange(3) if source == "nca_drb" else None,
            url=f"https://pages.example.org/{number}" if shape is Shape.WEB_PAGE else None,
            narrative=f"Invented narrative for referral {number}." if rng.random() < 0.6 else None,
        )

    def _age_in_seconds(self) -> int:
        """Return how old an event is when it arrives: mostly weeks, some nearly a year, some beyond."""
        rng = self._rng
        roll = rng.random()
        if roll < 0.70:
            low, high = 0, 60
        elif roll < 0.85:
            low, high = 60, 300
        elif roll < 0.95:
            low, high = 300, 364
        else:
            low, high = 366, 500
        return 600 + rng.randrange(low * 86_400, high * 86_400)

    def _people(self, make: Make, at: datetime, incident_at: datetime, number: int) -> tuple[Seen, ...]:
        seen: list[Seen] = []
        taken: set[int] = set()
        household: int | None = None
        if make.reported is not None:
            one = self._choose(make.reported, taken, at_home_with=None)
            seen.append(self._see(one, make.reported, PartyRole.REPORTED, at, incident_at, number))
            household = self._household[one]
        for _ in range(make.recipients):
            one = self._choose(Pool.ADULT, taken, at_home_with=None)
            seen.append(self._see(one, Pool.ADULT, PartyRole.RECIPIENT, at, incident_at, number))
        for _ in range(make.victims):
            together = household if make.lives_with_reported else None
            one = self._choose(Pool.VICTIM, taken, at_home_with=together)
            seen.append(self._see(one, Pool.VICTIM, PartyRole.VICTIM, at, incident_at, number))
        return tuple(seen)

    def _choose(self, pool: Pool, taken: set[int], *, at_home_with: int | None) -> int:
        """Return a person of the pool who is not in this referral yet: a new one, or one of earlier referrals."""
        rng, appearances = self._rng, self._appearances[pool]
        one = -1
        if appearances and at_home_with is None and rng.random() >= NEW[pool]:
            one = appearances[rng.randrange(len(appearances))]
        if one < 0 or one in taken:
            one = self._invent(pool, at_home_with)
        taken.add(one)
        appearances.append(one)
        return one

    def _invent(self, pool: Pool, at_home_with: int | None) -> int:
        rng = self._rng
        if at_home_with is not None:
            household = at_home_with
        elif self._households and rng.random() < 0.05:
            household = self._households - 1  # two people at one address, who are not one person
        else:
            household = self._households
            self._households += 1
        youngest, oldest = AGES[pool]
        self._household.append(household)
        self._age.append(rng.randint(youngest, oldest))
        self._last_number.append(0)
        return len(self._household) - 1

    def _see(self, one: int, pool: Pool, role: PartyRole, at: datetime, incident_at: datetime, number: int) -> Seen:
        """Describe a person as a sender would: richly, in part, or by an account alone."""
        rng = self._rng
        household = self._household[one]
        age = self._age[one]
        usual, other = people.platforms(one)
        platform = usual if rng.random() < 0.8 else other
        richness = rng.random()
        rich, thin = richness < 0.35, richness >= 0.75
        by_account = rng.random() < 0.5
        last = self._last_number[one]
        self._last_number[one] = number
        stated = rng.random() < AGE_STATED[pool]
        return Seen(
            person=one,
            household=household,
            pool=pool,
            role=role,
            true_age=age,
            age=age if stated else None,
            name=people.name(one) if rich and rng.random() < 0.5 else None,
            born=people.born(age, on=at.date()) if rich and stated and not last and one % 4 == 0 else None,
            email=people.email(one) if rich or (not thin and rng.random() < 0.5) else None,
            phone=people.phone(one) if rich or (not thin and rng.random() < 0.3) else None,
            phone_as_national=number % 5 == 0,
            handle=people.handle(one) if not (thin and by_account) else None,
            display_name=people.display_name(one) if rich and number % 3 == 0 else None,
            platform=platform,
            account=people.account(one, platform) if not thin or by_account else None,
            devices=self._devices(one, household) if rich else (),
            address=people.address(household) if rich and rng.random() < 0.4 else None,
            ip_events=self._ip_events(household, incident_at, how_many=0 if thin else 1 + rng.randrange(3 + rich)),
            earlier=reference_of(last) if last else None,
            earlier_stated=bool(last) and role is PartyRole.REPORTED and rng.random() < 0.35,
            # The schema gives an intended recipient no associated account.
            linked=self._linked(one, pool, usual if platform == other else other)
            if rich and one % 7 == 0 and role is not PartyRole.RECIPIENT
            else None,
        )

    def _devices(self, one: int, household: int) -> tuple[tuple[str, str], ...]:
        roll = self._rng.random()
        own = (people.own_device(one),) if roll < 0.5 else ()
        return (*own, people.shared_device(household)) if 0.4 < roll < 0.7 else own

    def _linked(self, one: int, pool: Pool, platform: str) -> Seen:
        return Seen(
            person=one,
            household=self._household[one],
            pool=pool,
            role=PartyRole.ASSOCIATED,
            true_age=self._age[one],
            email=people.email(one),
            handle=people.handle(one),
            platform=platform,
            account=people.account(one, platform),
        )

    def _ip_events(self, household: int, incident_at: datetime, *, how_many: int) -> tuple[IpEvent, ...]:
        rng = self._rng
        events = []
        for _ in range(how_many):
            carrier = rng.random() < 0.3
            address = people.carrier_exit(rng.randrange(people.CARRIER_EXITS)) if carrier else people.home_ip(household)
            roll = rng.random()
            events.append(
                IpEvent(
                    address=address,
                    at=incident_at - timedelta(seconds=rng.randrange(20 * 86_400)),
                    event=EVENTS[rng.randrange(len(EVENTS))],
                    # Behind a carrier the port matters, and every fifth sender leaves it out.
                    port=rng.randint(1_024, 65_535) if roll < (0.8 if carrier else 0.3) else None,
                    proxy=None if roll < 0.9 else roll < 0.95,
                    carrier=carrier,
                    zone_stated=rng.random() >= 0.04,
                )
            )
        return tuple(events)

    def _files(
        self, make: Make, at: datetime, number: int, *, most: int, events: tuple[IpEvent, ...] = ()
    ) -> tuple[FileSeen, ...]:
        if make.files is None:
            return ()
        how_many = 1 + int(most * self._rng.random() ** 3)  # mostly one
        return tuple(
            self._file(make, at, number, key, events[key % len(events)] if events and key < 3 else None)
            for key in range(1, how_many + 1)
        )

    def _file(self, make: Make, at: datetime, number: int, key: int, event: IpEvent | None) -> FileSeen:
        rng = self._rng
        near = False
        if make.files == "known":
            file = hashes.VIRAL + int((hashes.KNOWN - hashes.VIRAL) * rng.random() ** 2)
            near = rng.random() < 0.08
        elif make.files == "viral":
            file = int(hashes.VIRAL * rng.random() ** 2)
        elif make.files == "meme":
            file = hashes.FIRST_MEME + int(hashes.MEMES * rng.random() ** 2)
        elif self._new_files and rng.random() < 0.15:
            file = hashes.FIRST_NEW + self._new_files - 1 - int(min(60, self._new_files) * rng.random())
        else:
            file = hashes.FIRST_NEW + self._new_files
            self._new_files += 1
        all_hashes = (
            hashes.near_copy(file, copy=number * 8 + key, bits=rng.randint(2, 24)) if near else hashes.of_file(file)
        )
        roll = rng.random()
        # Most senders give MD5 alone, or with one more; near copies are of use only with their PDQ.
        kinds = all_hashes if near or roll < 0.25 else all_hashes[:2] if roll < 0.6 else all_hashes[:1]
        mark = rng.random()
        known = make.files in ("known", "viral")
        return FileSeen(
            key=key,
            number=file,
            file_id=hashes.file_id(number, key),
            hashes=kinds,
            known=known and not near,
            near=near,
            classification=hashes.code_of(file) if known and mark < 0.7 else None,
            annotations=make.file_annotations,
            viewed=None if mark < 0.3 else mark < 0.75,
            metadata_viewed=True if mark > 0.95 else None,
            public=None if roll < 0.5 else roll < 0.6,
            uploaded=event.at if event and mark < 0.6 else None,
            ip_event=event,
            timing=Timing.BEFORE if mark < 0.15 else Timing.LATER if roll > 0.85 else Timing.WITH,
        )


def reference_of(number: int) -> str:
    """Return the sender's reference of a referral: eight digits, so that a file can be named after it."""
    return str(FIRST_REFERENCE + number)
