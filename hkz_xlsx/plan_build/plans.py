"""Plans kept per identity: thousands of files are made from a few plans."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from hkz_xlsx.layout.identity import Identity
from hkz_xlsx.layout.plan import WorkbookPlan
from hkz_xlsx.norm.load import Library
from hkz_xlsx.plan_build.build import plan_again

MOST = 32
"""Plans kept at a time; a plan with all that is derived from it takes some 3 MiB."""


class Plans:
    """Plans by library and identity, with what was derived from each."""

    def __init__(self) -> None:
        self._plans: OrderedDict[tuple[int, Identity], tuple[Library, WorkbookPlan]] = OrderedDict()
        self._derived: dict[int, dict[str, Any]] = {}

    def again(self, library: Library, identity: Identity) -> WorkbookPlan:
        """As `plan_again`, once per identity."""
        key = (id(library), identity)
        if key in self._plans:
            self._plans.move_to_end(key)
            return self._plans[key][1]
        plan = plan_again(library, identity)
        self._plans[key] = (library, plan)
        self._derived[id(plan)] = {}
        if len(self._plans) > MOST:
            _, (_, old) = self._plans.popitem(last=False)
            self._derived.pop(id(old), None)
        return plan

    def asked_before(self, plan: WorkbookPlan, name: str) -> bool:
        """Whether this was asked about a plan before: what takes long to make pays off from the
        second time on."""
        derived = self._derived.get(id(plan))
        if derived is None:
            return False
        before = name in derived or f"{name}?" in derived
        derived[f"{name}?"] = True
        return before

    def kept(self, plan: WorkbookPlan, name: str, make: Callable[[], Any]) -> Any:  # noqa: ANN401 - whatever was made
        """Something derived from a plan, made once.

        Args:
            plan: from `again`; for another plan nothing is kept, and it is made every time.
            name: under which it is kept with the plan, until the plan itself is dropped.
            make: makes it; a None that it gives is kept too.

        Returns:
            the same object every time: who asks must not change it.
        """
        derived = self._derived.get(id(plan))
        if derived is None:
            return make()
        if name not in derived:
            derived[name] = make()
        return derived[name]


PLANS = Plans()
"""The plans of this process."""
