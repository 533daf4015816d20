"""A file that aborts, hangs, eats memory or floods costs itself only, whatever the command."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from hkz_xlsx.layout.client import client_inputs
from hkz_xlsx.writing.base import Stamper
from hkz_xlsx.writing.workbook import write_workbook
from tests.portfolio.field import member
from tests.support import plan_of

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="limits of a process; /proc")

DEADLY = Path(__file__).parent / "deadly"
PARENT = 200
"""MiB that the parent may take."""


@dataclass(frozen=True)
class Ended:
    code: int
    output: str
    errors: str
    most: float
    """MiB of the parent at most."""


def run(*arguments: object) -> Ended:
    environment = {**os.environ, "PYTHONPATH": str(DEADLY)}
    process = subprocess.Popen(
        [sys.executable, "-m", "hkz_xlsx", *map(str, arguments)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment,
    )  # fmt: skip
    most = [0.0]

    def watch() -> None:
        status = Path(f"/proc/{process.pid}/status")
        while process.poll() is None:
            for line in status.read_text().splitlines() if status.exists() else ():
                if line.startswith("VmHWM"):
                    most[0] = int(line.split()[1]) / 1024
            time.sleep(0.05)

    watcher = threading.Thread(target=watch)
    watcher.start()
    output, errors = process.communicate()
    watcher.join()
    return Ended(process.returncode, output, errors, most[0])


def field(folder: Path, count: int, killers: list[str]) -> None:
    """So many files, of which the killers stand evenly among the others."""
    folder.mkdir()
    plan = plan_of("nl", "125")
    answered = write_workbook(plan, member(1).inputs)
    stamper = Stamper(plan)
    every = count // len(killers)
    for number in range(count):
        path = folder / f"{number:04d}.xlsx"
        kind, rest = divmod(number, every)
        if rest == every // 2 and kind < len(killers):
            path.write_bytes(f"DOE\n{killers[kind]:<20}{number}".encode())
        elif number == 0:
            path.write_bytes(answered)
        else:
            known = {"name": f"Organisatie {number}", "kvk": f"{number:08d}"}
            path.write_bytes(stamper.make(client_inputs(plan, known, None)))


CODES = {
    "ABORT": "FILE_DIED", "FLOOD": "FILE_DIED", "EAT": "FILE_MEMORY", "HANG": "FILE_TIME",
    "HANG BRIEFLY": "FILE_TIME",
}  # fmt: skip


def _expected(killers: list[str]) -> dict[str, int]:
    found = [CODES[one] for one in killers]
    return {code: found.count(code) for code in dict.fromkeys(found)}


def _in_all_commands(root: Path, count: int, killers: list[str], commands: str) -> None:
    files = root / "retour"
    field(files, count, killers)
    good, expected = count - len(killers), _expected(killers)
    for command in commands.split():
        began = time.monotonic()
        match command:
            case "aggregate":
                ended = run("aggregate", files, "-o", root / "p", "--jobs", 2)
                assert json.loads((root / "p" / "portfolio.json").read_text())["found"] == {
                    "found": count, "read": good, "refused": len(killers), "ignored": 0,
                    "duplicate": 0,
                }  # fmt: skip
                sql = "select reason, count(*) as n from files where state = 'refused' group by 1"
                told = run("query", sql, "-p", root / "p", "--format", "json")
                codes = {row["reason"]: row["n"] for row in json.loads(told.output)}
            case "check":
                ended = run("check", files, "--json")
                data = json.loads(ended.output)
                assert (data["found"]["read"], data["found"]["refused"]) == (good, len(killers))
                reasons = [f["problems"][0]["code"] for f in data["files"] if not f["usable"]]
                codes = {code: reasons.count(code) for code in dict.fromkeys(reasons)}
            case _:
                ended = run("analyze", files, "-o", root / "uit", "--format", "json")
                assert len(list((root / "uit").glob("*.json"))) == good
                codes = {code: ended.output.count(f": {code} ") for code in expected}
        took = time.monotonic() - began
        assert ended.code == 1
        assert codes == expected
        assert "Traceback" not in ended.errors
        for flood in ("y" * 100, "z" * 100):
            assert flood not in ended.errors + ended.output, "what a worker floods is passed on"
        assert ended.most < PARENT, ended.most
        print(
            f"{command}: {count} files, {len(killers)} killers, {good} results, parent at most "
            f"{ended.most:.0f} MiB, {took:.0f} s"
        )


@pytest.mark.parametrize("command", ["aggregate", "check", "analyze"])
def test_a_few_killers(command: str, tmp_path: Path) -> None:
    """Forty files for the portfolio, twelve for the others."""
    killers = ["ABORT", "EAT", "HANG BRIEFLY", "FLOOD"]
    _in_all_commands(tmp_path, 40 if command == "aggregate" else 12, killers, command)


@pytest.mark.proof
@pytest.mark.parametrize("command", ["aggregate", "check", "analyze"])
def test_fifty_killers_among_a_thousand(command: str, tmp_path: Path) -> None:
    """Those that hang do so until their ten seconds of processor time are over."""
    killers = [("ABORT", "EAT", "FLOOD", "HANG", "ABORT")[n % 5] for n in range(50)]
    _in_all_commands(tmp_path, 1_000, killers, command)
