"""Comp-sum losses with a parameter: the profile phi(s), read off along a curve of scores, for every value of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from losscheck.certificate import graph_json, q
from losscheck.expr.constants import choices, chosen
from losscheck.expr.graph import topological
from losscheck.lifting.lifted import Lifted
from losscheck.theorems.calibrated_comp_sum import scales
from losscheck.theorems.in_probabilities import on_curve, read


def proofs(lifted: Lifted) -> Iterator[tuple[dict[str, Any], str]]:
    """Proofs worth trying that a loss of logits is calibrated for the whole range, and what they show."""
    names = [name for name, *_ in lifted.parameters]
    for choice in choices(lifted.roots):
        roots = chosen(lifted.roots, choice)
        for alpha in scales(roots):
            reading = on_curve(lifted.variables, 0, alpha)
            reading.start |= {n.value[0]: n for n in topological(roots) if n.op == "var" and n.value[0] in names}
            phi = read(reading, roots[0], ["s", *names])
            if phi is not None:
                proof = {"rule": "range_calibrated_comp_sum", "alpha": q(alpha), "own": graph_json([phi])}
                yield proof, f"The loss is phi(s_y) of s = softmax({q(alpha)} z), and phi(s) = {phi} decreases"
