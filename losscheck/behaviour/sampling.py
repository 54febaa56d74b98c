"""Ordinary inputs of a signature: interior points of every domain, labels of every value, all from one seed."""

from __future__ import annotations

import numpy as np

from losscheck.behaviour.formats import Array
from losscheck.signature import Argument, Signature

_PREFERRED = {"N": 4, "B": 4, "L": 5, "M": 6, "D": 7}


def sizes(n_classes: int, **chosen: int) -> dict[str, int]:
    """Return a length per axis, all different, so that a loss that mixes up two axes cannot get away with it."""
    out = {"K": n_classes, "C": n_classes}
    taken = {n_classes, *chosen.values()}
    for axis, length in _PREFERRED.items():
        if axis == "B":
            out["B"] = out["N"]
            continue
        while length in taken:
            length += 1
        taken.add(length)
        out[axis] = length
    return {**out, **chosen}


def sample(signature: Signature, seed: int, n_classes: int, **chosen: int) -> dict[str, Array]:
    """Draw one ordinary input.

    >>> from losscheck.signature import parse
    >>> {n: v.shape for n, v in sample(parse("z:(N,K):real y:(N,):index"), 0, 3).items()}
    {'z': (4, 3), 'y': (4,)}
    """
    rng = np.random.default_rng(seed)
    lengths = sizes(n_classes, **chosen)
    out: dict[str, Array] = {}
    for argument in signature.arguments:
        shape = tuple(int(axis) if axis.isdigit() else lengths[axis] for axis in argument.shape)
        out[argument.name] = draw(argument, shape, rng, lengths)
    return out


def draw(argument: Argument, shape: tuple[int, ...], rng: np.random.Generator, lengths: dict[str, int]) -> Array:
    """Draw one argument."""
    match argument.domain:
        case "real":
            return rng.normal(size=shape) * 1.5
        case "positive":
            return np.exp(rng.normal(size=shape) * 0.6)
        case "unit" | "(0,1)":
            return rng.uniform(0.03, 0.97, size=shape)
        case "[-1,1]":
            return rng.uniform(-0.95, 0.95, size=shape)
        case "simplex" | "simplex+" | "logsimplex":
            weights = np.exp(rng.normal(size=shape))
            p: Array = weights / weights.sum(axis=argument.class_axis, keepdims=True)
            return np.log(p) if argument.domain == "logsimplex" else p
        case "index" | "index*":
            return rng.integers(0, lengths["K"], size=shape)
        case "{0,1}" | "{0,1}+" | "mask":
            return _both(rng.integers(0, 2, size=shape), argument.domain)
        case "{-1,1}":
            return 2.0 * rng.integers(0, 2, size=shape) - 1.0
        case "count":
            return rng.integers(1, 20, size=shape).astype(np.float64)
        case "length":
            n = rng.integers(1, lengths["L"] + 1, size=shape)
            n.reshape(-1)[:1] = max(1, lengths["L"] - 2)
            return n
        case "box":
            low = rng.uniform(0.0, 5.0, size=(*shape[:-1], 2))
            return np.concatenate([low, low + rng.uniform(0.5, 4.0, size=low.shape)], axis=-1)
    raise ValueError(f"domain={argument.domain!r} of {argument.name} cannot be sampled")


def _both(values: Array, domain: str) -> Array:
    """See to it that both values occur, and in ``{0,1}+`` that no row is all 0."""
    if values.size > 1:
        values.reshape(-1)[0], values.reshape(-1)[-1] = 1, 0
    if domain == "{0,1}+" and values.ndim:
        values[..., 0] = 1
    return values.astype(bool) if domain == "mask" else values.astype(np.float64)
