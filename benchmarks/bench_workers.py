"""Our supervised workers beside pebble's ProcessPool: the same calls, the same killers.

python -m benchmarks.bench_workers [number of ordinary calls] [--rounds N]

Ordinary calls read a small file and answer with some kilobytes. Among them come files that a
process does not survive: it is aborted, ends itself, spends its time, waits for ever, or wants
more memory than it may have. Told are the results of ordinary calls that were lost, whether each
killer was named with the right cause, and the time.
"""

from __future__ import annotations

import argparse
import os
import pickle
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import TimeoutError as Overdue
from dataclasses import replace
from functools import partial
from itertools import repeat
from multiprocessing import get_context
from pathlib import Path

from pebble import ProcessExpired, ProcessPool

from hkz_xlsx.machine.limits import LIMITS
from hkz_xlsx.machine.supervise import Supervisor, Worker
from hkz_xlsx.machine.worker import limit_memory

NUMBER = 2_000
JOBS = 2
SECONDS = 1.0
"""Time a call may take; the clock gets twice that in ours, as it counts processor time first."""

EXPECTED = {
    "abort": {"FILE_DIED"},
    "exit": {"FILE_DIED"},
    "spin": {"FILE_TIME"},
    "sleep": {"FILE_TIME"},
    "memory": {"FILE_MEMORY"},
}
KINDS = tuple(EXPECTED)


def task(call: tuple[str, str]) -> bytes:
    """What a worker does: read a file, or not come back."""
    path, kind = call
    match kind:
        case "abort":
            os.abort()
        case "exit":
            os._exit(3)
        case "spin":
            while True:
                pass
        case "sleep":
            time.sleep(3_600)
        case "memory":
            return bytes(8 << 30)[:1]
        case _:
            pass
    return Path(path).read_bytes() * 8


def ours(calls: Sequence[tuple[str, str]]) -> Iterator[tuple[str, int | str]]:
    """With the product's own supervisor."""
    limits = replace(LIMITS, cpu=SECONDS, wall=2 * SECONDS)
    # Nothing is tried a second time, as pebble tries nothing twice.
    make = lambda: Worker(limits, "benchmarks.bench_workers", again=False)  # noqa: E731
    with Supervisor(JOBS, limits, make) as supervisor:
        for kind, found in supervisor.map(task, ((call[1], call) for call in calls)):
            yield kind, len(found) if isinstance(found, bytes) else found[0].code


def pebbles(method: str, calls: Sequence[tuple[str, str]]) -> Iterator[tuple[str, int | str]]:
    """With pebble, the memory limit set as each process starts.

    ``method`` is how processes start: ours are new ones, as pebble's are with "spawn", the only
    way on Windows and the usual one on macOS.
    """
    with ProcessPool(
        JOBS, initializer=limit_memory, initargs=(LIMITS.memory,), context=get_context(method)
    ) as pool:
        future = pool.map(task, calls, timeout=SECONDS)
        results = future.result()
        for _, kind in calls:
            try:
                yield kind, len(next(results))
            except Overdue:
                yield kind, "FILE_TIME"
            except ProcessExpired:
                yield kind, "FILE_DIED"
            except MemoryError:
                yield kind, "FILE_MEMORY"


WAYS: dict[str, Callable[[Sequence[tuple[str, str]]], Iterator[tuple[str, int | str]]]] = {
    "ours": ours,
    "pebble, fork": partial(pebbles, "fork"),
    "pebble, spawn": partial(pebbles, "spawn"),
}


def run(name: str, calls: Sequence[tuple[str, str]]) -> tuple[float, Counter[str]]:
    """Seconds by the clock, and how many calls ended how: right, lost, or under a wrong name."""
    start, ends = time.perf_counter(), Counter[str]()
    for kind, found in WAYS[name](calls):
        if kind in EXPECTED:
            ends["named" if found in EXPECTED[kind] else f"{kind} told as {found}"] += 1
        else:
            ends["answered" if isinstance(found, int) else f"lost: {found}"] += 1
    return time.perf_counter() - start, ends


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print two tables."""
    parser = argparse.ArgumentParser()
    parser.add_argument("number", type=int, nargs="?", default=NUMBER)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--killers", type=int, default=20)
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        path.write_bytes(pickle.dumps(list(range(1_000))))
        plain = list(repeat((str(path), "plain"), chosen.number))
        among = plain[:]
        for place in range(chosen.killers):
            kind = KINDS[place % len(KINDS)]
            among.insert(
                (place + 1) * len(plain) // (chosen.killers + 1) + place, (str(path), kind)
            )
        cases = [("ordinary calls", plain)]
        if chosen.killers:
            cases.append((f"{chosen.killers} killers among them", among))
        for title, calls in cases:
            spent: dict[str, list[float]] = {name: [] for name in WAYS}
            ends: dict[str, Counter[str]] = {name: Counter() for name in WAYS}
            for number in range(chosen.rounds):
                for name in list(WAYS)[:: 1 if number % 2 else -1]:
                    seconds, found = run(name, calls)
                    spent[name].append(seconds)
                    ends[name] += found
            for name, times in spent.items():
                ratio = statistics.median(a / b for a, b in zip(times, spent["ours"], strict=True))
                told = ", ".join(f"{n} {what}" for what, n in sorted(ends[name].items()))
                print(
                    f"| {title} | {name} | {statistics.median(times):.2f} | {ratio:.2f} | {told} |"
                )


if __name__ == "__main__":
    # Under its own name: a worker imports what it is to call.
    from benchmarks.bench_workers import main as _main

    _main()
