"""Another time: the texts of the product, its records and its releases as they are not now.

Whatever a process keeps of them is forgotten before and after, so that tests leave no trace.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import pytest

from hkz_xlsx import releases, text
from hkz_xlsx.layout import codecs
from hkz_xlsx.plan_build import build
from hkz_xlsx.plan_build.plans import PLANS
from hkz_xlsx.portfolio import file_rows
from hkz_xlsx.returned import as_written
from hkz_xlsx.text import LANGS, Lang
from tests import support


def forget() -> None:
    """Everything that was made of texts and records."""
    for kept in (
        text.catalogue, text.wording_print, text.is_todays, releases.releases,
        releases.released_texts, codecs._months, file_rows._code_of, support.plan_of,
    ):  # fmt: skip
        kept.cache_clear()
    build._LAST.clear()
    PLANS._plans.clear()
    PLANS._derived.clear()
    as_written._KEPT.clear()


@contextmanager
def another_time() -> Iterator[pytest.MonkeyPatch]:
    """What is changed with this holds inside; nothing that was made before does."""
    with pytest.MonkeyPatch.context() as change:
        forget()
        yield change
    forget()


def texts(change: pytest.MonkeyPatch, changed: Mapping[str, str]) -> None:
    """Other texts in the catalogues of today, in every language; new keys may be among them."""
    read = {lang: text._read(lang) for lang in LANGS}
    change.setattr(text, "_read", lambda lang: {**read[lang], **changed})
    forget()


def mended(change: pytest.MonkeyPatch) -> None:
    """Every text of today that stands in workbooks gets another character at its end."""
    read = {lang: text._read(lang) for lang in LANGS}

    def other(lang: Lang) -> Mapping[str, str]:
        kept = ("form.header", "print", "scope", "merge")  # keep formats and titles valid
        return {
            key: f"{value}·"
            if key.partition(".")[0] in text.WORKBOOK_SECTIONS and not key.startswith(kept)
            else value
            for key, value in read[lang].items()
        }

    change.setattr(text, "_read", other)
    forget()
