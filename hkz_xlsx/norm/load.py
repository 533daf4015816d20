"""The norms that can be asked for: a `Library`, of which each part is read when it is needed.

What the files look like and how they are read stands in `norm/files.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, cached_property
from pathlib import Path

from hkz_xlsx.norm.files import HEADS, SHARED, STEPS, Loader, Revision, folder_name, norms_folder
from hkz_xlsx.norm.guide import Guide
from hkz_xlsx.norm.model import Edition, NormPart, Shared
from hkz_xlsx.norm.own import own_norms
from hkz_xlsx.problems import HkzError, Problem, Where, has_errors, problem


class Library:
    """Norm parts, newest revision first per part, and what they share; read as they are needed.

    A draft is found only by its revision.

    A workbook needs one or two parts, and reading all of them takes as long as writing it.

    Args:
        root: the folder that holds ``<id>/<edition>/<revision>``.
        strict: a mistake in what is read raises `HkzError` with every mistake of every file;
            otherwise what cannot be used is left out.
        own: a folder with sets of one's own, beside those of ``root``; where both have a revision
            of the same name it is that of ``root``.
    """

    def __init__(self, root: Path, *, strict: bool = True, own: Path | None = None) -> None:
        self._root, self._strict = root, strict
        self.own = own if own is not None and own.is_dir() else None
        shipped = norms_folder()
        shares = root == shipped or next(root.glob(f"{SHARED}/*/laws.yaml"), None) is not None
        self._loader = Loader(root, None if shares else Loader(shipped))
        self._folders, self._loaders = self._found()
        self._parts: dict[Path, NormPart | None] = {}
        self._shared: dict[Edition, Shared] = {}
        self._own_editions: set[Edition] = set()
        self._guides: dict[str, Guide | None] = {}

    def _found(self) -> tuple[tuple[Path, ...], Mapping[Path, Loader]]:
        """Folders of question sets, the newest revision first, and what reads each."""
        loaders = {head.parent: self._loader for head in self._root.glob(HEADS)}
        names = {folder.parts[-3:] for folder in loaders}
        self._hidden: tuple[Path, ...] = ()
        if self.own is not None:
            beside = Loader(self.own, self._loader, label=f"{self.own.as_posix()}/")
            mine = {head.parent: beside for head in self.own.glob(HEADS)}
            self._hidden = tuple(sorted(f for f in mine if f.parts[-3:] in names))
            loaders |= {f: one for f, one in mine.items() if f not in self._hidden}
        order = sorted(loaders, key=lambda folder: _natural(folder.parts[-3:]), reverse=True)
        return tuple(order), loaders

    @property
    def roots(self) -> tuple[Path, ...]:
        """The folder that was read, and that with sets of one's own when there is one."""
        return (self._root, self.own) if self.own is not None else (self._root,)

    @property
    def root(self) -> Path:
        """The folder that was read."""
        return self._root

    @property
    def parts(self) -> tuple[NormPart, ...]:
        """Every part, all read."""
        found = map(self._part, self._folders)
        return tuple(part for part in found if part is not None)

    @property
    def guides(self) -> Mapping[str, Guide]:
        """Every revision of the step plan, all read."""
        found = {name: self._guide(name) for name in self._steps[1]}
        return {name: guide for name, guide in found.items() if guide is not None}

    @property
    def shared_of(self) -> Mapping[Edition, str]:
        """Per part the revision of what it shares with others."""
        return {part.edition: self._shared[part.edition].revision for part in self.parts}

    @property
    def fingerprints(self) -> Mapping[str, str]:
        """Per folder of this library what its content comes to."""
        self._read_all()
        return self._loader.fingerprints

    def guide(self, revision: str = "") -> Guide | None:
        """The newest released revision of the step plan, or exactly the one named."""
        if revision:
            return self._guide(revision)
        loader, folders = self._steps
        for name in sorted(folders, key=_number_of, reverse=True):
            if not self._is_draft(loader, folders[name] / "steps.yaml"):
                return self._guide(name)
        return None

    def guide_beside(self, part: NormPart) -> Guide | None:
        """The step plan of the revision of a part, or else the newest released one.

        A draft step plan comes with a draft only. The shipped step plans beside norms of one's
        own have revisions of their own.
        """
        loader, folders = self._steps
        beside = loader is self._loader and part.edition not in self._own_editions
        own = folders.get(part.edition.revision) if beside else None
        if own is None:
            return self.guide()
        if part.status != "draft" and self._is_draft(loader, own / "steps.yaml"):
            return self.guide()
        return self._guide(own.name)

    def part(self, part_id: str, edition: str = "", revision: str = "") -> NormPart | None:
        """The newest released revision of a part, or exactly the revision named, draft or not.

        Of an edition without a revision it is the newest released one of that edition.

        Args:
            part_id: such as ``138``.
            edition: such as ``2015``; empty for the newest.
            revision: such as ``r2``; empty for the newest released one.
        """
        wanted = folder_name(edition)
        for folder in self._folders:
            if folder not in self._parts and not _promises(folder, part_id, edition, revision):
                continue
            if not revision and self._is_draft(self._loaders[folder], folder / "norm.yaml"):
                continue
            part = self._part(folder)
            if part is None or part.id != part_id:
                continue
            fits = wanted in ("", folder_name(part.edition.edition))
            if fits and revision in ("", part.edition.revision):
                return part
        return None

    @property
    def ids(self) -> tuple[str, ...]:
        """Ids of all parts, those of which there are only drafts among them."""
        return tuple(sorted({one.part for one in self.revisions()}))

    def revisions(self, part_id: str = "") -> tuple[Revision, ...]:
        """Every revision of a part or of all, drafts too, newest first; only their heads are
        read."""
        found = tuple(self._loaders[folder].revision(folder) for folder in self._folders)
        return tuple(one for one in found if part_id in ("", one.part))

    def newest(self) -> tuple[NormPart, ...]:
        """The newest released revision of every part, by id."""
        return tuple(p for p in map(self.part, self.ids) if p is not None)

    def drafts(self) -> tuple[NormPart, ...]:
        """Every draft, by id, the newest first."""
        found = [p for p in self.parts if p.status == "draft"]
        return tuple(sorted(found, key=lambda p: p.id))

    def shared_for(self, *parts: NormPart) -> Shared:
        """Laws, themes and sources that parts refer to; of two versions that of the first part."""
        found = [self._shared[part.edition] for part in reversed(parts)]
        laws = {key: law for one in found for key, law in one.laws.items()}
        themes = {key: theme for one in found for key, theme in one.themes.items()}
        sources = {key: source for one in found for key, source in one.sources.items()}
        return Shared(found[-1].revision, laws, themes, sources)

    def shared_named(self, revision: str = "") -> Shared:
        """Laws, themes and sources of one revision, those of drafts too; the newest by default.

        Raises:
            HkzError: there is no such revision, or it cannot be read.
        """
        names = self._loader.shared_names()
        newest = max(names, key=_number_of, default="")
        found = self._loader.shared(revision or newest)
        self._stop_at_mistakes(self._loader)
        if found is None:
            choices = ", ".join(names) or "–"
            asked = f"{SHARED}/{revision or newest}"
            unknown = problem("EDITION_UNKNOWN", None, norm=asked, choices=choices)
            raise HkzError(*(self._loader.problems or [unknown]))
        return found

    def problems(self) -> tuple[Problem, ...]:
        """Every mistake in every file; reads them all."""
        if not self._root.is_dir():
            return (problem("NORM_FILE_MISSING", Where(str(self._root)), detail="-"),)
        self._read_all()
        nothing = problem("NORM_FILE_MISSING", Where(str(self._root)), detail="norm.yaml")
        missing = () if self._folders else (nothing,)
        across = (*_companions_missing(self.parts), *_ids_over_parts(self.parts))
        read = dict.fromkeys((self._loader, *self._loaders.values()))
        found = (one for loader in read for one in loader.problems)
        twice = (
            problem("NORM_OWN_HIDDEN", Where((folder / "norm.yaml").as_posix()))
            for folder in self._hidden
        )
        return (*missing, *found, *twice, *across)

    def _read_all(self) -> None:
        self._loader.every_shared()
        for folder in self._folders:
            self._part(folder)
        for name in self._steps[1]:
            self._guide(name)

    def _part(self, folder: Path) -> NormPart | None:
        if folder not in self._parts:
            loader = self._loaders[folder]
            found = loader.part(folder)
            self._parts[folder] = found[0] if found else None
            if found:
                self._shared[found[0].edition] = found[1]
                if loader is not self._loader:
                    self._own_editions.add(found[0].edition)
            self._stop_at_mistakes(loader)
        return self._parts[folder]

    @cached_property
    def _steps(self) -> tuple[Loader, Mapping[str, Path]]:
        """The step plans of this folder, or the shipped ones when it has none of its own."""
        loader, folders = self._loader, _step_folders(self._root)
        if not folders:
            loader, folders = Loader(norms_folder()), _step_folders(norms_folder())
        return loader, folders

    def _is_draft(self, loader: Loader, path: Path) -> bool:
        found = loader.is_draft(path)
        self._stop_at_mistakes(loader)
        return found

    def _guide(self, name: str) -> Guide | None:
        loader, folders = self._steps
        if name in folders and name not in self._guides:
            # Of norms that are read one by one, not every topic is known yet.
            whole = loader is self._loader and not self._strict
            known = [part for part in self._parts.values() if part is not None] if whole else ()
            self._guides[name] = loader.guide(folders[name], known)
            self._stop_at_mistakes(self._loader)
        return self._guides.get(name)

    def _stop_at_mistakes(self, loader: Loader) -> None:
        """A mistake in a set of one's own keeps nobody from the others."""
        if not self._strict:
            return
        read = [part for part in self._parts.values() if part is not None]
        clash = tuple(_ids_over_parts(read))
        if has_errors(loader.problems) or (clash and self.own is None):
            raise HkzError(*read_library(loader.root)[1])
        if clash:
            raise HkzError(*clash)


