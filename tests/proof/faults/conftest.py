"""Inputs that are made once, for tests that only read them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.proof.faults.commands import Inputs, here, make_inputs


@pytest.fixture(scope="session")
def inputs() -> Iterator[Inputs]:
    """Readable for everybody: some commands run as another user."""
    with tempfile.TemporaryDirectory(prefix="hkz-faults-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        made = make_inputs(folder / "in")
        assert here("aggregate", made / "retour", "-o", made / "portfolio").exit_code == 0
        (folder / "in" / "portfolio").chmod(0o755)
        yield made
