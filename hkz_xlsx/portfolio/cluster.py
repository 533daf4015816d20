"""The same reading on a Dask cluster: files go there, results come back in order.

A cluster has no supervisor per file: a file that kills its worker is tried once more and then
refused as ``FILE_DIED``. Use this for own machines and files, not for hostile ones.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import TYPE_CHECKING, Any

from hkz_xlsx.machine.extras import install_command
from hkz_xlsx.problems import HkzError, Problem, Where, fault_name, problem

if TYPE_CHECKING:
    from hkz_xlsx.portfolio.file_rows import Packed
    from hkz_xlsx.portfolio.run import Result, Task

_AHEAD = 4
"""Files under way per processor of the cluster: enough to keep it busy, little to keep in mind."""


class DaskEngine:
    """An existing cluster by its address, or one on this machine."""

    def __init__(self, address: str, jobs: int, *, patience: str = "20s") -> None:
        try:
            import distributed
        except ImportError:
            command = install_command("dask")
            raise HkzError(problem("ENGINE_MISSING", None, name="dask", command=command)) from None
        self._cluster: Any = None
        library: Any = distributed  # its types are partial
        try:
            if not address:
                self._cluster = library.LocalCluster(
                    n_workers=jobs, threads_per_worker=1, dashboard_address=None, processes=True,
                )  # fmt: skip
            self._client: Any = library.Client(
                self._cluster or address, timeout=patience, set_as_default=False
            )
        except (OSError, ValueError) as fault:
            detail = fault_name(fault) if isinstance(fault, OSError) else str(fault) or "–"
            raise HkzError(problem("ENGINE_FAILED", None, address=address, detail=detail)) from None
        self._window = _AHEAD * max(1, sum(self._client.nthreads().values()) or jobs)

    def map(
        self, function: Callable[[Task], Packed], items: Iterator[tuple[str, Task]]
    ) -> Iterator[tuple[str, Result]]:
        """Call a function on every file; see `hkz_xlsx.portfolio.run.Engine`."""
        waiting: deque[tuple[str, Any]] = deque()
        for name, item in items:
            waiting.append((name, self._client.submit(function, item, pure=False, retries=1)))
            if len(waiting) > self._window:
                yield self._next(waiting)
        while waiting:
            yield self._next(waiting)

    @staticmethod
    def _next(waiting: deque[tuple[str, Any]]) -> tuple[str, Result]:
        name, future = waiting.popleft()
        try:
            head, body = future.result()
        except HkzError as fault:
            return name, fault.problems
        except Exception as fault:  # whatever happened there, it costs this file only
            died = type(fault).__name__ == "KilledWorker"
            found: tuple[Problem, ...] = (
                problem("FILE_DIED" if died else "FILE_INTERNAL", Where(name)),
            )
            return name, found
        return name, (bytes(head), bytes(body))

    def __enter__(self) -> DaskEngine:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        self._client.close()
        if self._cluster is not None:
            self._cluster.close()
