"""A formula of T by exact algebra (rules ``h_formula_...``): SymPy proposes the places."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import numpy as np

from losscheck.certificate import graph_json, q
from losscheck.engines.binary_risk import flipped
from losscheck.engines.branch_at import branch_at
from losscheck.engines.breakpoints import breakpoints, merge
from losscheck.engines.least_lines import pieces
from losscheck.engines.numeric import evaluate
from losscheck.engines.risk_formulas import RiskFormulas
from losscheck.engines.slope_zeros import tidy, written
from losscheck.expr.build import add, const, substitute, var
from losscheck.expr.constants import choices, chosen
from losscheck.expr.graph import Expr
from losscheck.expr.sympy_reading import to_sympy
from losscheck.lifting.lifted import Lifted
from losscheck.proving import prove
from losscheck.theorems import h_formula_polyhedral
from losscheck.theorems.h_transform_comp_sum import convex_from, profiles
from losscheck.theorems.h_transform_concave import looks_concave
from losscheck.theorems.h_transform_two_sided import right_side
from losscheck.verdict import Outcome
from losscheck.verifier.hypothesis_set import hypotheses

HALF = Fraction(1, 2)
MESSAGE = "T is the formula on all of [0, 1]."


def proofs(lifted: Lifted, text: str) -> Iterator[dict[str, Any]]:
    """Proofs worth trying."""
    import sympy

    over, side = hypotheses(text), right_side(lifted)
    yield from h_formula_polyhedral.proposals(lifted, text)
    if side is not None:
        f = chosen([side[0]], choices([side[0]])[0])[0]
        cap = None if over.least is None else side[1] * over.least
        both = merge(h for root in (f, flipped(f, "x")) for h in breakpoints(root, "x"))
        for formula, limits, constant in linear(f, cap):
            yield {
                "rule": "h_formula_ends", "hypotheses": text, "breaks": both, "formula": formula, "limits": limits,
                "constant_sum": constant,
            }  # fmt: skip
        hints = breakpoints(f, "x")
        for formula, places in RiskFormulas(f, cap, hints).proposals() if looks_convex(f, cap) else ():
            acts = [text_of for text_of, _, _ in places]
            yield {
                "rule": "h_formula_two_sided", "hypotheses": text, "breaks": hints, "formula": formula, "acts": acts,
            }  # fmt: skip
    if lifted.kind == "logits" and over.everything:
        for alpha, phi in profiles(lifted):
            form = {"hypotheses": text, "alpha": q(alpha), "own": graph_json([phi])}
            if looks_concave(phi):
                formula, members = of_concave(phi, len(lifted.variables))
                yield {"rule": "h_formula_concave", **form, "formula": formula, "lines": members}
            moved = substitute([phi], {var("s", "unit"): add(const(HALF), var("x"))})[0]
            start = convex_from(phi, len(lifted.variables)) if len(lifted.variables) > 2 else HALF
            if start is None:
                continue
            for formula, places in RiskFormulas(moved, HALF, []).proposals():
                acts = [
                    written(tidy(place + sympy.Rational(1, 2), sympy.Symbol("t", positive=True)))
                    for _, place, _ in places
                ]
                yield {
                    "rule": "h_formula_comp_sum", **form, "formula": formula, "acts": acts, "convex_from": q(start),
                }  # fmt: skip


def looks_convex(f: Expr, cap: Fraction | None) -> bool:
    """Whether second differences are not negative, in floats."""
    reach = 12.0 if cap is None else float(cap)
    with np.errstate(all="ignore"):
        values = evaluate([f], {"x": np.linspace(-reach, reach, 481)})[0]
    return bool((np.diff(values, 2) >= -1e-9 * (1 + np.abs(values[1:-1]))).all())


def linear(f: Expr, cap: Fraction | None) -> Iterator[tuple[str, list[str], bool]]:
    """``(formula, limits, whether f(x) + f(-x) is constant)`` of losses whose risks are least at the ends."""
    import sympy

    reach = 12.0 if cap is None else float(cap)
    at = np.linspace(0, reach, 241)
    with np.errstate(all="ignore"):
        own, other = (np.broadcast_to(evaluate([f], {"x": s * at})[0], at.shape) for s in (1, -1))
    constant = bool(np.ptp(own + other) < 1e-9)
    if not (np.diff(own) <= 1e-9).all() or not (constant or (np.diff(other) <= 1e-9).all()):
        return
    x = sympy.Symbol("x", real=True)
    ends = []
    for side in (1, -1):
        read = to_sympy(branch_at(f, "x", side * (1e6 if cap is None else reach * (1 - 1e-9))))
        read = read.subs({s: x for s in read.free_symbols})
        far = sympy.oo if cap is None else sympy.Rational(cap.numerator, cap.denominator)
        ends.append(sympy.limit(read, x, side * far) if cap is None else read.subs(x, side * far))
    if not any(e.has(sympy.oo, sympy.nan, sympy.zoo) or e.free_symbols for e in ends):
        gain = sympy.simplify(ends[1] - ends[0]) / (2 if constant else 1)
        yield written(gain * sympy.Symbol("t")), [written(e) for e in ends], constant


def of_concave(phi: Expr, k: int) -> tuple[str, list[list[int]]]:
    """The formula of a concave profile, and which affine function each piece is."""
    import sympy

    read = to_sympy(phi)
    (s,) = read.free_symbols or {sympy.Symbol("s")}
    gains = {j: read.subs(s, 0) - read.subs(s, sympy.Rational(1, j)) for j in range(1, k + 1)}

    def families(late: bool) -> dict[int, list[tuple[Any, Any]]]:
        a0, a1 = (sympy.Integer(0), sympy.Integer(1)) if late else (sympy.Rational(1, k), sympy.Rational(1, k))
        found = {1: [(sympy.Integer(0), gains[1])]}
        for j in range(2, k + 1):
            base = gains[1] * a0, gains[1] * a1
            found[j] = [
                (base[0] - gains[j], base[1]), (base[0] - gains[j] * j * a0, base[1] - gains[j] * (j * a1 - 1)),
            ]  # fmt: skip
        return found

    made = pieces(families, sympy.Rational(1, k - 1))
    t = sympy.Symbol("t")
    texts = [written(sympy.simplify(c + m * t)) for _, _, _, (c, m) in made]
    ends = [written(end) for end, *_ in made]
    heads = [f"{f} if t <= {c}" for f, c in zip(texts, ends[:-1], strict=False)]
    return " else ".join([*heads, texts[-1]]), [[j, i] for _, j, i, _ in made]


def transform_formula(lifted: Lifted, text: str) -> Outcome | None:
    """The formula, or None."""
    for proof in proofs(lifted, text):
        found = prove(lifted, "transform_formula", proof, message=MESSAGE)
        if found:
            return found
    return None
