"""Norm folders to a `Library`; the only reader of norm files.

``norms/<id>/<edition>/<revision>/norm.yaml`` with ``rubrieken/*.yaml`` beside it, and
``norms/shared/<revision>/{laws,themes,sources}.yaml`` and ``norms/steps/<revision>/``.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from hkz_xlsx.norm import schema
from hkz_xlsx.norm.checks import check_part, check_shared
from hkz_xlsx.norm.guide import Guide, ReviewFile, StepsFile, check_guide
from hkz_xlsx.norm.model import Edition, NormPart, Rubriek, Shared, Topic
from hkz_xlsx.norm.yaml_nodes import Document, read_yaml
from hkz_xlsx.problems import HkzError, Problem, Where, has_errors, problem

SHARED = "shared"
STEPS = "steps"


@dataclass(frozen=True, slots=True)
class Library:
    """Every norm part found, newest revision first per part, and what they share."""

    parts: tuple[NormPart, ...]
    shared: Mapping[str, Shared]
    shared_of: Mapping[Edition, str]
    fingerprints: Mapping[str, str]
    guides: Mapping[str, Guide]

    def guide(self, revision: str = "") -> Guide | None:
        """The newest revision of the step plan, or exactly the one named."""
        return self.guides.get(revision or max(self.guides, key=_number_of, default=""))

    def part(self, part_id: str, edition: str = "", revision: str = "") -> NormPart | None:
        """The newest revision of a part, or exactly the edition and revision named."""
        found = [
            p
            for p in self.parts
            if p.id == part_id
            and edition in ("", p.edition.edition)
            and revision in ("", p.edition.revision)
        ]
        return found[0] if found else None

    def newest(self) -> tuple[NormPart, ...]:
        """The newest revision of every part, by id."""
        ids = sorted({p.id for p in self.parts})
        return tuple(p for p in map(self.part, ids) if p is not None)

    def shared_for(self, *parts: NormPart) -> Shared:
        """Laws, themes and sources that parts refer to; of two versions that of the first part."""
        found = [self.shared[self.shared_of[part.edition]] for part in reversed(parts)]
        laws = {key: law for one in found for key, law in one.laws.items()}
        themes = {key: theme for one in found for key, theme in one.themes.items()}
        sources = {key: source for one in found for key, source in one.sources.items()}
        return Shared(found[-1].revision, laws, themes, sources)


def norms_folder() -> Path:
    """Where the shipped norms are: in the wheel's data, or beside the package in a checkout."""
    packaged = Path(str(resources.files("hkz_xlsx"))) / "_data" / "norms"
    return packaged if packaged.is_dir() else Path(__file__).parents[2] / "norms"


def _number_of(revision: str) -> int:
    """``r10`` is newer than ``r9``."""
    digits = re.sub(r"\D", "", revision)
    return int(digits) if digits else 0


