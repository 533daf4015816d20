"""For authors of question sets: a commented skeleton, and rows as text cells and back.

A question set goes through a spreadsheet without loss: `rows_of` makes the cells, `rubriek_yaml`
makes the files that the loader reads back to the same set.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from hkz_xlsx.norm.checks import REQUIREMENT_ID
from hkz_xlsx.norm.files import folder_name
from hkz_xlsx.norm.model import NormPart, Requirement, Rubriek, Topic
from hkz_xlsx.norm.schema import RubriekFile, typed
from hkz_xlsx.norm.yaml_nodes import Lines, YamlDocument
from hkz_xlsx.problems import Problem, Where, problem

TEXT_COLUMNS = (
    "rubriek", "topic", "catalogue", "title_nl", "title_en", "id", "question_nl", "question_en",
    "tip_nl", "tip_en", "evidence_nl", "evidence_en",
)  # fmt: skip
LIST_COLUMNS = ("themes", "laws", "iso9001", "sources")
COLUMNS = (
    *TEXT_COLUMNS, "weight", "core", "evidence_rule", "na_allowed", "funding", "activities",
    *LIST_COLUMNS, "confidence", "duty",
)  # fmt: skip
"""Columns of the review sheet, in order; their names are the header and never translated."""

OPTIONAL_COLUMNS = ("duty",)
"""Not in sheets that were made before there were duties."""

_WIDTHS = {"question": 46.0, "tip": 50.0, "evidence": 40.0, "title": 28.0}

Row = Mapping[str, str]


def column_width(name: str) -> float:
    """Width of a column of the review sheet, in characters."""
    return next((width for start, width in _WIDTHS.items() if name.startswith(start)), 14.0)


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def _cells(rubriek: Rubriek, topic: Topic, row: Requirement) -> Row:
    when = row.when
    return {
        "rubriek": rubriek.number,
        "topic": topic.id,
        "catalogue": topic.catalogue,
        "title_nl": topic.title.nl,
        "title_en": topic.title.en,
        "id": row.id,
        "question_nl": row.question.nl,
        "question_en": row.question.en,
        "tip_nl": row.tip.nl,
        "tip_en": row.tip.en,
        "evidence_nl": "\n".join(row.evidence.nl),
        "evidence_en": "\n".join(row.evidence.en),
        "weight": str(row.weight),
        "core": _yes(row.core),
        "evidence_rule": row.evidence_rule,
        "na_allowed": _yes(row.na_allowed),
        "funding": ", ".join(when.funding) if when else "",
        "activities": ", ".join(when.activities) if when else "",
        "themes": ", ".join(row.themes),
        "laws": ", ".join(row.laws),
        "iso9001": ", ".join(row.iso9001),
        "sources": ", ".join(row.sources),
        "confidence": row.confidence,
        "duty": row.duty,
    }


def rows_of(part: NormPart) -> Iterator[Row]:
    """Every requirement as cells of text; lists by comma, examples by line."""
    for rubriek, topic, row in part.requirements():
        yield _cells(rubriek, topic, row)


def _list(text: str) -> list[str]:
    return [item.strip() for item in text.split(",") if item.strip()]


def _plain(row: Row) -> dict[str, object]:
    """One row as the YAML loader would have read it."""
    found: dict[str, object] = {"id": row["id"]}
    if row["duty"]:
        found["duty"] = row["duty"]
    for name in ("question", "tip"):
        found[name] = {"nl": row[f"{name}_nl"], "en": row[f"{name}_en"]}
    found["evidence"] = {
        lang: [line.strip() for line in row[f"evidence_{lang}"].split("\n") if line.strip()]
        for lang in ("nl", "en")
    }
    for name in ("weight", "core", "evidence_rule", "na_allowed"):
        found[name] = row[name]
    when = {key: _list(row[key]) for key in ("funding", "activities") if _list(row[key])}
    if when:
        found["when"] = when
    for name in LIST_COLUMNS:
        found[name] = _list(row[name])
    found["confidence"] = row["confidence"]
    return found


@dataclass(frozen=True, slots=True)
class Placed:
    """A row with the place it was read from, and that of each of its columns, for messages."""

    cells: Row
    where: Where
    places: Mapping[str, str] = field(default_factory=dict)

    def at(self, column: str) -> Where:
        """The cell of a column."""
        return replace(self.where, cell=self.places.get(column, self.where.cell))


def _grouped(rows: Sequence[Placed]) -> dict[str, list[dict[str, object]]]:
    """Topics per rubriek, in the order in which they first stand in the sheet."""
    rubrieken: dict[str, list[dict[str, object]]] = {}
    for placed in rows:
        cells = placed.cells
        topics = rubrieken.setdefault(cells["rubriek"], [])
        topic = next((t for t in topics if t["id"] == cells["topic"]), None)
        if topic is None:
            title = {"nl": cells["title_nl"], "en": cells["title_en"]}
            topic = {
                "id": cells["topic"], "catalogue": cells["catalogue"], "title": title,
                "requirements": [],
            }  # fmt: skip
            topics.append(topic)
        requirements = topic["requirements"]
        if isinstance(requirements, list):
            requirements.append(_plain(placed.cells))
    return rubrieken


def _contradictions(rows: Sequence[Placed]) -> Iterator[Problem]:
    """One id for two rows, or one topic with two titles: nothing is chosen silently."""
    ids: set[str] = set()
    topics: dict[tuple[str, str], Row] = {}
    for placed in rows:
        cells = placed.cells
        if cells["id"] in ids:
            yield problem("NORM_ID_TWICE", placed.where, id=cells["id"])
        ids.add(cells["id"])
        first = topics.setdefault((cells["rubriek"], cells["topic"]), cells)
        for column in ("catalogue", "title_nl", "title_en"):
            if cells[column] != first[column]:
                yield problem(
                    "NORM_ROW_WRONG", placed.at(column), column=column, value=cells[column],
                    detail=first[column],
                )  # fmt: skip


def check_rows(rows: Sequence[Placed]) -> Iterator[Problem]:
    """Every cell that cannot be part of a question set, row by row."""
    yield from _contradictions(rows)
    for placed in rows:
        number = placed.cells["rubriek"]
        if not RUBRIEK_NUMBER.fullmatch(number):
            yield problem(
                "NORM_ROW_WRONG", placed.at("rubriek"), column="rubriek", value=number, detail="–"
            )
        if not REQUIREMENT_ID.fullmatch(placed.cells["id"]):
            yield problem("NORM_ID_FORM", placed.where, id=placed.cells["id"])
        single: dict[str, object] = {"rubriek": number, "topics": _grouped([placed])[number]}
        found: list[Problem] = []
        typed(YamlDocument("", single, Lines(1, {})), RubriekFile, found)
        columns = [_column(fault.slots["path"]) for fault in found]
        for column, fault in zip(columns, found, strict=True):
            if not column and any(columns):
                continue  # what holds a wrong cell is short of it
            yield problem(
                "NORM_ROW_WRONG", placed.at(column), column=column or "–",
                value=fault.slots["value"], detail=fault.slots["detail"],
            )  # fmt: skip


def _column(path: str) -> str:
    """The column that a place in a norm file stands in; empty when it is none."""
    return "_".join(n for n in path.split(".") if not n.isdigit() and n not in _STRUCTURE)


RUBRIEK_NUMBER = re.compile(r"[A-Za-z0-9]{1,8}")
_STRUCTURE = ("topics", "requirements", "when")


def rubriek_yaml(rows: Sequence[Placed]) -> dict[str, str]:
    """YAML text per rubriek number; what the loader reads back is what stood in the rows."""
    texts = {}
    for number, topics in _grouped(rows).items():
        lines = [f"rubriek: {quoted(number)}", "topics:"]
        for topic in topics:
            lines += [
                f"  - id: {quoted(topic['id'])}",
                f"    catalogue: {quoted(topic['catalogue'])}",
            ]
            lines += [f"    title: {_flow(topic['title'])}", "    requirements:"]
            requirements = topic["requirements"]
            for row in requirements if isinstance(requirements, list) else []:
                lines += _row_lines(row)
        texts[number] = "\n".join(lines) + "\n"
    return texts


def quoted(text: object) -> str:
    """A double-quoted YAML scalar: JSON's form is YAML's."""
    return json.dumps(str(text), ensure_ascii=False)


def _flow(value: object) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{k}: {_flow(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_flow(item) for item in value) + "]"
    return quoted(value)


def _row_lines(row: Mapping[str, object]) -> Iterator[str]:
    start = "      - "
    for key, value in row.items():
        if key in ("question", "tip", "evidence") and isinstance(value, Mapping):
            yield f"{start}{key}:"
            yield from (f"          {lang}: {_flow(text)}" for lang, text in value.items())
        else:
            yield f"{start}{key}: {_flow(value)}"
        start = "        "


PLACEHOLDERS = frozenset({
    "HKZ …", "Volledige naam", "Full name", "Korte naam", "Short name", "Voor wie is deze norm?",
    "For whom is this norm?", "Eerste rubriek", "First rubriek", "Eerste onderwerp", "First topic",
    "Ligt er een afspraak op papier die iedereen kent?",
    "Is there an agreement on paper that everyone knows?",
})  # fmt: skip
"""Texts of the skeleton that an author puts others in the place of."""

SKELETON_HEAD = """\
# A question set: see docs/norm-format.md for every key.
# Put this file in norms/{id}/{folder}/{revision}/norm.yaml, next to a folder rubrieken/.
id: "{id}"
number: "HKZ …"            # as printed in public; never a paragraph number
name: {{nl: "Volledige naam", en: "Full name"}}
short_name: {{nl: "Korte naam", en: "Short name"}}
edition: "{edition}"          # NEN's edition
revision: "{revision}"            # ours: a new one for every change after release
status: draft             # draft | released (frozen by `hkz norms check --lock`)
shared: "{shared}"
structure: standalone     # sector (brings its together_with along) | organisation | standalone
scope: {{nl: "Voor wie is deze norm?", en: "For whom is this norm?"}}
together_with: []         # for a sector part: ["123"]
notice:
  nl: "HKZ-normen zijn eigendom van NEN. Dit werkboek bevat geen normtekst."
  en: "HKZ norms are the property of NEN. This workbook contains no norm text."
