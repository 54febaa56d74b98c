"""What the lifters say when code cannot be read: the construct, and the user's line."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from types import FrameType

from losscheck.lifting.owned_code import in_library

_REFUSED: ContextVar[list[Unsupported] | None] = ContextVar("refused", default=None)


@contextmanager
def refusing() -> Iterator[None]:
    """Run code that is being recorded: what it was refused is refused for good, though the code catches exceptions.

    ``try: key = float(v)`` with ``except Exception: key = None`` would otherwise go on without what the code looks up.

    Raises
    ------
    Unsupported
        What was refused first, if anything was.
    """
    refused: list[Unsupported] = []
    token = _REFUSED.set(refused)
    try:
        yield
    finally:
        _REFUSED.reset(token)
    if refused:
        raise refused[0]


def refuse_text() -> None:
    """Refuse the text of a recorded value: code could compare it, and look up what no path shows."""
    if _REFUSED.get() is not None:
        raise Unsupported("the code writes a value that depends on the input as text; leave that (a print, say) out")


class Unsupported(Exception):
    """The code could not be read.

    Parameters
    ----------
    message
        The construct, and what to do instead where something can be done.
    location
        ``file:line`` in the user's code; None looks for the innermost frame that is the user's, "" means no place.
    """

    def __init__(self, message: str, location: str | None = None) -> None:
        self.message = message
        self.location = (user_line() if location is None else location) or None
        super().__init__(message if self.location is None else f"{message} ({self.location})")
        refused = _REFUSED.get()
        if refused is not None:
            refused.append(self)


class Mismatch(Unsupported):
    """The code could be read, but what was read is not what it does."""


def user_line() -> str | None:
    """Return ``file:line`` of the innermost frame that belongs neither to losscheck nor to a library."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        if frame.f_code.co_name == "lift" and frame.f_globals.get("__name__") == "losscheck.lifting.lifting":
            return None
        if not in_library(frame.f_globals.get("__name__")):
            return f"{frame.f_code.co_filename}:{frame.f_lineno}"
        frame = frame.f_back
    return None
