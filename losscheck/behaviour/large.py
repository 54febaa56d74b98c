"""Large batches: many copies of a small one, where the loss does not compare all pairs of rows."""

from __future__ import annotations

import sys
import tracemalloc
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from losscheck.behaviour.calling import Raised
from losscheck.behaviour.formats import Array, Inputs
from losscheck.behaviour.trial import Trial

MOST = 4_000_000
"""Numbers in a large batch: 32 MB in float64, and some copies of it."""


def copies(trial: Trial, x: Inputs, times: int) -> dict[str, Array]:
    """Return the batch ``times`` times over."""
    return trial.rows(x, np.tile(np.arange(trial.count(x)), times))


def affordable(trial: Trial, x: Inputs, rows: int) -> int:
    """Return how many copies make so many rows, fewer where the batch would hold more than `MOST` numbers."""
    numbers = sum(np.size(x[a.name]) for a in trial.signature.arguments)
    return max(1, min(rows // trial.count(x), MOST // max(1, numbers)))


def quadratic(trial: Trial, x: Inputs) -> bool:
    """Whether a large batch is out of question: refused, made of pairs of rows, or walked through row by row.

    Told by counting, not by the clock, so that the answer is the same on every machine: from 250 rows to 2,000 the
    calls of functions must not grow, and the largest array by no more than the rows. Fewer rows are
    tried first, so that triples of 2,000 rows are never made.
    """
    batch = trial.signature.batch
    if any(a.shape.count(batch) > 1 for a in trial.signature.arguments if batch is not None):
        return True
    for fewer, more in pairwise((16, 60, 250, 2000)):
        few, many = (_work(trial, copies(trial, x, affordable(trial, x, rows))) for rows in (fewer, more))
        if few is None or many is None:
            return True
        if many.calls > 2 * few.calls or many.largest > 1.5 * more / fewer * few.largest:
            return True
    return False


@dataclass
class _Work:
    """Calls of functions, and the size of the largest array: numbers in torch, bytes at the peak in NumPy."""

    calls: int = 0
    largest: int = 0


def _work(trial: Trial, x: Inputs) -> _Work | None:
    """Return the work of one call; None where the loss raises."""
    if trial.caller.backend == "jax":
        return _traced_work(trial, x)
    work = _Work()

    def count(frame: object, event: str, argument: object) -> None:
        work.calls += event in ("call", "c_call")

    watching, before = _watch_torch(work) if trial.caller.backend == "torch" else _watch_numpy(work), sys.getprofile()
    try:
        with watching:
            sys.setprofile(count)
            trial.fresh_value(x)
    except (Raised, MemoryError):
        return None
    finally:
        sys.setprofile(before)
    return work


def _traced_work(trial: Trial, x: Inputs) -> _Work | None:
    """Return the work of a JAX loss as its trace shows it: nothing is computed."""
    import jax

    caller = trial.caller
    try:
        traced = jax.make_jaxpr(lambda *native: caller.call(list(native)))(*caller.arguments(x, trial.dtype))
    except Exception:  # what cannot be traced branches on numbers
        return None
    sizes = [int(np.prod(v.aval.shape)) for equation in traced.jaxpr.eqns for v in equation.outvars]
    return _Work(len(sizes), max(sizes, default=1))


@contextmanager
def _watch_numpy(work: _Work) -> Iterator[None]:
    tracing = tracemalloc.is_tracing()
    if not tracing:
        tracemalloc.start()
    tracemalloc.reset_peak()
    start = tracemalloc.get_traced_memory()[0]
    try:
        yield
    finally:
        sys.setprofile(None)
        work.largest = tracemalloc.get_traced_memory()[1] - start
        if not tracing:
            tracemalloc.stop()


def _watch_torch(work: _Work) -> AbstractContextManager[Any]:
    import torch
    from torch.overrides import TorchFunctionMode

    class Watch(TorchFunctionMode):
        """See the result of every function."""

        def __torch_function__(self, function: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
            out = function(*args, **(kwargs or {}))
            for each in out if isinstance(out, tuple | list) else (out,):
                if isinstance(each, torch.Tensor):
                    work.largest = max(work.largest, each.numel())
            return out

    return Watch()
