"""Every command that writes, on small inputs: what it is given, and which files it makes."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from click.testing import CliRunner, Result

from hkz_xlsx.cli.main import cli
from hkz_xlsx.writing.workbook import write_workbook
from tests.portfolio.field import member

NORM = "125"
"""A small one, so that a run costs little."""

NEXT = f"{NORM}@2009/r2"
"""The question set that follows on it."""


@dataclass(frozen=True)
class Inputs:
    """Files to read, all in one folder."""

    folder: Path

    def __truediv__(self, name: str) -> str:
        return str(self.folder / name)


def make_inputs(folder: Path, returns: int = 3) -> Inputs:
    """Two returns of one norm, a folder of returns, a client list, a manifest, a norms folder."""
    folder.mkdir(parents=True, exist_ok=True)
    back = folder / "retour"
    back.mkdir()
    for seed in range(returns):
        (back / f"retour-{seed:03d}.xlsx").write_bytes(member(seed).data())
    first = member(1)
    same = back / "retour-001.xlsx"
    (folder / "een.xlsx").write_bytes(same.read_bytes() if same.exists() else first.data())
    whose = {a: value for a, value in first.inputs.items() if a.table == "organisation"}
    other = {**member(2).inputs, **whose}
    (folder / "twee.xlsx").write_bytes(write_workbook(first.plan, other))
    with (folder / "klanten.csv").open("w", encoding="utf-8", newline="") as file:
        head = ["Naam", "Norm", "Peildatum"]
        rows = [head, *([f"Klant {n}", NORM, "1-3-2026"] for n in range(4))]
        csv.writer(file, delimiter=";").writerows(rows)
    here("batch", folder / "klanten.csv", "-o", folder / "uitgezet", "--jobs", 1)
    here("norms", "to-xlsx", NORM, "-o", folder / "vragen.xlsx")
    here("norms", "new", "proef", "-d", folder / "normen")
    return Inputs(folder)


def here(*arguments: object) -> Result:
    """Run a command in this process."""
    return CliRunner().invoke(cli, [str(a) for a in arguments])


Arguments = Callable[[Inputs, Path], list[str]]


@dataclass(frozen=True)
class Command:
    """A command; ``made`` are the files that it writes in its output folder.

    ``prepared`` is a folder of the inputs that is copied to the output first; ``anew``: the
    command reads the file when it is there, so that it is only made anew.
    """

    name: str
    arguments: Arguments
    made: tuple[str, ...]
    prepared: str = ""
    anew: bool = False

    def prepare(self, inputs: Inputs, out: Path) -> None:
        if self.prepared:
            shutil.copytree(inputs.folder / self.prepared, out, dirs_exist_ok=True)


def _one(name: str, file: str, *more: str) -> Command:
    kind = file.rpartition(".")[2]
    label = f"{name} {kind}" if name in ("analyze", "compare") else name
    return Command(
        label,
        lambda i, out: [
            *name.split(), *(word.format(i=i.folder) for word in more), "-o", str(out / file),
            "--force",
        ],
        (file,),
    )  # fmt: skip


SIGNED = ("--name", "J. Jansen", "--date", "2026-12-01")

REPORTS = ("html", "docx", "pdf", "xlsx", "md", "json")

COMMANDS = (
    _one("generate", "w.xlsx", NORM, "--organisation", "De Brug"),
    *(_one("analyze", f"r.{kind}", "{i}/een.xlsx") for kind in REPORTS),
    _one("compare", "v.html", "{i}/een.xlsx", "{i}/twee.xlsx"),
    _one("repair", "h.xlsx", "{i}/een.xlsx"),
    _one("merge", "s.xlsx", "{i}/een.xlsx", "{i}/twee.xlsx"),
    _one("sign", "a.xlsx", "{i}/een.xlsx", *SIGNED),
    _one("norms to-xlsx", "q.xlsx", NORM),
    Command(
        "check",
        lambda i, out: ["check", i / "retour", "--xlsx", str(out / "c.xlsx"), "--force"],
        ("c.xlsx",),
    ),
    Command(
        "merge decisions",
        lambda i, out: [
            "merge", i / "een.xlsx", i / "twee.xlsx", "-o", str(out / "s.xlsx"),
            "--rule", "ask-file", "--decisions", str(out / "besluiten.xlsx"),
        ],
        ("besluiten.xlsx",),
        anew=True,
    ),
    Command(
        "analyze folder",
        lambda i, out: [
            "analyze", i / "retour", "-o", str(out / "rapporten"), "--force",
            "--format", "html,json",
        ],
        tuple(
            f"rapporten/{name}"
            for name in (
                "index.html", "index.xlsx",
                *(
                    f"Stichting {n:03d} -b-=1+1--b- - Hoofdkantoor.{kind}"
                    for n in range(3)
                    for kind in ("html", "json")
                ),
            )
        ),
    ),
    Command(
        "batch",
        lambda i, out: ["batch", i / "klanten.csv", "-o", str(out), "--jobs", "1", "--force"],
        (*(f"Klant {n} 125.xlsx" for n in range(4)), "manifest.csv", "manifest.json"),
    ),
    Command(
        "migrate",
        lambda i, out: [
            "migrate", i / "retour", "-o", str(out), "--to", NEXT, "--resume", "--jobs", "1",
        ],
        tuple(f"retour-{n:03d}.xlsx" for n in range(3)),
        anew=True,
    ),
    Command(
        "split",
        lambda i, out: [
            "split", i / "een.xlsx", "--by", "rubriek", "-o", str(out), "--resume",
        ],
        (
            "een - 1 van 4 - 1 Plan- risico's kennen en kiezen.xlsx",
            "een - 2 van 4 - 2 Do- veilig werken, melden en open zijn.xlsx",
            "een - 3 van 4 - 3 Check- onderzoeken, meten en toetsen.xlsx",
            "een - 4 van 4 - 4 Act- verbeteren, leren en bijstellen.xlsx",
        ),
        anew=True,
    ),
    Command(
        "norms crosswalk",
        lambda _, out: [
            "norms", "crosswalk", f"{NORM}@2009/r1", NEXT, "--format", "oscal",
            "-o", str(out / "o.json"), "--force",
        ],
        ("o.json",),
    ),
    Command(
        "batch example",
        lambda _, out: ["batch", "--example", "-o", str(out / "k.xlsx"), "--force"],
        ("k.xlsx",),
    ),
    Command(
        "collect",
        lambda i, out: [
            "collect", i / "uitgezet", "--manifest", i / "uitgezet/manifest.csv", "--force",
            "-o", str(out / "stand.xlsx"), "-o", str(out / "stand.json"), "--jobs", "1",
        ],
        ("stand.xlsx", "stand.json"),
    ),
    Command(
        "aggregate reports",
        lambda i, out: [
            "aggregate", i / "portfolio", "--force",
            *(
                word
                for kind in ("html", "xlsx", "csv", "parquet")
                for word in ("-o", str(out / f"v.{kind}"))
            ),
        ],
        ("v.html", "v.xlsx", "v.csv", "v.parquet"),
    ),
    Command(
        "norms new",
        lambda _, out: ["norms", "new", "proef", "-d", str(out), "--force"],
        ("proef/2026/r1/norm.yaml", "proef/2026/r1/rubrieken/rubriek-1.yaml"),
    ),
    Command(
        "norms from-xlsx",
        lambda i, out: ["norms", "from-xlsx", i / "vragen.xlsx", "-d", str(out), "--force"],
        ("rubriek-1.yaml", "rubriek-2.yaml", "rubriek-3.yaml", "rubriek-4.yaml"),
    ),
    Command(
        "norms check --lock",
        lambda _, out: ["norms", "check", str(out), "--lock", "--force"],
        ("lock.yaml",),
        prepared="normen",
    ),
    Command(
        "demo",
        lambda _, out: ["demo", str(out), "--force"],
        (
            "werkboek-leeg.xlsx", "werkboek-half-ingevuld.xlsx", "gap-rapport.html",
            "gap-rapport.json",
        ),
    ),
)  # fmt: skip
