"""What a mask or a length switches off: what still moves the value there, and what more of it changes."""

from __future__ import annotations

import numpy as np

from losscheck.behaviour.formats import Array, Inputs
from losscheck.behaviour.sampling import draw
from losscheck.behaviour.trial import Trial
from losscheck.signature import Argument


def influence(trial: Trial, x: Inputs, where: Array) -> float:
    """Return the largest change of the value when floating entries at the marked positions move."""
    base, other, worst = trial.value(x), trial.sample(71), 0.0
    for argument in trial.signature.floats:
        at = spread(where, argument, np.shape(x[argument.name]))
        if at is not None:
            moved = trial.value({**x, argument.name: np.where(at, other[argument.name], x[argument.name])})
            worst = max(worst, float(np.max(np.abs(moved - base), initial=0.0)))
    return worst


def spread(where: Array, argument: Argument, shape: tuple[int, ...]) -> Array | None:
    """Return the marks of positions as marks of the entries of an argument, None where the shapes do not fit."""
    if where.shape == shape:
        return where
    if len(shape) != where.ndim + 1:
        return None
    wide = np.expand_dims(where, argument.class_axis)
    fits = all(a in (1, b) for a, b in zip(wide.shape, shape, strict=True))
    return np.broadcast_to(wide, shape) if fits else None


def longer(trial: Trial, x: Inputs, token: str, extra: int, fixed: dict[str, Array | bool]) -> dict[str, Array]:
    """Return the input with ``extra`` more positions along the axis ``token``, of ordinary values or ``fixed`` ones."""
    rng = np.random.default_rng(4)
    out = {}
    for argument in trial.signature.arguments:
        v = np.asarray(x[argument.name])
        if token not in argument.shape:
            out[argument.name] = v
            continue
        axis = argument.shape.index(token)
        shape = tuple(extra if i == axis else s for i, s in enumerate(v.shape))
        more = (
            np.full(shape, fixed[argument.name])
            if argument.name in fixed
            else draw(argument, shape, rng, {"K": trial.n_classes, "L": extra})
        )
        out[argument.name] = np.concatenate([v, more.astype(v.dtype)], axis=axis)
    return out
