"""Clients to files: one base per distinct workbook, stamped per client."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from hkz_xlsx.batch.clients import Client
from hkz_xlsx.batch.looks import find_look
from hkz_xlsx.batch.place import Folder
from hkz_xlsx.layout.build import plan_workbook
from hkz_xlsx.layout.client import WORKBOOK_ID, client_inputs
from hkz_xlsx.layout.plan import WorkbookPlan
from hkz_xlsx.norm.load import Library
from hkz_xlsx.norm.select import Scope, select
from hkz_xlsx.problems import HkzError, Problem, problem
from hkz_xlsx.scoring.tables import Inputs
from hkz_xlsx.workbook.base import Stamper
from hkz_xlsx.workbook.write import write_workbook


@dataclass(frozen=True, slots=True)
class Made:
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


class Maker:
    """Makes workbooks into a folder; keeps what the last client needed for the next."""

    def __init__(self, library: Library, folder: Folder) -> None:
        self._library, self._folder = library, folder
        self._key: tuple[str, ...] = ()
        self._stamper: Stamper | None = None
        self._head: tuple[bytes, hashlib._Hash] = (b"", hashlib.sha256())

    def plan(self, client: Client) -> WorkbookPlan:
        """The plan of a client; raises `HkzError` as `select`."""
        return self._stamper_of(client).plan

    def _stamper_of(self, client: Client) -> Stamper:
        key = client.plan_key[:-1]
        if self._stamper is None or key != self._key:
            self._stamper = None  # before the next: two bases at once are not needed
            self._head = (b"", hashlib.sha256())
            selection = select(self._library, client.parts, Scope.parse([client.scope]))
            plan = plan_workbook(selection, client.lang, client.parts)
            self._stamper, self._key = Stamper(plan, find_look(client.template)), key
        return self._stamper

    def _plan_beside(self, client: Client) -> WorkbookPlan:
        """The plan with room for the earlier measurement of this client."""
        plan = self._stamper_of(client).plan
        return plan_workbook(
            plan.model.selection, client.lang, client.parts, previous=bool(client.previous)
        )

    def previous(self, client: Client) -> tuple[Problem, ...]:
        """What is to be said about the earlier workbook; raises `HkzError` when it cannot go."""
        return self._carried(self._plan_beside(client), client)[1]

    def _carried(self, plan: WorkbookPlan, client: Client) -> tuple[Inputs, tuple[Problem, ...]]:
        from hkz_xlsx.batch.carry import carried  # most lists need none of the readers

        own = client_inputs(plan, client.known, client.date)
        return carried(Path(client.previous), plan, own, self._library)

    def make(self, index: int, client: Client) -> Made:
        """One file; every problem is in the result."""
        try:
            stamper = self._stamper_of(client)
            plan = stamper.plan
            inputs = client_inputs(plan, client.known, client.date)
            if client.previous:
                plan = self._plan_beside(client)
                inputs = self._carried(plan, client)[0]
                data = write_workbook(plan, inputs, find_look(client.template))
                pieces: tuple[bytes, ...] = (data,)
                digest = hashlib.sha256(data)
            else:
                pieces, digest = self._stamped(stamper, inputs)
            new = self._folder.put(client.file, *pieces)
        except HkzError as fault:
            return Made(index, problems=fault.problems)
        except OSError as fault:
            self._folder.clean()
            detail = fault.strerror or type(fault).__name__
            return Made(index, problems=(problem("BATCH_STOPPED", None, detail=detail),), stop=True)
        name = inputs[WORKBOOK_ID]
        return Made(index, str(name), plan.identity.plan, digest.hexdigest(), new)

    def _stamped(self, stamper: Stamper, inputs: Inputs) -> tuple[tuple[bytes, ...], hashlib._Hash]:
        base = stamper.base(inputs)
        tail = base.tail(inputs)
        head, begun = self._head
        if head is not base.head:
            begun = hashlib.sha256(base.head)  # the beginning is the same in every file
            self._head = (base.head, begun)
        digest = begun.copy()
        digest.update(b"".join(tail))
        return (base.head, *tail), digest


def make_all(maker: Maker, todo: Iterator[tuple[int, Client]]) -> Iterator[Made]:
    """Make one after the other; ends early where going on makes no sense."""
    for index, client in todo:
        made = maker.make(index, client)
        yield made
        if made.stop:
            return
