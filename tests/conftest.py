"""What holds for every test."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator

import pytest

os.environ["HKZ_NORMS"] = os.devnull  # question sets of whoever runs the tests are none of theirs

# Plans, norms and fixtures live as long as the tests: looking through them for garbage over and
# over took a fifth of the time.
gc.set_threshold(100_000, 50, 100)


@pytest.fixture(autouse=True, scope="module")
def _tidy() -> Iterator[None]:
    """What a module leaves behind for good is not looked at again."""
    yield
    gc.collect()
    gc.freeze()
