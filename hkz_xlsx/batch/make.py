"""Clients to files: one base per distinct workbook, stamped per client."""

from __future__ import annotations

import gc
import hashlib
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from hkz_xlsx.batch.clients import Client
from hkz_xlsx.batch.digests import ClientResult, Content, Digests, FileDraft
from hkz_xlsx.batch.output_folder import Folder
from hkz_xlsx.batch.protect import protected
from hkz_xlsx.batch.style_templates import find_look
from hkz_xlsx.batch.taken import Taken
from hkz_xlsx.layout.client import WORKBOOK_ID, client_inputs
from hkz_xlsx.layout.plan import WorkbookPlan
from hkz_xlsx.machine.faults import told
from hkz_xlsx.machine.garbage import uncollected
from hkz_xlsx.norm.load import Library
from hkz_xlsx.plan_build.build import plan_workbook
from hkz_xlsx.problems import HkzError, Problem
from hkz_xlsx.releases import LAYOUT_VERSION
from hkz_xlsx.scoring.tables import Inputs
from hkz_xlsx.sheets.loose_sheets import with_loose
from hkz_xlsx.writing.base import Base, Stamper
from hkz_xlsx.writing.workbook import write_workbook

if TYPE_CHECKING:
    from hkz_xlsx.rework.carry import Carried

_NOTHING = hashlib.sha256()

_TOGETHER = 32
"""Files prepared before they are written."""

_COLLECTED = 32
"""Distinct workbooks after which the garbage of making them is looked for."""

_AT_MOST = 0.1
"""Seconds of preparing after which they are written all the same."""


class Maker:
    """Makes workbooks into a folder; keeps what the last client needed for the next."""

    def __init__(
        self, library: Library, folder: Folder, taken: Taken | None = None,
        layout: int = LAYOUT_VERSION,
    ) -> None:  # fmt: skip
        self._library, self._folder, self._layout = library, folder, layout
        self.taken = taken or Taken()
        self._key: tuple[str, ...] = ()
        self._stamper: Stamper | None = None
        self._begun: tuple[Base | None, hashlib._Hash] = (None, _NOTHING)
        self._bases = 0

    def plan(self, client: Client) -> WorkbookPlan:
        """The plan of a client; raises `HkzError` as `select`."""
        return self._stamper_of(client).plan

    def _stamper_of(self, client: Client) -> Stamper:
        key = client.plan_key[:-1]
        if self._stamper is None or key != self._key:
            self._stamper = None  # before the next: two bases at once are not needed
            self._bases += 1
            if self._bases % _COLLECTED == 0:
                gc.collect()
            self._begun = (None, _NOTHING)
            with uncollected():
                selection = client.selection(self._library)
                plan = plan_workbook(selection, client.lang, client.parts, self._layout)
                look = find_look(client.template, client.adviser)
                self._stamper, self._key = Stamper(plan, look), key
        return self._stamper

    def _plan_beside(self, client: Client) -> WorkbookPlan:
        """The plan with room for the earlier measurement of this client."""
        plan = self._stamper_of(client).plan
        return plan_workbook(
            plan.model.selection, client.lang, client.parts, self._layout,
            previous=bool(client.previous),
        )  # fmt: skip

    def previous(self, client: Client) -> tuple[Problem, ...]:
        """What is to be said about the earlier workbook; raises `HkzError` when it cannot go.

        What is taken along is kept.
        """
        found = self._carried(self._plan_beside(client), client)
        self.taken.keep(client.row, found)
        return found.problems

    def _carried(self, plan: WorkbookPlan, client: Client) -> Carried:
        from hkz_xlsx.batch.carry import carried  # most lists need none of the readers

        own = client_inputs(plan, client.known, client.date)
        return carried(Path(client.previous), plan, own, self._library, client.same_client)

    def prepare(self, index: int, client: Client) -> FileDraft:
        """The bytes of one file; every problem is in the result."""
        try:
            stamper = self._stamper_of(client)
            plan = stamper.plan
            if client.previous:
                plan = self._plan_beside(client)
                earlier = self.taken.of(client.row) or self._carried(plan, client)
                inputs, look = earlier.inputs, find_look(client.template, client.adviser)
                whole = with_loose(plan, earlier.extra)
                data = write_workbook(whole, inputs, look, notes=earlier.notes)
                content = Content(_NOTHING, b"", [data])
            else:
                inputs = client_inputs(plan, client.known, client.date)
                content = self._stamped(stamper, inputs)
            if client.password:
                plain = content.head + b"".join(content.rest)
                there = self._folder.path / client.file
                content = Content(_NOTHING, b"", [protected(plain, client.password, there)])
        except HkzError as fault:
            return FileDraft(ClientResult(index, problems=fault.problems))
        except OSError as fault:
            why = told(self._folder.path / client.file, fault)
            return FileDraft(ClientResult(index, problems=(why,), stop=True))
        return FileDraft(
            ClientResult(index, str(inputs[WORKBOOK_ID]), plan.identity.plan), client.file, content
        )

    def place(self, draft: FileDraft) -> FileDraft:
        """Put what was prepared in the folder; the result has what became of it."""
        made, content = draft.made, draft.content
        if content is None:
            return draft
        try:
            new = self._folder.put(draft.file, content.head, *content.rest)
        except HkzError as fault:
            return FileDraft(ClientResult(made.index, problems=fault.problems))
        except OSError as fault:
            self._folder.clean()
            why = told(self._folder.path / draft.file, fault)
            return FileDraft(ClientResult(made.index, problems=(why,), stop=True))
        made = ClientResult(made.index, made.workbook_id, made.plan, new=new)
        return FileDraft(made, draft.file, content)

    def _stamped(self, stamper: Stamper, inputs: Inputs) -> Content:
        base = stamper.base(inputs)
        if self._begun[0] is not base:
            self._begun = (base, hashlib.sha256(base.head))
        return Content(self._begun[1], base.head, base.tail(inputs))


def _prepared(maker: Maker, todo: Iterable[tuple[int, Client]]) -> Iterator[list[FileDraft]]:
    """A few at a time: preparing and writing in turn throws both out of the processor's cache."""
    drafts: list[FileDraft] = []
    begun = time.monotonic()
    for index, client in todo:
        drafts.append(maker.prepare(index, client))
        late = time.monotonic() - begun > _AT_MOST
        if late or len(drafts) >= _TOGETHER or drafts[-1].made.stop:
            yield drafts
            drafts, begun = [], time.monotonic()
    yield drafts


def make_all(
    maker: Maker, todo: Iterable[tuple[int, Client]], *, beside: bool = False
) -> Iterator[ClientResult]:
    """Make one after the other; ends early where going on makes no sense.

    Args:
        maker: makes one.
        todo: clients with their place in the list.
        beside: compute checksums in a thread of their own, which pays for many files.
    """
    with uncollected(), Digests(beside=beside) as digests:
        for drafts in _prepared(maker, todo):
            placed: list[FileDraft] = []
            for draft in drafts:
                placed.append(maker.place(draft))
                if placed[-1].made.stop:
                    break
            yield from digests.add(placed)
            if placed and placed[-1].made.stop:
                break
        yield from digests.rest()
