"""Questions about pairs of vectors refuted by exact points found in floats."""

from __future__ import annotations

from typing import Any

import numpy as np

from losscheck.engines.pairs import Array, dyadic, length, texts, tried, values, vectors
from losscheck.lifting.lifted import Lifted
from losscheck.proving import refute
from losscheck.verdict import Outcome

COUNT = 4000


def _text(row: list[str]) -> str:
    return f"({', '.join(row)})"


def _between(lifted: Lifted, a: Array, c: Array, seed: int) -> Array:
    """Vectors to pass by between two others: midpoints, geometric and biased means, and anything."""
    rng = np.random.default_rng(seed)
    w = rng.choice([0.5, 0.25, 0.75], (len(a), 1))
    mean = (1 - w) * a + w * c
    if lifted.kind == "divergence":
        root = np.sqrt(a * c)
        return dyadic(np.where(rng.random((len(a), 1)) < 0.5, mean, root / root.sum(axis=1, keepdims=True)))
    bits = rng.integers(0, 3, a.shape)
    return np.asarray(np.select([bits == 0, bits == 1], [a, c], mean))


def _mixed(a: Array, b: Array, seed: int) -> Array:
    """Rows near ``a``: steps of a power of two towards ``b``, so that a sum of two stays exact."""
    rng = np.random.default_rng(seed)
    return np.asarray(a + (b - a) * 2.0 ** -rng.integers(1, 8, (len(a), 1)))


def negative(lifted: Lifted) -> Outcome | None:
    """A pair with a negative value."""
    a, b = (vectors(lifted, COUNT, seed) for seed in (1, 2))
    value = values(lifted, a, b)
    for k in tried(-value, value):
        p, q = texts(a[k]), texts(b[k])
        message = f"The loss of {_text(p)}, {_text(q)} is {value[k]:.6g}."
        proof = {"rule": "negative_witness", "label": 0, "at": [*p, *q]}
        found = refute(lifted, "nonnegative", proof, message=message, witness={"first": p, "second": q})
        if found:
            return found
    return None


def exchanged(lifted: Lifted) -> Outcome | None:
    """A pair whose value changes when it is exchanged."""
    a, b = (vectors(lifted, COUNT, seed) for seed in (1, 2))
    here, there = values(lifted, a, b), values(lifted, b, a)
    for k in tried(np.abs(here - there), here):
        p, q = texts(a[k]), texts(b[k])
        message = f"The loss of {_text(p)}, {_text(q)} is {here[k]:.6g}, exchanged {there[k]:.6g}."
        proof = {"rule": "exchange_witness", "first": p, "second": q}
        found = refute(lifted, "symmetric_arguments", proof, message=message, witness={"first": p, "second": q})
        if found:
            return found
    return None


def detour(lifted: Lifted) -> Outcome | None:
    """Three vectors of which the way round is shorter."""
    for seed in (1, 5):
        a, c = vectors(lifted, COUNT, seed), vectors(lifted, COUNT, seed + 1)
        if seed == 5:
            c = _mixed(a, c, 3)
            c = dyadic(c) if lifted.kind == "divergence" else c
        for b in (_between(lifted, a, c, seed), vectors(lifted, COUNT, seed + 2)):
            direct, first, second = values(lifted, a, c), values(lifted, a, b), values(lifted, b, c)
            for k in tried(direct - first - second, direct):
                x, y, z = texts(a[k]), texts(b[k]), texts(c[k])
                message = (
                    f"From {_text(x)} to {_text(z)} it is {direct[k]:.6g}, by way of {_text(y)} only "
                    f"{first[k] + second[k]:.6g}."
                )
                proof = {"rule": "triangle_witness", "a": x, "b": y, "c": z}
                witness = {"a": x, "b": y, "c": z, "excess": float(direct[k] - first[k] - second[k])}
                found = refute(lifted, "triangle_inequality", proof, message=message, witness=witness)
                if found:
                    return found
    return None


def chord(lifted: Lifted) -> Outcome | None:
    """Two pairs whose middle lies above the chord."""
    p, q, r, s = (vectors(lifted, COUNT, seed) for seed in (1, 2, 3, 4))
    for near in (False, True):
        if near:
            r, s = dyadic(_mixed(p, r, 5)), dyadic(_mixed(q, s, 6))
        ends, middle = (values(lifted, p, q) + values(lifted, r, s)) / 2, values(lifted, (p + r) / 2, (q + s) / 2)
        for k in tried(middle - ends, middle):
            start, end = [texts(p[k]), texts(q[k])], [texts(r[k]), texts(s[k])]
            proof = {"rule": "joint_chord_witness", "start": start, "end": end, "weight": "1/2"}
            message = f"Halfway between two pairs the loss lies {middle[k] - ends[k]:.3g} above the chord."
            found = refute(lifted, "jointly_convex", proof, message=message, witness={"start": start, "end": end})
            if found:
                return found
    return None


def indiscernible(lifted: Lifted, name: str) -> Outcome | None:
    """Equal vectors with a value apart from 0, or different ones with the value 0."""
    a, b = vectors(lifted, COUNT, 1, target=True), vectors(lifted, COUNT, 2, target=True)
    here, other = values(lifted, a, a), np.abs(values(lifted, a, b))
    pairs = [(a[k], a[k], here[k]) for k in tried(np.abs(here), here)]
    apart = np.abs(a - b).max(axis=1) > 0
    close = np.flatnonzero(apart & np.isfinite(other) & (other < 1e-12))[:4]
    for x, y, value in [*pairs, *((a[k], b[k], 0.0) for k in close)]:
        p, q = texts(x), texts(y)
        proof = {"rule": "indiscernible_witness", "first": p, "second": q}
        message = f"The loss of {_text(p)} and {_text(q)} is {value:.6g}."
        found = refute(lifted, name, proof, message=message, witness={"first": p, "second": q})
        if found:
            return found
    return None


def beaten(lifted: Lifted) -> Outcome | None:
    """A point below the value at the target."""
    x, y = vectors(lifted, COUNT, 1), vectors(lifted, COUNT, 2, target=True)
    for first in (x, _mixed(y, x, 3)):
        here, target = values(lifted, first, y), values(lifted, y, y)
        for k in tried(target - here, target):
            p, q = texts(first[k]), texts(y[k])
            proof = {"rule": "target_witness", "first": p, "second": q}
            message = f"For the target {_text(q)} the loss is {target[k]:.6g} there, and {here[k]:.6g} at {_text(p)}."
            found = refute(lifted, "min_at_target", proof, message=message, witness={"first": p, "second": q})
            if found:
                return found
    return None


def binary_chord(lifted: Lifted) -> Outcome | None:
    """A chord below the loss for a binary target."""
    rng = np.random.default_rng(7)
    a, b = vectors(lifted, COUNT, 1), vectors(lifted, COUNT, 2)
    y = rng.integers(0, 2, (COUNT, length(lifted))).astype(float)
    if lifted.domain.endswith("+"):
        y[y.sum(axis=1) == 0, 0] = 1.0
    ends, middle = (values(lifted, a, y) + values(lifted, b, y)) / 2, values(lifted, (a + b) / 2, y)
    for k in tried(middle - ends, middle):
        proof: dict[str, Any] = {"rule": "binary_chord_witness", "weight": "1/2"}
        places = {"a": texts(a[k]), "b": texts(b[k]), "target": texts(y[k])}
        message = f"Halfway between {_text(places['a'])} and {_text(places['b'])} the loss lies above the chord."
        found = refute(lifted, "convex_in_x_binary_y", {**proof, **places}, message=message, witness=places)
        if found:
            return found
    return None
