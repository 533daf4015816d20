"""The template column of a client list: a name to a look, each loaded once."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from hkz_xlsx.layout.style_template import NEUTRAL, Look
from hkz_xlsx.layout.template import load_template


@lru_cache(maxsize=64)
def find_look(name: str, adviser: str = "") -> Look:
    """The look of a template; the neutral one for no name.

    Args:
        name: of a template, or its folder.
        adviser: who stands on it where the template names nobody.

    Raises:
        HkzError: there is no such template, or it has mistakes.
    """
    look = load_template(name) if name else NEUTRAL
    return look if look.adviser else replace(look, adviser=adviser)
