"""The template column of a client list: a name to a look, each loaded once."""

from __future__ import annotations

from functools import lru_cache

from hkz_xlsx.layout.style_template import NEUTRAL, Look
from hkz_xlsx.layout.template import load_template


@lru_cache(maxsize=64)
def find_look(name: str) -> Look:
    """The look of a template; the neutral one for no name.

    Raises:
        HkzError: there is no such template, or it has mistakes.
    """
    return load_template(name) if name else NEUTRAL
