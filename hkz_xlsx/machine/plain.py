"""Answers of a worker, read as what they must be: it has read a stranger's file."""

from __future__ import annotations

import io
import pickle
from typing import Any

_PLAIN = {
    ("datetime", "datetime"), ("datetime", "date"), ("builtins", "frozenset"),
    ("builtins", "set"), ("collections", "OrderedDict"), ("types", "MappingProxyType"),
    ("pathlib", "PurePosixPath"), ("pathlib", "PosixPath"), ("pathlib", "WindowsPath"),
    ("builtins", "mappingproxy"), ("copyreg", "_reconstructor"), ("builtins", "object"),
}  # fmt: skip


class _Unpickler(pickle.Unpickler):
    """Makes plain data and our own classes only: a worker has read a stranger's file."""

    def find_class(self, module: str, name: str) -> Any:  # noqa: ANN401 - as the base class
        if (module, name) in _PLAIN:
            return super().find_class(module, name)
        if module.startswith("hkz_xlsx.") and "." not in name:
            # Only what is defined there: a module also holds what it imported, and a dotted name
            # would reach into that.
            found = super().find_class(module, name)
            if isinstance(found, type) and found.__module__ == module:
                return found
        raise pickle.UnpicklingError(f"{module}.{name}")


def read_plain(body: bytes) -> tuple[str, Any]:
    """What a worker answered: the state of its call, and the result, problems or mistake.

    Raises:
        Exception: it is something else, or holds what is no plain data.
    """
    return _Unpickler(io.BytesIO(body)).load()  # type: ignore[no-any-return]
