"""What the lifters say when code cannot be read: the construct, and the user's line."""

from __future__ import annotations

import sys
from pathlib import Path

_PACKAGE = str(Path(__file__).resolve().parents[1])
_FOREIGN = ("/torch/", "/numpy/", "/scipy/", "/sympy/", "<frozen")


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


def user_line() -> str | None:
    """Return ``file:line`` of the innermost frame that belongs neither to losscheck nor to a library."""
    frame = sys._getframe(1)
    while frame is not None:
        name = frame.f_code.co_filename
        if not name.startswith(_PACKAGE) and not any(part in name for part in _FOREIGN):
            return f"{name}:{frame.f_lineno}"
        if frame.f_code.co_name == "lift":
            return None
        frame = frame.f_back  # type: ignore[assignment]
    return None
