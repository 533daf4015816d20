"""The portfolio that all tests look at."""

from tests.portfolio.conftest import made

__all__ = ["made"]
