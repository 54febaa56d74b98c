"""Budget and precision are those of one verification at a time, and are put back."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from flint import ctx

from losscheck.verifier.budget import PRECISION, Budget, verification


def test_work_is_counted_and_put_back() -> None:
    with verification(10):
        Budget.spend(10)
        with pytest.raises(OverflowError, match="more work"):
            Budget.spend()
    assert Budget.left == float("inf")


def test_threads_wait_for_each_other() -> None:
    """Interleaved, the second to end would put back what the first had left."""
    before, inside, ended = ctx.prec, Event(), Event()

    def first() -> None:
        with verification(100):
            inside.set()
            ended.wait(0.2)  # the other thread would begin and end here
            assert (Budget.left, ctx.prec) == (100, PRECISION)

    def second() -> None:
        inside.wait()
        with verification(50):
            assert Budget.left == 50
        ended.set()

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(first), pool.submit(second)]:
            done.result()
    assert (Budget.left, ctx.prec) == (float("inf"), before)
