"""Whether a call gives memory back that it never wrote: its value is then what lay there before, not a result."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from losscheck.behaviour.calling import Caller
from losscheck.comparison.case import Case
from losscheck.comparison.observation import Observation, observe


def reads_unwritten(caller: Caller, case: Case, dtype: str, seen: Observation) -> bool:
    """Whether numbers seen before become NaN once torch fills every new tensor with NaN.

    As those of ``torch.nn.MultiMarginLoss`` for an empty batch do. NumPy has no such mode, and no such functions.

    >>> import losscheck, torch
    >>> losscheck.compare(torch.nn.MultiMarginLoss(), torch.nn.MultiMarginLoss(), effort="quick").ok
    True
    """
    with _filled_with_nan() as filled:
        once_more = observe(caller, case, dtype) if filled else seen
    return len(once_more.values) == len(seen.values) and any(
        now.shape == then.shape and bool((_nan(now) & ~_nan(then)).any())
        for now, then in zip(once_more.values, seen.values, strict=True)
    )


def _nan(x: np.ndarray) -> np.ndarray:
    return np.asarray(x != x)  # also of integers, which have none


@contextmanager
def _filled_with_nan() -> Iterator[bool]:
    torch = sys.modules.get("torch")
    if torch is None:
        yield False
        return
    before = torch.are_deterministic_algorithms_enabled(), torch.is_deterministic_algorithms_warn_only_enabled()
    fill = torch.utils.deterministic.fill_uninitialized_memory
    torch.use_deterministic_algorithms(True, warn_only=True)
    torch.utils.deterministic.fill_uninitialized_memory = True
    try:
        yield True
    finally:
        torch.use_deterministic_algorithms(before[0], warn_only=before[1])
        torch.utils.deterministic.fill_uninitialized_memory = fill
