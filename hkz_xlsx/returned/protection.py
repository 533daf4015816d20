"""What people may do on our protected sheets, and whether that came back."""

from __future__ import annotations

from collections.abc import Iterator

from hkz_xlsx.problems import Problem, Where, problem
from hkz_xlsx.returned.submission import Returned

_FILTER = "autoFilter"


def protection_changes(returned: Returned) -> Iterator[Problem]:
    """Protection that is gone, and rights that a program left out when it saved the file."""
    file = returned.grid.file
    plan = {sheet.key: sheet for sheet in returned.submission.plan.sheets}
    filters, sizes = [], []
    for sheet in returned.grid.sheets:
        key = returned.homes.get(sheet.title)
        if key is None:
            continue
        if not sheet.protected:
            yield problem("PROTECTION_GONE", Where(file, None, sheet.title))
            continue
        if _FILTER in sheet.locked and any(b.filtered for b in plan[key].blocks):
            filters.append(sheet.title)
        if sheet.locked - {_FILTER} and sheet.visibility == "visible":
            sizes.append(sheet.title)
    if filters:
        yield problem("PROTECTION_NO_FILTER", Where(file), sheets=", ".join(filters))
    if sizes:
        yield problem("PROTECTION_NO_SIZES", Where(file), sheets=", ".join(sizes))
