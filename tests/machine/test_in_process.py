"""Work in this very process where the caller chose it; and nowhere else."""

from __future__ import annotations

import subprocess
import threading
from pathlib import Path

import pytest

from hkz_xlsx.machine.in_process import in_this_process, lost
from hkz_xlsx.machine.limits import LIMITS
from hkz_xlsx.machine.supervise import InternalError, NoProcessError, Supervisor, Worker
from hkz_xlsx.norm.load import load_library
from hkz_xlsx.problems import HkzError, Where, problem
from hkz_xlsx.returned.check import check_sources
from hkz_xlsx.returned.read import read_workbook
from hkz_xlsx.spreadsheet.open import open_workbook
from hkz_xlsx.writing.workbook import write_workbook
from tests.support import plan_of, random_inputs

CALLS: list[bytes] = []


def measure(data: bytes) -> int:
    CALLS.append(data)
    return len(data)


def refuse(_: object) -> str:
    raise HkzError(problem("FILE_EMPTY", Where("a.xlsx")))


def eat(_: object) -> str:
    raise MemoryError


def fail(_: object) -> str:
    return dict[str, str]()["our mistake"]


def flood(_: object) -> bytes:
    return b"x" * (LIMITS.answer + 1)


@pytest.fixture(autouse=True)
def _no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in WebAssembly: neither a process nor a thread starts."""

    def refused(*_: object, **__: object) -> None:
        raise OSError(38, "no")

    monkeypatch.setattr(subprocess, "Popen", refused)
    monkeypatch.setattr(threading.Thread, "start", refused)
    CALLS.clear()


@pytest.fixture(scope="module")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    plan = plan_of("nl", "143")
    path = tmp_path_factory.mktemp("in_process") / "werkboek.xlsx"
    path.write_bytes(write_workbook(plan, random_inputs(plan, 1)))
    return path


class Page:
    """Remembers as the page does."""

    def __init__(self) -> None:
        self.answers: dict[str, bytes] = {}
        self.begun: list[str] = []

    def known(self, call: str) -> bytes | None:
        return self.answers.get(call)

    def begins(self, call: str, file: str) -> None:  # noqa: ARG002 - as the protocol
        self.begun.append(file)

    def ends(self, call: str, body: bytes) -> None:
        self.answers[call] = body


def test_without_that_choice_a_process_that_cannot_start_is_refused() -> None:
    with pytest.raises(NoProcessError, match="PROCESS_REFUSED"), Worker() as worker:
        worker.run("a.xlsx", measure, b"")
    with in_this_process(), Worker() as worker:
        assert worker.run("a.xlsx", measure, b"12") == 2
    with pytest.raises(NoProcessError, match="PROCESS_REFUSED"), Worker() as worker:
        worker.run("a.xlsx", measure, b"")


@pytest.mark.parametrize(
    ("function", "code"), [(refuse, "FILE_EMPTY"), (eat, "FILE_MEMORY"), (flood, "FILE_MEMORY")]
)
def test_refusals_are_those_of_a_worker(function: object, code: str) -> None:
    with in_this_process(), Worker() as worker, pytest.raises(HkzError, match=code):
        worker.run("a.xlsx", function, b"")  # type: ignore[arg-type]  # any of these


def test_our_own_mistake_stays_one() -> None:
    with in_this_process(), Worker() as worker, pytest.raises(InternalError, match="our mistake"):
        worker.run("a.xlsx", fail, b"")


def test_many_files_in_order_without_a_thread() -> None:
    with in_this_process(), Supervisor(4) as supervisor:
        found = list(supervisor.map(measure, [("a", b"1"), ("b", b"22"), ("c", b"")]))
    assert found == [("a", 1), ("b", 2), ("c", 0)]


def test_a_workbook_reads_and_checks_as_in_a_process(workbook: Path) -> None:
    library = load_library()
    with in_this_process():
        here = read_workbook(workbook, library)
        run = check_sources([workbook], library)
    other = open_workbook(workbook, inline=True)
    assert here.raw
    assert (run.tally.read, run.tally.refused) == (1, 0)
    with in_this_process():
        assert open_workbook(workbook) == other


def test_limits_that_do_not_need_a_process_hold(tmp_path: Path) -> None:
    big = tmp_path / "groot.xlsx"
    with big.open("wb") as file:
        file.truncate(LIMITS.file + 1)
    with in_this_process(), pytest.raises(HkzError, match="FILE_TOO_BIG"):
        open_workbook(big)


def test_who_looks_on_can_say_what_became_of_a_file() -> None:
    page = Page()
    with in_this_process(page), Supervisor(1) as supervisor:
        files = [("a", b"1"), ("b", b"22")]
        list(supervisor.map(measure, files))
        assert (page.begun, CALLS) == (["a", "b"], [b"1", b"22"])
        # The second time one is known, and of the other the page says that it took too long.
        _, second = page.answers
        page.answers[second] = lost("FILE_TIME")
        found = dict(supervisor.map(measure, files))
    assert CALLS == [b"1", b"22"]
    assert found["a"] == 1
    assert [p.code for p in found["b"]] == ["FILE_TIME"]  # type: ignore[union-attr]  # problems
