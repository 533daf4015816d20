"""A text that was added after a release changes nothing for the files of that release."""

from __future__ import annotations

from hkz_xlsx import text
from hkz_xlsx.plan_build import build
from hkz_xlsx.releases import LAYOUT_VERSION, Release, released_texts, releases
from hkz_xlsx.returned.read import understand
from hkz_xlsx.returned.read_by_place import quick
from hkz_xlsx.sheets.sample import sample_inputs
from hkz_xlsx.spreadsheet.open import read_grid
from hkz_xlsx.text import LANGS, fingerprint, workbook_texts
from hkz_xlsx.writing.workbook import write_workbook
from tests.released.times import another_time, texts
from tests.support import library, plan_of


def test_files_of_a_release_are_read_by_place_when_texts_were_added_since() -> None:
    """Their words are those of today then, and yet not all that there are: what the file says of
    its words must be what its plan says of them."""
    with another_time() as change:
        plan = plan_of("nl", "125")
        data = write_workbook(plan, sample_inputs(plan))
        now = {lang: dict(workbook_texts(lang)) for lang in LANGS}
        prints: dict[str, str] = {lang: fingerprint(now[lang]) for lang in LANGS}
        known = (*releases(), Release("9.9.0", "2027-01-01", LAYOUT_VERSION, prints, ()))
        for module in (text, build):
            change.setattr(module, "releases", lambda: known)
        change.setattr(
            text, "released_texts", lambda one: now if one == "9.9.0" else released_texts(one)
        )
        texts(change, {"column.requirements.later": "Later"})
        grid = read_grid("a.xlsx", data)
        submission = understand(grid, library()).submission
        assert submission.problems == ()
        assert submission.plan.identity == submission.identity == plan.identity
        assert quick(grid, library()) is not None