def _promises(folder: Path, part_id: str, edition: str, revision: str) -> bool:
    """Whether a folder says that this part is in it; its file must say the same."""
    wanted = (part_id, edition and folder_name(edition), revision)
    pairs = zip(wanted, folder.parts[-3:], strict=True)
    return all(asked in ("", name) for asked, name in pairs)


def _step_folders(root: Path) -> Mapping[str, Path]:
    folders = sorted(p.parent for p in root.glob(f"{STEPS}/*/steps.yaml"))
    return {folder.name: folder for folder in folders}


def _number_of(revision: str) -> int:
    """``r10`` is newer than ``r9``."""
    digits = re.sub(r"\D", "", revision)
    return int(digits) if digits else 0


def _natural(names: Sequence[str]) -> list[list[tuple[int, str]]]:
    """Folder by folder, with numbers as numbers: r9 before r10, an edition before its amendment."""
    return [
        [(int(p), "") if p.isdigit() else (-1, p) for p in re.findall(r"\d+|\D+", name)]
        for name in names
    ]


def _companions_missing(parts: Sequence[NormPart]) -> Iterator[Problem]:
    ids = {part.id for part in parts}
    for part in parts:
        for other in part.together_with:
            if other not in ids:
                where = Where(f"{part.id}/…/norm.yaml")
                yield problem("NORM_REFERENCE_UNKNOWN", where, kind="together_with", value=other)


