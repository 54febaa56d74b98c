"""Writing certificates and asking the independent verifier about them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from losscheck.expr.graph import Expr, topological, value_text
from losscheck.lifting.lifted import Lifted


def graph_json(roots: Sequence[Expr]) -> dict[str, Any]:
    """The graph as JSON: ``{"nodes": [[op, value, args], ...], "roots": [...]}``."""
    order = topological(roots)
    index = {n: i for i, n in enumerate(order)}
    rows = [[n.op, n.value[0] if n.op == "var" else value_text(n.value), [index[a] for a in n.args]] for n in order]
    return {"nodes": rows, "roots": [index[r] for r in roots]}


def head(lifted: Lifted) -> dict[str, Any]:
    """What a certificate says about the loss itself."""
    ranges: dict[str, Any] = {"parameters": [list(row) for row in lifted.parameters]} if lifted.parameters else {}
    own = {"arguments": [[name, axes, domain] for name, axes, domain in lifted.arguments]} if lifted.arguments else {}
    return {
        "graph": graph_json(lifted.roots),
        "kind": lifted.kind,
        "n_classes": lifted.n_classes,
        "labels": list(lifted.labels),
        "variables": list(lifted.variables),
        "domain": lifted.domain,
        **ranges,
        **own,
    }


def certificate(
    lifted: Lifted,
    prop: str,
    verdict: str,
    proof: Mapping[str, Any],
    *,
    params: Mapping[str, Any] | None = None,
    constants: Mapping[str, str] | None = None,
    value: Any = None,
    bounds: Any = None,
    slack: Any = None,
) -> dict[str, Any]:
    """A certificate of one claim about a lifted loss."""
    claim = {
        "property": prop, "params": dict(params or {}), "verdict": verdict, "value": value, "bounds": bounds,
        "slack": slack,
    }  # fmt: skip
    return {"losscheck": 1, **head(lifted), "constants": dict(constants or {}), "claim": claim, "proof": dict(proof)}


def q(x: Fraction | int | float) -> str:
    """An exact rational as the text a certificate holds."""
    return str(Fraction(x))
