"""Code that prints what it computes: while it is recorded the recorded values are left out of what is printed.

The text of a recorded value is refused, as code could look something up by it (`unsupported.refuse_text`). In an audit
standard output and standard error are the null device, and what `print` writes there nobody can read back; so nothing
is lost; what else is printed beside them is still made a text. A `print` to a terminal, a file, a pipe or a stream of
the code's own is refused as before, and so is every other way to make a text.
"""

from __future__ import annotations

import io
import os
import stat
import sys
from collections.abc import Callable
from typing import Any


def quiet_print(symbolic: type) -> Callable[..., None]:
    """Return a stand-in for ``print`` that is silent about values of the type ``symbolic`` where nobody reads them.

    >>> quiet_print(complex)("a text", 1.5)
    a text 1.5
    """

    def stand_in(*values: Any, **how: Any) -> None:
        if any(isinstance(each, symbolic) for each in values) and goes_nowhere(how.get("file")):
            values = tuple(each for each in values if not isinstance(each, symbolic))  # an object's text may do things
        print(*values, **how)

    return stand_in


def goes_nowhere(stream: Any) -> bool:
    """Whether what is written to a stream, None for standard output, goes to the null device by Python's own stream.

    >>> goes_nowhere(io.StringIO())
    False
    """
    stream = sys.stdout if stream is None else stream
    if type(stream) is not io.TextIOWrapper or stream not in (sys.__stdout__, sys.__stderr__):
        return False
    below: Any = stream.buffer
    if type(below) is io.BufferedWriter and not stream.write_through:  # else it tells how much waits in it
        below = below.raw
    if type(below) is not io.FileIO:
        return False  # of the code's own
    try:
        descriptor, nowhere = os.fstat(stream.fileno()), os.stat(os.devnull)
    except (OSError, ValueError):  # it is closed, or has no descriptor
        return False
    return stat.S_ISCHR(descriptor.st_mode) and descriptor.st_rdev == nowhere.st_rdev
