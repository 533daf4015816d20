"""A crosswalk in the formats of others: SSSOM (a table of mappings) and OSCAL (a control mapping).

Both are made of the same crosswalk: what it says of the rows it names, and the rows that it
leaves as they are. Cardinality and coverage are counted, never typed.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import NAMESPACE_URL, uuid5

import yaml

from hkz_xlsx.norm.files import folder_name
from hkz_xlsx.norm.migrations import Crosswalk, CrosswalkStep
from hkz_xlsx.norm.model import Edition, NormPart
from hkz_xlsx.norm.routes import kept_rows
from hkz_xlsx.text import Lang, say

OSCAL_VERSION = "1.2.0"
"""The first in which there are mappings."""

_OURS = "urn:hkz-xlsx:"
_LICENSE = "https://spdx.org/licenses/MIT"
_NOTHING = "sssom:NoTermFound"
_SET_WORDS: Mapping[str, str] = {
    "equal": "equal-to", "superset": "superset-of", "subset": "subset-of",
    "intersects": "intersects-with",
}  # fmt: skip
_PAIR_WORDS: Mapping[str, str] = {
    "equal": "skos:exactMatch", "superset": "skos:narrowMatch", "subset": "skos:broadMatch",
    "intersects": "skos:relatedMatch",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Judged:
    """A crosswalk with the question sets at its ends."""

    crosswalk: Crosswalk
    old: NormPart
    new: NormPart

    @property
    def name(self) -> str:
        """As a route names it."""
        return f"{self.crosswalk.source}--{self.crosswalk.target}"

    def steps(self) -> Iterator[CrosswalkStep]:
        """Every step, then the rows that stayed the same question."""
        yield from self.crosswalk.steps
        for row in kept_rows(self.crosswalk, self.old, self.new):
            yield CrosswalkStep(row, (row,), (row,), "equal")


def _about(step: CrosswalkStep, lang: Lang) -> str:
    """Why, in the words of who judged it; of a row that nobody had to judge, that it stayed."""
    text = step.why.get(lang) if step.why else say(lang, "crosswalk.kept")
    return " ".join(text.split())


def _urn(edition: Edition) -> str:
    return f"{_OURS}{_named(edition)}"


def _named(edition: Edition) -> str:
    """A question set as a part of an address."""
    return f"{edition.part}:{folder_name(edition.edition)}:{edition.revision}"


def _pair(step: CrosswalkStep) -> str:
    """What one old row says about one new row of a step.

    Of a split one old row holds more than each new one; of rows put together each holds less.
    """
    if len(step.old) == 1 and len(step.new) == 1:
        return _PAIR_WORDS[step.relation]
    if len(step.old) == 1 and step.relation in ("equal", "superset"):
        return _PAIR_WORDS["superset"]
    if len(step.new) == 1 and step.relation in ("equal", "subset"):
        return _PAIR_WORDS["subset"]
    return _PAIR_WORDS["intersects"]


_COLUMNS = (
    "subject_id", "subject_label", "predicate_id", "object_id", "object_label",
    "mapping_justification", "mapping_cardinality", "comment",
)  # fmt: skip


def as_sssom(judged: Judged, lang: Lang) -> str:
    """SSSOM: tab-separated, with what is said of the whole as comments above it.

    Args:
        judged: the crosswalk and its ends.
        lang: of questions and reasons.
    """
    lines = ["\t".join(_COLUMNS)]
    lines += ["\t".join(map(_cell, line)) for line in _mappings(judged, lang)]
    head = yaml.safe_dump(_set(judged, lang), sort_keys=False, allow_unicode=True, width=1000)
    return "".join(f"#{line}\n" for line in head.splitlines()) + "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    """Without what ends a cell or a line."""
    return " ".join(text.split())


def _set(judged: Judged, lang: Lang) -> dict[str, object]:
    old, new = judged.old.edition, judged.new.edition
    made = judged.crosswalk.made
    return {
        "curie_map": {"OLD": f"{_urn(old)}:", "NEW": f"{_urn(new)}:", "HKZ": _OURS, "urn": "urn:"},
        "mapping_set_id": f"urn:hkz-xlsx:crosswalk:{judged.name}",
        "mapping_set_title": say(lang, "crosswalk.title", old=old, new=new),
        "mapping_set_version": f"{old.fingerprint}-{new.fingerprint}",
        "mapping_date": made.on,
        "subject_source": f"HKZ:{_named(old)}",
        "subject_source_version": old.fingerprint,
        "object_source": f"HKZ:{_named(new)}",
        "object_source_version": new.fingerprint,
        "license": _LICENSE,
    }


def _mappings(judged: Judged, lang: Lang) -> Iterator[Sequence[str]]:
    labels = [
        {row.id: row.question.get(lang) for _, _, row in part.requirements()}
        for part in (judged.old, judged.new)
    ]
    steps = tuple(judged.steps())
    pairs = [(a, b) for step in steps for a in step.old for b in step.new]
    ways, ends = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    for step in steps:
        by_hand = "ManualMappingCuration" if step.why else "LexicalMatching"
        last = f"semapv:{by_hand}"
        why = _about(step, lang)
        for a in step.old:
            for b in step.new:
                many = f"{'n' if ends[b] > 1 else 1}:{'n' if ways[a] > 1 else 1}"
                yield (
                    f"OLD:{a}", labels[0][a], _pair(step), f"NEW:{b}", labels[1][b], last, many,
                    why,
                )  # fmt: skip
            if not step.new:
                gone = ("skos:exactMatch", _NOTHING, "", last, "1:0", why)
                yield (f"OLD:{a}", labels[0][a], *gone)
        if not step.old:
            for b in step.new:
                came = ("skos:exactMatch", f"NEW:{b}", labels[1][b], last, "0:1", why)
                yield (_NOTHING, "", *came)


def as_oscal(judged: Judged, lang: Lang) -> str:
    """OSCAL: a mapping collection as JSON.

    Args:
        judged: the crosswalk and its ends.
        lang: of questions and reasons.
    """
    crosswalk, old, new = judged.crosswalk, judged.old.edition, judged.new.edition
    title = say(lang, "crosswalk.title", old=old, new=new)
    reached = {row for step in judged.steps() if step.old for row in step.new}
    share = round(len(reached) / sum(1 for _ in judged.new.requirements()), 4)
    mapping = {
        "uuid": _uuid(judged, "mapping"),
        "source-resource": {"type": "catalog", "href": f"#{_uuid(judged, str(old))}"},
        "target-resource": {"type": "catalog", "href": f"#{_uuid(judged, str(new))}"},
        "maps": [_map(judged, step, lang) for step in judged.steps() if step.old and step.new],
        **_gap(judged, "source", [row for s in crosswalk.steps if not s.new for row in s.old]),
        **_gap(judged, "target", [row for s in crosswalk.steps if not s.old for row in s.new]),
        "coverage": {"generation-method": "arbitrary", "target-coverage": share},
    }
    found = {
        "mapping-collection": {
            "uuid": _uuid(judged, "collection"),
            "metadata": {
                "title": title,
                "last-modified": f"{crosswalk.made.on}T00:00:00+00:00",
                "version": f"{old.fingerprint}-{new.fingerprint}",
                "oscal-version": OSCAL_VERSION,
            },
            "provenance": {
                "method": "human",
                "matching-rationale": "semantic",
                "status": "complete" if crosswalk.status == "released" else "draft",
                "mapping-description": say(lang, "crosswalk.about"),
            },
            "mappings": [mapping],
            "back-matter": {
                "resources": [
                    {"uuid": _uuid(judged, str(e)), "title": str(e), "description": _urn(e)}
                    for e in (old, new)
                ]
            },
        }
    }
    return json.dumps(found, ensure_ascii=False, indent=2) + "\n"


def _map(judged: Judged, step: CrosswalkStep, lang: Lang) -> dict[str, object]:
    said = {
        "uuid": _uuid(judged, f"map {' '.join(step.old)} > {' '.join(step.new)}"),
        "relationship": _SET_WORDS[step.relation],
        "sources": [{"type": "control", "id-ref": row} for row in step.old],
        "targets": [{"type": "control", "id-ref": row} for row in step.new],
    }
    rationale = {} if step.why else {"matching-rationale": "syntactic"}
    return {**said, **rationale, "remarks": _about(step, lang)}


def _gap(judged: Judged, side: str, rows: Sequence[str]) -> dict[str, object]:
    """Rows that only one of the two sets has."""
    if not rows:
        return {}
    ids = {"uuid": _uuid(judged, side), "unmapped-controls": [{"with-ids": list(rows)}]}
    return {f"{side}-gap-summary": ids}


def _uuid(judged: Judged, what: str) -> str:
    """The same crosswalk gives the same one; another version of a set another."""
    ends = f"{judged.old.edition.fingerprint} {judged.new.edition.fingerprint}"
    return str(uuid5(NAMESPACE_URL, f"urn:hkz-xlsx:{judged.name} {ends} {what}"))
