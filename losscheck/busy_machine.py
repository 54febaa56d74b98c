"""How long a process stood in line for a core: time that says nothing about its code.

A limit in seconds is meant for a machine that has nothing else to do. On Linux the scheduler keeps, for each thread,
how long it was ready to run and did not (``/proc/PID/task/TID/schedstat``); a process that sleeps or waits for a lock
is not ready, and gets nothing. Elsewhere nothing is known, and a limit is a limit on the clock.

References
----------
.. [1] The Linux kernel documentation, "Scheduler Statistics", section /proc/<pid>/schedstat.
"""

from __future__ import annotations

from pathlib import Path


def seconds_in_line(pid: int) -> float:
    """Return how many seconds the threads of a process have waited for a core, all of them together.

    >>> import os
    >>> 0.0 <= seconds_in_line(os.getpid()) <= seconds_in_line(os.getpid())
    True
    >>> seconds_in_line(-1)
    0.0
    """
    waited = 0
    try:
        for thread in Path(f"/proc/{pid}/task").iterdir():
            waited += _waited(thread / "schedstat")
    except OSError:  # not Linux, or the process is gone
        return 0.0
    return waited / 1e9


def _waited(file: Path) -> int:
    """Return nanoseconds; the line is the time on a core, the time in line, and how often it got one."""
    try:
        return int(file.read_text().split()[1])
    except (OSError, IndexError, ValueError):  # the thread has ended, or the kernel keeps no statistics
        return 0
