"""The portfolio that all tests look at, and a small one of two norm parts."""

import pytest

from hkz_xlsx.portfolio.assemble import Settings
from hkz_xlsx.portfolio.build import How, build
from tests.portfolio.conftest import made
from tests.portfolio.field import member, write

__all__ = ["made"]


@pytest.fixture(name="two", scope="session")
def _two(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A field with the norm of a sector and that of all organisations, as most of them are: twelve
    organisations, so that of an anonymous report much is hidden; four took part before."""
    root = tmp_path_factory.mktemp("two")
    members = [member(seed, norm="138") for seed in range(12)]
    members += [member(seed, norm="138", year=2025) for seed in range(4)]
    write(members, root / "files")
    build([root / "files"], root / "portfolio", Settings(), How(jobs=1))
    return str(root / "portfolio")