def _ids_over_parts(parts: Sequence[NormPart]) -> Iterator[Problem]:
    """An id belongs to one part: parts can stand together in one workbook."""
    owner: dict[str, str] = {}
    for part in parts:
        for _, _, requirement in part.requirements():
            if owner.setdefault(requirement.id, part.id) != part.id:
                where = Where(f"{part.id}/{folder_name(part.edition.edition)}")
                yield problem("NORM_ID_TWICE", where, id=requirement.id)


def read_library(root: Path | None = None) -> tuple[Library, tuple[Problem, ...]]:
    """Read every norm folder; all mistakes of all files come back together.

    Args:
        root: the folder that holds ``<id>/<edition>/<revision>``; by default the shipped one, with
            sets of one's own beside it.
    """
    own = own_norms() if root is None else None
    library = Library(root or norms_folder(), strict=False, own=own)
    return library, library.problems()


@cache
def _shipped(folder: Path, own: Path) -> Library:
    """The shipped norms with none beside them, which nobody changes while the program runs: what
    was read is kept, and so is what was made ready for it."""
    return Library(folder, own=own)


def newest_shared(root: Path) -> str:
    """The newest revision of what norms share, in a folder of norms; empty where there is none."""
    return max(Loader(root).shared_names(), key=_number_of, default="")


def load_library(root: Path | None = None) -> Library:
    """The library of question sets.

    A folder that is named is read whole, as its author may just have changed it. Of the shipped
    norms, which were checked before they were shipped, and of sets of one's own beside them, a
    part is read and checked when it is needed.

    Raises:
        HkzError: every mistake in the norm files that are read.
    """
    if root is None and next(norms_folder().glob(HEADS), None) is not None:
        own = own_norms()
        if not own.is_dir():
            return _shipped(norms_folder(), own)
        return Library(norms_folder(), own=own)
    library, problems = read_library(root)
    if has_errors(problems):
        raise HkzError(*problems)
    return library
