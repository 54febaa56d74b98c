"""What the lifters say when code cannot be read: the construct, and the user's line."""

from __future__ import annotations

import sys
from types import FrameType

from losscheck.lifting.owned_code import in_library


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
