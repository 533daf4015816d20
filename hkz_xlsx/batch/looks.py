"""The template column of a client list: a name to what the writer takes as its look."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hkz_xlsx.problems import HkzError, problem

if TYPE_CHECKING:
    from hkz_xlsx.layout.styles import Palette as Look


def find_look(name: str) -> Look | None:
    """The look of a template; None for no name, which is the shipped look.

    Raises:
        HkzError: there is no template of that name.
    """
    if not name:
        return None
    raise HkzError(problem("TEMPLATE_UNKNOWN", None, name=name))
