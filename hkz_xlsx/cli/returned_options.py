"""What the commands have in common that read many returned files beside a list of who got one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from hkz_xlsx.cli.options import (
    force_option,
    lang_option,
    list_options,
    norms_option,
    same_clients_option,
    template_option,
)
from hkz_xlsx.cli.passwords import password_options
from hkz_xlsx.text import Lang

if TYPE_CHECKING:
    from hkz_xlsx.spreadsheet.rows import Pick

F = TypeVar("F", bound=Callable[..., Any])

_OPTIONS: tuple[Callable[[Any], Any], ...] = (
    same_clients_option, list_options, template_option, lang_option, password_options,
    norms_option, force_option,
)  # fmt: skip
"""In the order of the help."""


def returned_options(function: F) -> F:
    """The options of `ReturnedOptions`, but for ``--jobs``, which stands higher in the help."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnedOptions:
    """The options as they were given."""

    jobs: int
    same_client: tuple[tuple[str, ...], ...]
    sheets: tuple[str, ...]
    hidden: bool
    struck: bool
    template: str
    lang: Lang
    norms_dir: Path | None
    force: bool

    @property
    def pick(self) -> Pick:
        """What to read of the list beyond what a person sees."""
        from hkz_xlsx.spreadsheet.rows import Pick

        return Pick(self.sheets, self.hidden, self.struck)
