"""What became of each client, with the checksum of the file: computed while the next is made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hkz_xlsx.problems import Problem

if TYPE_CHECKING:
    import hashlib
    from concurrent.futures import Future, ThreadPoolExecutor


@dataclass(frozen=True, slots=True)
class ClientResult:
    """What became of one client; ``index`` is its place in the list.

    ``stop`` says that going on makes no sense, such as with a full disk.
    """

    index: int
    workbook_id: str = ""
    plan: str = ""
    sha256: str = ""
    new: bool = False
    problems: tuple[Problem, ...] = ()
    stop: bool = False


@dataclass(frozen=True, slots=True)
class Content:
    """A file: a head that many files share, with its checksum begun, and the rest."""

    begun: hashlib._Hash
    head: bytes
    rest: Sequence[bytes]

    def sha256(self) -> str:
        """The checksum in hexadecimal digits."""
        digest = self.begun.copy()
        # In one call: another thread may run meanwhile, and each call waits for its turn.
        digest.update(b"".join(self.rest))
        return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class FileDraft:
    """A file on its way; without content when it cannot be made."""

    made: ClientResult
    file: str = ""
    content: Content | None = None

    def complete(self) -> ClientResult:
        """What became of it, with the checksum."""
        if self.content is None:
            return self.made
        made = self.made
        return ClientResult(
            made.index, made.workbook_id, made.plan, self.content.sha256(), made.new
        )


def _complete(drafts: Sequence[FileDraft]) -> list[ClientResult]:
    return [draft.complete() for draft in drafts]


class Digests:
    """Completes what was made with checksums, in order; with ``beside`` in a thread of its own."""

    def __init__(self, *, beside: bool) -> None:
        self._beside = beside
        self._pool: ThreadPoolExecutor | None = None
        self._running: Future[list[ClientResult]] | None = None

    def add(self, drafts: Sequence[FileDraft]) -> Sequence[ClientResult]:
        """More of them; gives what is complete by now."""
        if not self._beside:
            return _complete(drafts)
        if self._pool is None:
            from concurrent.futures import ThreadPoolExecutor  # most runs need no thread

            self._pool = ThreadPoolExecutor(1)
        found = self.rest()
        self._running = self._pool.submit(_complete, drafts)
        return found

    def rest(self) -> Sequence[ClientResult]:
        """What was added and not given yet."""
        if self._running is None:
            return ()
        from hkz_xlsx.machine.child import result_of

        found, self._running = result_of(self._running), None
        return found

    def __enter__(self) -> Digests:
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool is not None:
            self._pool.shutdown()
