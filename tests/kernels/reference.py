"""The one truth: the plain function a kernel names, lifted and read in balls, value and gradient."""

import inspect
from functools import cache
from typing import Any

import numpy as np
from flint import arb, ctx

from losscheck import oracle
from losscheck.kernel import kernels
from losscheck.rounding.jet import jets
from losscheck.rounding.oracle import Oracle

KINDS = {"rows": "logits", "sum": "logits", "map": "map", "elementwise": "margin"}
KINDS |= {"targets": "multilabel", "batch": "logits"}
PRECISIONS = (160, 700, 2600)  # what cancels in the plain formula is at most 2^-1600
Truth = tuple[arb, list[arb] | None]


@cache
def lifted(name: str, classes: int, parameters: tuple[float, ...]) -> Oracle:
    entry = kernels()[name]
    names = [name for name in inspect.signature(entry.plain).parameters][2 if entry.shape != "elementwise" else 1 :]
    named = dict(zip(names, parameters, strict=False))
    kind = KINDS[entry.shape]
    return oracle(entry.plain, kind=kind, n_classes=classes, params=named, signature=entry.signature)


def _sharp(ball: arb) -> bool:
    return bool(ball.is_finite()) and (ball.rel_accuracy_bits() > 80 or bool(ball.is_zero()))


def truths(name: str, row: Any, parameters: tuple[float, ...] = (), y: Any = 0) -> list[Truth]:
    """Value and slopes of every output at a row of finite numbers: one output, or one per class of a map.

    There are no slopes at a kink.
    """
    shape = kernels()[name].shape
    loss = lifted(name, max(2, np.size(row)), parameters)
    inputs = [np.asarray(row, np.float64)[None]] + ([np.array([y])] if shape not in ("map", "elementwise") else [])
    found: list[Truth] = []
    for roots, point in loss.points(inputs):
        for root in roots:
            for precision in PRECISIONS:
                jet = jets([root], point, precision)[0]
                slopes = [arb(jet.slopes.get(variable, 0)) for variable in point]
                if all(map(_sharp, [jet.value, *slopes])):
                    break
            found.append((jet.value, None if jet.kink else slopes))
    return found


def ulps(got: Any, true: arb, dtype: Any, least: float = 0.0) -> float:
    """Distance in units in the last place of the exact result, or of ``least`` where that is larger."""
    ctx.prec = max(ctx.prec, 320)
    size = max(abs(float(true)), least)
    highest, unit = float(finfo(dtype).max), float(spacing(size, dtype))
    if size > highest:
        return 0.0 if abs(float(got)) in (np.inf, highest) else np.inf
    if np.isinf(got):  # what lies within a unit of the largest number may round up to infinity
        return 1.0 if highest - size < unit else np.inf
    return float(abs(arb(float(got)) - true).mid()) / unit


def finfo(dtype: Any) -> Any:
    if np.dtype(dtype).name == "bfloat16":
        import ml_dtypes

        return ml_dtypes.finfo(dtype)
    return np.finfo(dtype)


def spacing(size: float, dtype: Any) -> float:
    """The unit in the last place at a size."""
    info = finfo(dtype)
    return float(info.eps) * 2.0 ** np.floor(np.log2(max(size, float(info.tiny))))
