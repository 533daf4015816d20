"""Many workbooks moved to other question sets: each into a folder, never over another file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path, PurePosixPath

from hkz_xlsx.batch.output_folder import Existing, Folder, OneRun
from hkz_xlsx.layout.whose import Owner, known_as, verdict
from hkz_xlsx.machine.faults import told
from hkz_xlsx.machine.filenames import UniqueNames, safe_name
from hkz_xlsx.machine.supervise import Supervisor
from hkz_xlsx.norm.load import Library
from hkz_xlsx.problems import HkzError, Problem, Where, problem
from hkz_xlsx.returned.many import FileOutcome, norms_of, outcomes
from hkz_xlsx.rework.migrate import Migrated, migrate_one
from hkz_xlsx.scoring.cell_values import CellValue
from hkz_xlsx.spreadsheet.sources import sources


@dataclass(frozen=True, slots=True)
class Moved:
    """What became of one file.

    ``output`` is the name of the new workbook, empty when none was made; ``result`` holds no bytes
    any more. ``state`` is moved, same (nothing to change), there (a run before made it), twice
    (the same content as another file), refused or skipped (no workbook).
    """

    file: str
    state: str
    output: str = ""
    result: Migrated | None = None
    problems: tuple[Problem, ...] = ()

    def cells(self) -> Mapping[str, CellValue]:
        """For a table, by column key; numbers are missing where nothing was moved."""
        one = self.result
        return {
            "state": self.state, "output": self.output,
            "old": ", ".join(one.old) if one else "", "new": ", ".join(one.new) if one else "",
            "carried": float(one.carried) if one else None,
            "shown": float(one.shown) if one else None,
            "listed": float(one.listed) if one else None,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class MoveOptions:
    """How a run goes.

    Attributes:
        folder: where the new workbooks come.
        to: question sets, as `hkz_xlsx.rework.migrate.target` takes them.
        existing: what happens to a file that is there: refused, or kept when it is the same.
        dry: only say what would become of each file; nothing is made.
        jobs: number of processes.
    """

    folder: Path
    to: tuple[str, ...] = ()
    existing: Existing = "keep"
    dry: bool = False
    jobs: int = 1


def move_all(
    paths: Sequence[Path],
    options: MoveOptions,
    library: Library,
    step: Callable[[], None] = lambda: None,
) -> tuple[Moved, ...]:
    """Move every workbook named, in a folder or in a zip; in the order of the files.

    Args:
        paths: files, folders and zips.
        options: where to and how.
        library: the norms with their crosswalks.
        step: called for every file.

    Raises:
        HkzError: another run is at work in the folder, or nothing can be written there.
    """
    folder, dry = options.folder, options.dry
    with nullcontext() if dry else OneRun(folder):
        found = (source for path in paths for source in sources([path], folder))
        work = partial(migrate_one, to=options.to, dry=dry)
        results = outcomes(found, work, norms_of(library), Supervisor(options.jobs))
        place = Folder(folder, options.existing, never=True)
        return _both_told(tuple(_each(results, place, step, dry=dry)))


def _both_told(moved: tuple[Moved, ...]) -> tuple[Moved, ...]:
    """Of two clients with one workbook nobody can see whose it was: the one that was moved, as it
    came first, says so too."""
    other = {
        one.slots["other"]: one.where.file
        for each in moved for one in each.problems if one.code == "MIGRATE_OTHER_CLIENT"
    }  # fmt: skip
    return tuple(
        replace(
            one,
            problems=(
                *one.problems,
                problem("MIGRATE_ONE_NUMBER", Where(one.file), other=other[one.file]),
            ),
        )
        if one.file in other
        else one
        for one in moved
    )


def _each(
    results: Iterable[FileOutcome[Migrated]], place: Folder, step: Callable[[], None], *, dry: bool
) -> Iterator[Moved]:
    names, first, owners = UniqueNames(), dict[str, str](), dict[str, tuple[str, Owner]]()
    for one in results:
        file = one.source.label
        step()
        if one.source.skipped:
            yield Moved(file, "skipped")
            continue
        if one.again:
            other = first.get(one.sha256, "–")
            twice = problem("FILE_DUPLICATE", Where(file), other=other)
            yield Moved(file, "twice", problems=(twice,))
            continue
        first.setdefault(one.sha256, file)
        result = one.found
        if result is None:
            yield Moved(file, "refused", problems=one.problems)
            continue
        strange = _of_another(file, result.owner, owners)
        if strange:
            yield Moved(file, "refused", problems=strange)
            continue
        label = " - ".join(PurePosixPath(file).with_suffix("").parts)
        name = f"{names.unused(safe_name(label))}.xlsx"
        yield _placed(Moved(file, "same" if result.same else "moved", name, result), place, dry=dry)


def _placed(moved: Moved, place: Folder, *, dry: bool) -> Moved:
    """In the folder, or the reason why not."""
    result = moved.result
    if result is None:
        return moved
    bare = replace(moved, result=replace(result, data=b""), problems=result.problems)
    if dry:
        return bare
    try:
        new = place.put(moved.output, result.data)
    except HkzError as fault:
        return replace(bare, state="refused", output="", problems=fault.problems)
    except OSError as fault:
        place.clean()
        raise HkzError(told(place.path / moved.output, fault)) from None
    return bare if new else replace(bare, state="there")


def _of_another(
    file: str, owner: Owner, owners: dict[str, tuple[str, Owner]]
) -> tuple[Problem, ...]:
    """A copy of one client's workbook that another client filled in."""
    if not owner.workbook_id:
        return ()
    other, known = owners.setdefault(owner.workbook_id, (file, owner))
    if verdict(known, owner).reason != "kvk_differs":
        return ()
    slots = {"ours": known_as(known), "theirs": known_as(owner), "other": other}
    return (problem("MIGRATE_OTHER_CLIENT", Where(file), **slots),)