def _fingerprint(documents: list[Document]) -> str:
    """Of the values, not of the bytes: line ends and comments do not make another norm."""
    plain = json.dumps([d.value for d in documents], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(plain.encode("utf-8")).hexdigest()


def _natural(path: Path) -> list[list[tuple[int, str]]]:
    """Folder by folder, with numbers as numbers: r9 before r10, an edition before its amendment."""
    return [
        [(int(p), "") if p.isdigit() else (-1, p) for p in re.findall(r"\d+|\D+", name)]
        for name in path.parts
    ]


def folder_name(edition: str) -> str:
    """An edition as a folder name that every system accepts: ``2015+A1:2019`` → 2015-a1-2019."""
    return re.sub(r"[^a-z0-9]+", "-", edition.lower())


class _Loader:
    def __init__(self, root: Path) -> None:
        self.root = root
        self.problems: list[Problem] = []
        self.fingerprints: dict[str, str] = {}

    def read(self, path: Path) -> Document | None:
        return read_yaml(path, path.relative_to(self.root).as_posix(), self.problems)

    def shared(self, folder: Path) -> Shared | None:
        documents = [self.read(folder / f"{n}.yaml") for n in ("laws", "themes", "sources")]
        present = [d for d in documents if d is not None]
        if len(present) < len(documents):
            return None
        laws = schema.typed(present[0], schema.LawsFile, self.problems)
        themes = schema.typed(present[1], schema.ThemesFile, self.problems)
        sources = schema.typed(present[2], schema.SourcesFile, self.problems)
        if laws is None or themes is None or sources is None:
            return None
        self.fingerprints[f"{SHARED}/{folder.name}"] = _fingerprint(present)
        self.problems.extend(check_shared(present, laws.laws, themes.themes, sources.sources))
        return Shared(
            folder.name,
            {law.id: law for law in laws.laws},
            {theme.id: theme for theme in themes.themes},
            {source.id: source for source in sources.sources},
        )

    def guide(self, folder: Path, parts: Sequence[NormPart]) -> Guide | None:
        documents = [self.read(folder / f"{n}.yaml") for n in ("steps", "review")]
        present = [d for d in documents if d is not None]
        if len(present) < len(documents):
            return None
        steps = schema.typed(present[0], StepsFile, self.problems)
        review = schema.typed(present[1], ReviewFile, self.problems)
        if steps is None or review is None:
            return None
        found = Guide(folder.name, steps.steps, review)
        self.fingerprints[f"{STEPS}/{folder.name}"] = _fingerprint(present)
        self.problems.extend(check_guide(present, found, parts))
        return found

    def _check_folder(self, folder: Path, head: schema.Head, document: Document) -> None:
        """The folder must say what the file says, or two revisions could pass for one."""
        expected = (head.id, folder_name(head.edition), head.revision)
        if folder.relative_to(self.root).parts != expected:
            where = document.where("revision")
            self.problems.append(problem("NORM_FOLDER", where, expected="/".join(expected)))

    def part(self, folder: Path, shared: Mapping[str, Shared]) -> tuple[NormPart, str] | None:
        head_document = self.read(folder / "norm.yaml")
        if head_document is None:
            return None
        head = schema.typed(head_document, schema.Head, self.problems)
        files = sorted((folder / "rubrieken").glob("*.yaml"))
        documents = [d for d in map(self.read, files) if d is not None]
        rubrieken = [(d, schema.typed(d, schema.RubriekFile, self.problems)) for d in documents]
        if head is None or any(r is None for _, r in rubrieken) or len(documents) < len(files):
            return None
        fingerprint = _fingerprint([head_document, *documents])
        self.fingerprints[folder.relative_to(self.root).as_posix()] = fingerprint
        self._check_folder(folder, head, head_document)
        topics: dict[str, tuple[Topic, ...]] = {}
        for document, rubriek in rubrieken:
            if rubriek is not None and rubriek.rubriek in topics:
                where = document.where("rubriek")
                self.problems.append(problem("NORM_ID_TWICE", where, id=rubriek.rubriek))
            elif rubriek is not None:
                topics[rubriek.rubriek] = rubriek.topics
        part = _assemble(head, topics, fingerprint)
        if head.shared not in shared:
            where = head_document.where("shared")
            self.problems.append(
                problem("NORM_REFERENCE_UNKNOWN", where, kind="shared", value=head.shared)
            )
            return None
        by_rubriek = {r.rubriek: d for d, r in rubrieken if r is not None}
        self.problems.extend(check_part(part, head_document, by_rubriek, shared[head.shared]))
        return part, head.shared


def _ids_over_parts(parts: Sequence[NormPart]) -> Iterator[Problem]:
    """An id belongs to one part: parts can stand together in one workbook."""
    owner: dict[str, str] = {}
    for part in parts:
        for _, _, requirement in part.requirements():
            if owner.setdefault(requirement.id, part.id) != part.id:
                where = Where(f"{part.id}/{folder_name(part.edition.edition)}")
                yield problem("NORM_ID_TWICE", where, id=requirement.id)


def _assemble(
    head: schema.Head, topics: Mapping[str, tuple[Topic, ...]], fingerprint: str
) -> NormPart:
    return NormPart(
        id=head.id,
        number=head.number,
        name=head.name,
        short_name=head.short_name,
        edition=Edition(head.id, head.edition, head.revision, fingerprint[:16]),
        status=head.status,
        structure=head.structure,
        scope=head.scope,
        together_with=head.together_with,
        notice=head.notice,
        questions_note=head.questions_note,
        iso9001_relation=head.iso9001_relation,
        profile=head.profile,
        sources=head.sources,
        rubrieken=tuple(
            Rubriek(r.number, r.title, topics.get(r.number, ())) for r in head.rubrieken
        ),
    )


def _guides(loader: _Loader, parts: Sequence[NormPart]) -> Mapping[str, Guide]:
    """The step plans of this folder; a folder of one's own without any uses the shipped ones."""
    folders = sorted(p.parent for p in loader.root.glob(f"{STEPS}/*/steps.yaml"))
    if folders:
        found = [loader.guide(folder, parts) for folder in folders]
    else:
        shipped = _Loader(norms_folder())
        folders = sorted(p.parent for p in shipped.root.glob(f"{STEPS}/*/steps.yaml"))
        found = [shipped.guide(folder, ()) for folder in folders]
    return {guide.revision: guide for guide in found if guide is not None}


def read_library(root: Path | None = None) -> tuple[Library, tuple[Problem, ...]]:
    """Read every norm folder; all mistakes of all files come back together.

    Args:
        root: the folder that holds ``<id>/<edition>/<revision>``; the shipped one by default.
    """
    loader = _Loader(root or norms_folder())
    if not loader.root.is_dir():
        missing = problem("NORM_FILE_MISSING", Where(str(loader.root)), detail="-")
        return Library((), {}, {}, {}, {}), (missing,)
    shared_folders = sorted(p.parent for p in loader.root.glob(f"{SHARED}/*/laws.yaml"))
    shared = {s.revision: s for s in map(loader.shared, shared_folders) if s is not None}
    heads = sorted(loader.root.glob("*/*/*/norm.yaml"), key=_natural, reverse=True)
    if not heads:
        nothing = problem("NORM_FILE_MISSING", Where(str(loader.root)), detail="norm.yaml")
        loader.problems.append(nothing)
    loaded = [found for head in heads if (found := loader.part(head.parent, shared)) is not None]
    parts = tuple(part for part, _ in loaded)
    ids = {p.id for p in parts}
    for part in parts:
        for other in part.together_with:
            if other not in ids:
                where = Where(f"{part.id}/…/norm.yaml")
                loader.problems.append(
                    problem("NORM_REFERENCE_UNKNOWN", where, kind="together_with", value=other)
                )
    loader.problems.extend(_ids_over_parts(parts))
    guides = _guides(loader, parts)
    editions = {part.edition: name for part, name in loaded}
    library = Library(parts, shared, editions, loader.fingerprints, guides)
    return library, tuple(loader.problems)


def load_library(root: Path | None = None) -> Library:
    """The library, or `HkzError` with every mistake in the norm files."""
    library, problems = read_library(root)
    if has_errors(problems):
        raise HkzError(*problems)
    return library
