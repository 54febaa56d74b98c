"""The work one verification may take, counted, not timed: the same certificate has the same fate on every machine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import RLock

from flint import ctx

PRECISION = 113
WORK = 1_500_000
"""Units of a few microseconds: nodes made, ranges taken, terms multiplied."""


_ONE_AT_A_TIME = RLock()
"""Budget and precision belong to the process: two threads that put back each other's would leave both wrong."""


class Budget:
    """Work left; without a verification there is no limit."""

    left = float("inf")

    @classmethod
    def spend(cls, units: int = 1) -> None:
        """Take some work; raises ``OverflowError`` when too little is left."""
        cls.left -= units
        if cls.left < 0:
            raise OverflowError("the proof takes more work than the verifier allows")


@contextmanager
def verification(work: float = WORK) -> Iterator[None]:
    """Fresh budget and the verifier's precision; both are put back at the end."""
    with _ONE_AT_A_TIME:
        before = ctx.prec, Budget.left
        ctx.prec, Budget.left = PRECISION, work
        try:
            yield
        finally:
            ctx.prec, Budget.left = before
