"""Read a whole profile from its directory, or say everything that is wrong with it."""

from __future__ import annotations

from pathlib import Path

from tearmann.errors import ProfileError
from tearmann.profile.ages import read_ages
from tearmann.profile.calendar import read_calendar
from tearmann.profile.clocks import read_clocks
from tearmann.profile.force import Force, read_heading
from tearmann.profile.rows import Cited, Faults, ProfileFile
from tearmann.profile.sources import Source, Standing, read_source
from tearmann.profile.units import read_units
from tearmann.profile.vocabularies import Vocabulary, check_all_there, read_vocabularies

SHIPPED = Path(__file__).resolve().parents[1] / "profiles"
"""Where the profiles lie that come with the product."""

FILES = ("force.toml", "sources.toml", "units.toml", "calendar.toml", "clocks.toml", "ages.toml", "vocabularies.toml")


def shipped() -> tuple[str, ...]:
    """Return the names of the forces that come with the product."""
    return tuple(sorted(path.parent.name for path in SHIPPED.glob("*/force.toml")))


def load(name_or_path: str | Path) -> Force:
    """Return the force of a shipped name ("demo", "scotland") or of a directory.

    Raises ProfileError with every fault at once: file, table, row and what would do.
    """
    directory = _directory(name_or_path)
    faults = Faults()
    force = _read(directory, faults)
    for path in sorted(directory.glob("*.toml")):
        if path.name not in FILES:
            faults.add(path.name, f"is not read by anything; the files of a profile are {', '.join(FILES)}")
    if faults.says or force is None:
        listed = "\n".join(f"  {says}" for says in faults.says)
        raise ProfileError(f"the profile in {directory} has {len(faults.says)} fault(s):\n{listed}")
    return force


def _directory(name_or_path: str | Path) -> Path:
    if isinstance(name_or_path, str) and name_or_path in shipped():
        return SHIPPED / name_or_path
    path = Path(name_or_path)
    if not path.is_dir():
        raise ProfileError(
            f"there is no profile '{name_or_path}'; expected {', '.join(shipped())}, or a directory with {FILES[0]}"
        )
    return path


def _read(directory: Path, faults: Faults) -> Force | None:
    source_file, sources = _read_sources(directory, faults)
    cited: dict[str, Cited] = {source.key: source for source in sources}

    def file(name: str) -> ProfileFile:
        return ProfileFile(directory / name, faults=faults, sources=cited)

    force_file, unit_file, calendar_file = file("force.toml"), file("units.toml"), file("calendar.toml")
    clock_file, age_file, vocabulary_file = file("clocks.toml"), file("ages.toml"), file("vocabularies.toml")

    heading_row = force_file.table("force")
    heading = read_heading(heading_row) if heading_row else None
    if heading_row:
        heading_row.finish()
    units, teams, facts = read_units(unit_file)
    if heading and heading.default_unit and heading.default_unit not in {unit.code for unit in units}:
        force_file.fault(f"default_unit '{heading.default_unit}' has no sound row in units.toml; add or mend it")
    calendar = read_calendar(calendar_file, time_zone=heading.time_zone if heading else "UTC")
    vocabularies = read_vocabularies(vocabulary_file, _product_words(faults))
    check_all_there(vocabulary_file, vocabularies)
    source_codes = {term.code for term in vocabularies["sources"].terms} if "sources" in vocabularies else set()
    clocks = read_clocks(clock_file, calendar, source_codes)
    ages = read_ages(age_file)

    files = (force_file, source_file, unit_file, calendar_file, clock_file, age_file, vocabulary_file)
    for one in files:
        one.finish()
    _check_invented(files, sources, invented=force_file.invented)
    if heading is None:
        return None
    return Force(
        code=heading.code,
        name=heading.name,
        invented=force_file.invented,
        note=force_file.note,
        version=heading.version,
        time_zone=heading.time_zone,
        region=heading.region,
        source=heading.source,
        time_zone_source=heading.time_zone_source,
        units=units,
        teams=teams,
        clocks=clocks,
        calendar=calendar,
        vocabularies=vocabularies,
        age_rules=ages,
        facts=facts,
        sources=sources,
        default_unit=heading.default_unit,
    )


def _read_sources(directory: Path, faults: Faults) -> tuple[ProfileFile, tuple[Source, ...]]:
    file = ProfileFile(directory / "sources.toml", faults=faults)
    sources = file.read("source", read_source)
    seen: set[str] = set()
    for source in sources:
        if source.key in seen:
            file.fault(f"two sources have the key '{source.key}'; give each its own")
        seen.add(source.key)
    return file, sources


def _product_words(faults: Faults) -> dict[str, Vocabulary]:
    """Return the vocabularies that come with the product, each of which a profile may adopt by name."""
    _, sources = _read_sources(SHIPPED / "product", faults)
    cited: dict[str, Cited] = {source.key: source for source in sources}
    file = ProfileFile(SHIPPED / "product" / "vocabularies.toml", faults=faults, sources=cited)
    return read_vocabularies(file, {})


def _check_invented(files: tuple[ProfileFile, ...], sources: tuple[Source, ...], *, invented: bool) -> None:
    """An invented value must not slip into a real force, nor a demonstration pass for real."""
    for file in files:
        if not file.is_there or file.invented == invented:
            continue
        if invented:
            file.fault("does not say that it is invented, but the force is; put 'invented = true' at its top")
        else:
            file.fault("says that it is invented, but the force is not; replace its values by the force's own")
    for source in sources:
        if source.standing is Standing.INVENTED and not invented:
            files[1].fault(f"source '{source.key}' is invented, but the force is not; name where the value is from")
