"""Norm folders to typed values; the only reader of norm files.

``norms/<id>/<edition>/<revision>/norm.yaml`` with ``rubrieken/*.yaml`` beside it, and
``norms/shared/<revision>/{laws,themes,sources}.yaml`` and ``norms/steps/<revision>/``.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import resources
from pathlib import Path
from typing import Any

from hkz_xlsx.norm import schema
from hkz_xlsx.norm.checks import check_part, check_shared
from hkz_xlsx.norm.guide import Guide, ReviewFile, StepsFile, check_guide
from hkz_xlsx.norm.model import Edition, NormPart, Rubriek, Shared, Topic
from hkz_xlsx.norm.rules import check_days, check_rules
from hkz_xlsx.norm.yaml_nodes import YamlDocument, read_yaml
from hkz_xlsx.problems import Problem, problem

SHARED = "shared"
STEPS = "steps"
MIGRATIONS = "migrations"
HEADS = "*/*/*/norm.yaml"


def norms_folder() -> Path:
    """Where the shipped norms are: in the wheel's data, or beside the package in a checkout."""
    packaged = Path(str(resources.files("hkz_xlsx"))) / "_data" / "norms"
    return packaged if packaged.is_dir() else Path(__file__).parents[2] / "norms"


def _fingerprint(documents: list[YamlDocument]) -> str:
    """Of the values, not of the bytes: line ends and comments do not make another norm."""
    plain = json.dumps([d.value for d in documents], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(plain.encode("utf-8")).hexdigest()


def folder_name(edition: str) -> str:
    """An edition as a folder name that every system accepts: ``2015+A1:2019`` → 2015-a1-2019."""
    return re.sub(r"[^a-z0-9]+", "-", edition.lower())


@dataclass(frozen=True, slots=True)
class Revision:
    """What the head of a norm file says it is; nothing else of it was read."""

    part: str
    edition: str
    revision: str
    draft: bool

    def __str__(self) -> str:
        return f"{self.part}@{self.edition}/{self.revision}"


class Loader:
    """Reads files of one folder; collects mistakes and the fingerprints of what was read.

    Args:
        root: the folder.
        beside: where laws, themes and sources are that the folder has not.
        label: before the names of files in messages.
    """

    def __init__(self, root: Path, beside: Loader | None = None, label: str = "") -> None:
        self.root, self._beside, self._label = root, beside, label
        self.problems: list[Problem] = []
        self.fingerprints: dict[str, str] = {}
        folders = sorted(p.parent for p in root.glob(f"{SHARED}/*/laws.yaml"))
        self._folders = {folder.name: folder for folder in folders}
        self._shared: dict[str, Shared | None] = {}
        self._heads: dict[Path, YamlDocument | None] = {}

    def every_shared(self) -> Mapping[str, Shared]:
        """Every revision of what norms share, by name."""
        found = {name: self.shared(name) for name in self._folders}
        return {name: shared for name, shared in found.items() if shared is not None}

    def shared_names(self) -> tuple[str, ...]:
        """Names of the revisions of what norms share, in order of their folders."""
        if not self._folders and self._beside is not None:
            return self._beside.shared_names()
        return tuple(self._folders)

    def shared(self, name: str) -> Shared | None:
        """A revision of what norms share; read once."""
        if name not in self._folders and self._beside is not None:
            return self._beside.shared(name)
        if name in self._folders and name not in self._shared:
            self._shared[name] = self._read_shared(self._folders[name])
        return self._shared.get(name)

    def _read(self, path: Path) -> YamlDocument | None:
        name = path.relative_to(self.root).as_posix()
        return read_yaml(path, f"{self._label}{name}", self.problems)

    def _head(self, path: Path) -> YamlDocument | None:
        """A file that says whether it is a draft; read once."""
        if path not in self._heads:
            self._heads[path] = self._read(path)
        return self._heads[path]

    def is_draft(self, path: Path) -> bool:
        """Whether ``norm.yaml`` or ``steps.yaml`` says so. Mistakes in the rest of a draft are no
        concern of those who do not ask for it."""
        document = self._head(path)
        value = document.value if document is not None else None
        return isinstance(value, Mapping) and value.get("status") == "draft"

    def revision(self, folder: Path) -> Revision:
        """What a norm folder holds, by the head of its file; by its name where that is broken."""
        document = self._head(folder / "norm.yaml")
        value = document.value if document is not None else None
        said = value if isinstance(value, Mapping) else {}
        part, edition, revision = folder.parts[-3:]
        return Revision(
            str(said.get("id") or part), str(said.get("edition") or edition),
            str(said.get("revision") or revision), self.is_draft(folder / "norm.yaml"),
        )  # fmt: skip

    def _read_shared(self, folder: Path) -> Shared | None:
        documents = [self._read(folder / f"{n}.yaml") for n in ("laws", "themes", "sources")]
        present = [d for d in documents if d is not None]
        if len(present) < len(documents):
            return None
        laws = schema.typed(present[0], schema.LawsFile, self.problems)
        themes = schema.typed(present[1], schema.ThemesFile, self.problems)
        sources = schema.typed(present[2], schema.SourcesFile, self.problems)
        if laws is None or themes is None or sources is None:
            return None
        self.problems.extend(check_shared(present, laws.laws, themes.themes, sources.sources))
        found = Shared(
            folder.name,
            {law.id: law for law in laws.laws},
            {theme.id: theme for theme in themes.themes},
            {source.id: source for source in sources.sources},
        )
        return self._with_rules(folder, found, present)

    def _with_rules(self, folder: Path, found: Shared, read: list[YamlDocument]) -> Shared | None:
        """Duties, clauses and words: a revision may have none of these files."""
        names = [n for n in ("duties", "iso9001", "words") if (folder / f"{n}.yaml").exists()]
        documents = {name: self._read(folder / f"{name}.yaml") for name in names}
        present = {name: d for name, d in documents.items() if d is not None}
        values: dict[str, Any] = {}
        if "duties" in present:
            duties = schema.typed(present["duties"], schema.DutiesFile, self.problems)
            values["duties"] = {d.id: d for d in duties.duties} if duties else None
        if "iso9001" in present:
            clauses = schema.typed(present["iso9001"], schema.ClausesFile, self.problems)
            values["clauses"] = {c.id: c for c in clauses.clauses} if clauses else None
        if "words" in present:
            words = schema.typed(present["words"], schema.WordsFile, self.problems)
            values["words"] = words.words if words else None
        if len(present) < len(names) or None in values.values():
            return None
        self.fingerprints[f"{SHARED}/{folder.name}"] = _fingerprint([*read, *present.values()])
        found = replace(found, **values)
        self.problems.extend((*check_rules(found, present), *check_days(found, read[0])))
        return found

    def guide(self, folder: Path, parts: Sequence[NormPart]) -> Guide | None:
        """A revision of the step plan, checked against the topics of ``parts``."""
        documents = [self._head(folder / "steps.yaml"), self._read(folder / "review.yaml")]
        present = [d for d in documents if d is not None]
        if len(present) < len(documents):
            return None
        steps = schema.typed(present[0], StepsFile, self.problems)
        review = schema.typed(present[1], ReviewFile, self.problems)
        if steps is None or review is None:
            return None
        found = Guide(folder.name, steps.steps, review, steps.status)
        self.fingerprints[f"{STEPS}/{folder.name}"] = _fingerprint(present)
        self.problems.extend(check_guide(present, found, parts))
        return found

    def _check_folder(self, folder: Path, head: schema.Head, document: YamlDocument) -> None:
        """The folder must say what the file says, or two revisions could pass for one."""
        expected = (head.id, folder_name(head.edition), head.revision)
        if folder.relative_to(self.root).parts != expected:
            where = document.where("revision")
            self.problems.append(problem("NORM_FOLDER", where, expected="/".join(expected)))

    def part(self, folder: Path) -> tuple[NormPart, Shared] | None:
        """A revision of a norm part, and what it shares with others; None when it is unusable."""
        head_document = self._head(folder / "norm.yaml")
        if head_document is None:
            return None
        head = schema.typed(head_document, schema.Head, self.problems)
        files = sorted((folder / "rubrieken").glob("*.yaml"))
        documents = [d for d in map(self._read, files) if d is not None]
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
        shared = self.shared(head.shared)
        if shared is None:
            where = head_document.where("shared")
            self.problems.append(
                problem("NORM_REFERENCE_UNKNOWN", where, kind="shared", value=head.shared)
            )
            return None
        by_rubriek = {r.rubriek: d for d, r in rubrieken if r is not None}
        self.problems.extend(check_part(part, head_document, by_rubriek, shared))
        return part, shared


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
        public=head.public,
    )
