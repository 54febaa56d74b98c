"""Notes that a lift collects: what a reader of its verdicts should know (a cast to float32, a path count)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_NOTES: ContextVar[dict[str, None] | None] = ContextVar("notes", default=None)


def note(text: str) -> None:
    """Add a note to the current lift, once."""
    found = _NOTES.get()
    if found is not None:
        found[text] = None


@contextmanager
def collecting() -> Iterator[dict[str, None]]:
    """Collect the notes of the body as the keys of a dict, in order."""
    found: dict[str, None] = {}
    token = _NOTES.set(found)
    try:
        yield found
    finally:
        _NOTES.reset(token)
