"""Data processing refuted by a kernel that raises the divergence."""

from __future__ import annotations

import numpy as np

from losscheck.engines.pairs import Array, dyadic, length, texts, tried, values, vectors
from losscheck.lifting.lifted import Lifted
from losscheck.proving import refute
from losscheck.verdict import Outcome

COUNT = 400


def kernels(n: int) -> list[Array]:
    """Row-stochastic matrices with positive output: permutations, merges with a trace left over, and random ones."""
    rng, eye = np.random.default_rng(3), np.eye(n)
    found = [eye[list(np.roll(range(n), k))] for k in range(1, n)] + [eye[rng.permutation(n)] for _ in range(6)]
    for i in range(n):
        for j in range(n):
            if i != j:
                merged = eye.copy()
                merged[i] = 0.0
                merged[i, j], merged[i, i] = 1 - 2.0**-10, 2.0**-10
                found.append(merged)
    return [*found, *(dyadic(rng.dirichlet(np.full(n, 0.4), n)) for _ in range(20))]


def attempt(lifted: Lifted) -> Outcome | None:
    """Refute data processing, or None."""
    p, q = vectors(lifted, COUNT, 1), vectors(lifted, COUNT, 2)
    before = values(lifted, p, q)
    for kernel in kernels(length(lifted)):
        after = values(lifted, p @ kernel, q @ kernel)
        for k in tried(after - before, before, most=1):
            first, second, rows = texts(p[k]), texts(q[k]), [texts(row) for row in kernel]
            proof = {"rule": "processing_witness", "first": first, "second": second, "kernel": rows}
            message = f"A kernel raises the divergence of two vectors from {before[k]:.6g} to {after[k]:.6g}."
            witness = {"first": first, "second": second, "kernel": rows}
            found = refute(lifted, "data_processing", proof, message=message, witness=witness)
            if found:
                return found
    return None
