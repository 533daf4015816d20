"""Messages of a portfolio: kept with what stands in them, said in the language of the reader."""

from __future__ import annotations

import json
import re
from string import Formatter

from hkz_xlsx.problems import CODES, Problem, Where
from hkz_xlsx.text import Lang, catalogue

_UNKNOWN = "…"


def _fields(lang: Lang, code: str) -> frozenset[str]:
    """What stands in a message and its hint."""
    texts = (catalogue(lang)[f"problem.{code}.{part}"] for part in ("message", "hint"))
    return frozenset(name for text in texts for _, name, _, _ in Formatter().parse(text) if name)


def kept_slots(found: Problem) -> str:
    """What stands in a message and its hint, as JSON; nothing else that is known of the problem."""
    wanted = _fields("en", found.code)
    kept = {key: value for key, value in found.slots.items() if key in wanted}
    return json.dumps(kept, ensure_ascii=False, sort_keys=True)


def _is_said(message: str, lang: Lang, code: str) -> bool:
    """Whether a message is the one of this language, whatever stands in it."""
    parts = Formatter().parse(catalogue(lang)[f"problem.{code}.message"])
    pattern = "".join(re.escape(text) + (".*" if name else "") for text, name, _, _ in parts)
    return re.fullmatch(pattern, message, re.DOTALL) is not None


def said(code: str, message: str, slots: str | None, lang: Lang) -> tuple[str, str]:
    """A message and its hint in a language.

    Args:
        code: of the problem; of another version it may be unknown here.
        message: as it was written, in the language of whoever made the tables.
        slots: what `kept_slots` gave; None in tables of an earlier release.
        lang: language of the reader.

    Returns:
        the message in that language. Where what stood in it is not known, it is an ellipsis, and
        the hint is empty when it has any of that.
    """
    if code not in CODES:
        return message, ""
    fields = _fields(lang, code)
    known = json.loads(slots) if slots else {}
    found = Problem(code, Where(), {**dict.fromkeys(fields, _UNKNOWN), **known})
    same = slots is None and _is_said(message, lang, code)
    whole = fields <= known.keys()
    return message if same else found.message(lang), found.hint(lang) if whole else ""
