"""Calibration of symmetric Fenchel-Young losses on polyhedral cells. Rule ``calibrated_gradient_order``."""

from __future__ import annotations

from typing import Any

import numpy as np

from losscheck.certificate import q
from losscheck.engines.numeric import evaluate
from losscheck.engines.points import points
from losscheck.expr.graph import topological
from losscheck.lifting.lifted import Lifted
from losscheck.proving import prove
from losscheck.verdict import Outcome

LARGEST = [0, 5000, 5000, 400, 600, 0]
"""Nodes of a graph by number of scores."""
SMOOTH = {"exp", "lse", "log", "atan", "erf", "sin", "cos", "log_ndtr"}


def calibrated_gradient_order(lifted: Lifted) -> Outcome | None:
    """Prove calibration, or return None."""
    nodes = topological(lifted.roots)
    if len(nodes) > LARGEST[min(len(lifted.variables), 5)] or any(n.op in SMOOTH for n in nodes):
        return None
    if not any(n.op == "mul" or (n.op == "pow" and n.value == 2) for n in nodes) or not _linear_odds(lifted):
        return None
    message = (
        "The gradient is a symmetric monotone map minus the label, so minimisers have their scores in the order of p."
    )
    for high in (4, 16, 64):  # a score of its own, the others apart: no ties
        flat = [q(high if i == 0 else -i) for i in range(len(lifted.variables))]
        proof: dict[str, Any] = {
            "rule": "calibrated_gradient_order", "convex": {"rule": "convex_by_cells"},
            "differentiable": {"rule": "differentiable_by_cells"},
            "equivariant": {"rule": "invariant_by_identity", "under": "permutation"},
            "identity": {"rule": "gradient_identity", "map": None}, "flat": flat,
        }  # fmt: skip
        found = prove(lifted, "classification_calibrated", proof, message=message)
        if found:
            return found
    return None


def _linear_odds(lifted: Lifted) -> bool:
    """Whether ``l_y + z_y`` looks the same for all labels."""
    sample = points(lifted)
    values = np.array(evaluate(lifted.roots, sample)) + np.array(list(sample.values()))
    gaps = values - values[0]
    size = 1 + np.abs(values).max(axis=0)
    return bool(np.all(np.abs(gaps - gaps[:, :1]) <= 1e-9 * size))
