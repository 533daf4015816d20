"""Self-assessment workbooks for HKZ norms: generate, fill in, analyze.

The functions that programs may rely on::

    import hkz_xlsx

    hkz_xlsx.generate("143", output="werkboek.xlsx", organisation="De Brug")
    report = hkz_xlsx.analyze("ingevuld.xlsx")
    answers = hkz_xlsx.read("ingevuld.xlsx").frame()
    scores = hkz_xlsx.Portfolio("portfolio").frame("scores")

They stand in `hkz_xlsx.api` and are imported when they are used, so that ``hkz --help`` stays
quick.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.2.0"

__all__ = [
    "HkzError", "Portfolio", "Problem", "analyze", "check", "generate", "read",
]  # fmt: skip

if TYPE_CHECKING:
    from hkz_xlsx.api import HkzError, Portfolio, Problem, analyze, check, generate, read


def __getattr__(name: str) -> Any:  # noqa: ANN401 - whatever the name stands for
    if name in __all__:
        from importlib import import_module

        return getattr(import_module("hkz_xlsx.api"), name)
    raise AttributeError(name)
