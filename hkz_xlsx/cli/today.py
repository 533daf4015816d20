"""The one place where the clock is read: for a reminder to whoever sits there today.

Nothing that is written depends on it: the same input gives the same files tomorrow.
"""

from __future__ import annotations

from datetime import date


def today() -> date:
    """The day on the calendar of this machine."""
    return date.today()  # noqa: DTZ011 - the day here