questions_note:
  nl: "De vragen zijn in onze eigen woorden geschreven."
  en: "The questions are our own words."
iso9001_relation: {{nl: "Niet bepaald.", en: "Not determined."}}
sources: []
rubrieken:
  - number: "1"
    title: {{nl: "Eerste rubriek", en: "First rubriek"}}
profile:                  # thresholds of the indication, in percent; target maturity 0-4
  answered_min: "90"
  not_ready_below: "60"
  ready_score: "90"
  ready_substantiated: "75"
  target_maturity: "3"
"""

SKELETON_RUBRIEK = """\
rubriek: "1"
topics:
  - id: eerste-onderwerp          # slug, unique in this part
    catalogue: eigen              # where the topic comes from
    title: {nl: "Eerste onderwerp", en: "First topic"}
    requirements:
      - id: PREFIX-101            # two to four capitals, dash, three digits; never used again
        question:                 # one thing, at most 26 words, answerable with Voldoet/deels/niet
          nl: "Ligt er een afspraak op papier die iedereen kent?"
          en: "Is there an agreement on paper that everyone knows?"
        tip:                      # what a small organisation really does to get there
          nl: "Eén bladzijde is genoeg. Bespreek die eens per jaar in het team."
          en: "One page is enough. Talk about it with the team once a year."
        evidence:                 # one to six things that can be shown
          nl: ["Afspraak met datum", "Verslag van teamoverleg"]
          en: ["Agreement with a date", "Minutes of a team meeting"]
        weight: "1"               # 1 gewoon, 2 belangrijk, 3 essentieel
        core: "no"                # yes: one that fails decides the indication
        evidence_rule: required   # required | optional
        na_allowed: "yes"         # "no" for a kerneis without `when`
        # when: {funding: [wmo], activities: [schuldhulp]}   # only for some organisations
        themes: []                # ids of norms/shared/SHARED/themes.yaml
        laws: []                  # ids of norms/shared/SHARED/laws.yaml
        # duty: meldcode          # id of norms/shared/SHARED/duties.yaml, if the row asks for it
        iso9001: []
        confidence: general       # seen | seen-scope | seen-rubriek | inferred | practice | general
        sources: []               # ids of norms/shared/SHARED/sources.yaml
"""


def skeleton(part_id: str, edition: str, shared: str) -> dict[str, str]:
    """File name (below the folder of norms) → commented text of a new question set.

    Args:
        part_id: such as ``mijn-norm``.
        edition: of the norm.
        shared: revision of the laws, themes and sources that its rows may name.
    """
    folder = folder_name(edition)
    letters = re.sub(r"[^A-Z]", "", part_id.upper())[:4]
    prefix = letters if len(letters) > 1 else "NEW"
    slots = {"id": part_id, "edition": edition, "revision": "r1", "folder": folder}
    rows = SKELETON_RUBRIEK.replace("PREFIX", prefix).replace("SHARED", shared)
    return {
        f"{part_id}/{folder}/r1/norm.yaml": SKELETON_HEAD.format(**slots, shared=shared),
        f"{part_id}/{folder}/r1/rubrieken/rubriek-1.yaml": rows,
    }
