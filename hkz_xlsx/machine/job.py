"""A limit on the memory of this process on Windows: a job object, as `resource` is elsewhere.

What does not fit any more fails to be allocated, which Python tells as MemoryError. The calls are
of kernel32; they are made only there, and a system that refuses one leaves the process without
this limit: the deadline and the limits on sizes remain.
"""

from __future__ import annotations

import contextlib
import ctypes
from typing import Any

_EXTENDED, _PROCESS_MEMORY = 9, 0x100
"""JobObjectExtendedLimitInformation and JOB_OBJECT_LIMIT_PROCESS_MEMORY of winnt.h."""


class _Basic(ctypes.Structure):
    """JOBOBJECT_BASIC_LIMIT_INFORMATION."""

    _fields_ = (
        ("per_process_time", ctypes.c_int64), ("per_job_time", ctypes.c_int64),
        ("flags", ctypes.c_uint32), ("least", ctypes.c_size_t), ("most", ctypes.c_size_t),
        ("processes", ctypes.c_uint32), ("affinity", ctypes.c_size_t),
        ("priority", ctypes.c_uint32), ("scheduling", ctypes.c_uint32),
    )  # fmt: skip


class Extended(ctypes.Structure):
    """JOBOBJECT_EXTENDED_LIMIT_INFORMATION, which begins with the basic one."""

    _fields_ = (
        ("basic", _Basic), ("io", ctypes.c_uint64 * 6), ("process_memory", ctypes.c_size_t),
        ("job_memory", ctypes.c_size_t), ("peak_process", ctypes.c_size_t),
        ("peak_job", ctypes.c_size_t),
    )  # fmt: skip


def _kernel() -> Any:  # noqa: ANN401 - a library of the system
    kernel = ctypes.WinDLL("kernel32")  # type: ignore[attr-defined]
    kernel.CreateJobObjectW.restype = kernel.GetCurrentProcess.restype = ctypes.c_void_p
    kernel.SetInformationJobObject.argtypes = (
        ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p, ctypes.c_uint32,
    )  # fmt: skip
    kernel.AssignProcessToJobObject.argtypes = (ctypes.c_void_p, ctypes.c_void_p)
    return kernel


def limit_job(size: int) -> bool:
    """This process gets no more memory than this from here on; whether that succeeded."""
    with contextlib.suppress(OSError, AttributeError):
        kernel = _kernel()
        job = kernel.CreateJobObjectW(None, None)
        wish = Extended()
        wish.basic.flags, wish.process_memory = _PROCESS_MEMORY, size
        return bool(
            job
            and kernel.SetInformationJobObject(
                job, _EXTENDED, ctypes.byref(wish), ctypes.sizeof(wish)
            )
            and kernel.AssignProcessToJobObject(job, kernel.GetCurrentProcess())
        )
    return False
