"""Divergences read as ``Phi(sum of q_i f(p_i / q_i))``: the numbers a certificate needs, found in floats."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import numpy as np

from losscheck.certificate import q
from losscheck.engines.breakpoints import breakpoints, merge
from losscheck.engines.numeric import evaluate
from losscheck.expr.build import add, const, exp, log, mul, substitute, var
from losscheck.expr.constants import choices, chosen
from losscheck.expr.graph import Expr, topological
from losscheck.lifting.lifted import Lifted
from losscheck.proving import prove, refute
from losscheck.verdict import Outcome

MESSAGES = {
    "nonnegative": "An f-divergence is at least f(1), and its outer function is nowhere negative from there on.",
    "identity_of_indiscernibles": "An f-divergence with f strictly convex at 1 is least for equal arguments only.",
    "data_processing": "An f-divergence does not grow under a K x K kernel, and its outer function is nondecreasing.",
    "jointly_convex": "An f-divergence is jointly convex, and its outer function is convex and nondecreasing.",
    "bounded_above": "An f-divergence with f(0) + f*(0) finite is bounded.",
    "supremum": "The supremum of an f-divergence is f(0) + f*(0), approached by disjoint supports.",
}


def cores(root: Expr) -> Iterator[tuple[Expr, Expr]]:
    """The sums outside of which no variable occurs, in the order of the verifier, and the root with c in their place.

    A log-sum-exp is the logarithm of a sum.
    """
    for n in topological([root]):
        if n.op in ("add", "lse") and len(n.args) > 1:
            sums = add(*map(exp, n.args)) if n.op == "lse" else n
            (rest,) = substitute([root], {n: log(var("c")) if n.op == "lse" else var("c")})
            if sums.op == "add" and not any(m.op == "var" and m.value[0] != "c" for m in topological([rest])):
                yield sums, rest


def _function(lifted: Lifted, core: Expr) -> Expr | None:
    """``f(v)``: the terms of index 0 at q = 1, and the constant times v."""
    n = len(lifted.variables) // 2
    p, r = lifted.variables[0], lifted.variables[n]
    parts = [mul(const(core.value[0]), var("v", "positive"))]
    for c, term in zip(core.value[1:], core.args, strict=True):
        names = {m.value[0] for m in topological([term]) if m.op == "var"}
        if not names <= {p, r}:
            continue
        swap = {m: {p: var("v", "positive"), r: const(1)}[m.value[0]] for m in topological([term]) if m.op == "var"}
        parts.append(mul(const(c), substitute([term], swap)[0]))
    return add(*parts)


def readings(lifted: Lifted) -> Iterator[tuple[dict[str, Any], Expr, Expr]]:
    """``(proof without its rule, f as a function of v, Phi as one of c)`` for every core, constants read as rationals.

    As constants of a sum merge only once they are rational, the tree as it stands, with balls, comes second.
    """
    (root,) = lifted.roots
    (exact,) = chosen([root], choices([root])[0])
    for each in (exact,) if exact is root else (exact, root):
        yield from _readings(lifted, each)


def _readings(lifted: Lifted, root: Expr) -> Iterator[tuple[dict[str, Any], Expr, Expr]]:
    for number, (core, phi) in enumerate(cores(root)):
        f = _function(lifted, core)
        if f is None or not any(m.op == "var" for m in topological([f])):
            continue
        (sampled,) = chosen([f], choices([root])[0])
        v = np.geomspace(0.01, 100, 400)
        y = evaluate([sampled], {"v": v})[0]
        if not np.all(np.isfinite(y)):
            continue
        w = np.sqrt(v[:-2] * v[2:])
        chords = y[:-2] + (y[2:] - y[:-2]) * (w - v[:-2]) / (v[2:] - v[:-2])
        bends = chords - evaluate([sampled], {"v": w})[0]
        bend = np.median(bends) if abs(np.median(bends)) > 1e-9 else np.sum(bends)  # piecewise linear: at kinks only
        turn = -1 if bend < 0 else 1
        hints = breakpoints(f, "v", "positive")
        yield {"core": number, "turn": turn, "f_breaks": hints}, f, phi
        if "1" not in hints:  # where f'' may touch 0
            yield {"core": number, "turn": turn, "f_breaks": merge([*hints, "1"])}, f, phi


def _ends(lifted: Lifted, head: dict[str, Any], f: Expr) -> list[str | None]:
    """Rational upper ends of C - m to try: none, and the exact value when f(0) + f*(0) is a simple one."""
    (sampled,) = chosen([f], choices(lifted.roots)[0])
    low, one, high = evaluate([sampled], {"v": np.array([1e-40, 1.0, 1e40])})[0]
    top = head["turn"] * (low + high / 1e40 - one)
    if not np.isfinite(top) or abs(top) > 1e6:
        return [None]
    guess = Fraction(float(top)).limit_denominator(1000)
    exact = abs(float(guess) - top) < 1e-9
    return [None, q(guess) if exact else q(Fraction(int(top * 2**20) + 1, 2**20))]


def proofs(lifted: Lifted) -> Iterator[dict[str, Any]]:
    """Proof nodes without rule and question, most likely first."""
    for head, f, phi in readings(lifted):
        (least,) = evaluate(
            chosen([substitute([f], {var("v", "positive"): const(1)})[0]], choices(lifted.roots)[0]), {}
        )
        m = Fraction(float(least)).limit_denominator(10**6)
        shifted = mul(const(head["turn"]), add(const(head["turn"] * m), var("x", "positive")))
        (outer,) = substitute([phi], {var("c"): shifted})
        for end in _ends(lifted, head, f):
            cuts = [h for h in breakpoints(outer, "x", "positive") if _inside(h, end)]
            yield {**head, "end": end, "outer_breaks": cuts}


def _inside(hint: str | list[str], end: str | None) -> bool:
    high = Fraction(hint if isinstance(hint, str) else hint[1])
    return end is None or high < Fraction(end)


def attempt(lifted: Lifted, ask: str) -> Outcome | None:
    """Prove ``ask`` of a divergence, or None."""
    for rest in proofs(lifted):
        proof = {"rule": "by_csiszar", "ask": ask, **rest}
        found = prove(lifted, ask, proof, message=MESSAGES[ask])
        if found:
            return found
    return None


def unbounded(lifted: Lifted) -> Outcome | None:
    """Refute that a divergence is bounded above, or None."""
    for rest in proofs(lifted):
        proof = {"rule": "by_csiszar", "ask": "bounded_above", **rest}
        message = "The divergence grows without bound as the supports become disjoint."
        found = refute(lifted, "bounded_above", proof, message=message, witness=None)
        if found:
            return found
    return None


def homogeneous(lifted: Lifted, ask: str) -> Outcome | None:
    """Prove ``ask`` of a sum of homogeneous functions of two entries, or None."""
    message = {
        "jointly_convex": "Every term is jointly convex: its Hessian, as a function of p_i / q_i, has minors >= 0.",
    }.get(ask, "Every term is nonnegative as a function of the ratio of its entries, and 0 only where that is 1.")
    for head, f, phi in readings(lifted):
        flat = {**head, "turn": 1}
        if ask != "jointly_convex":  # the cut at 1 is the rule's own
            flat["f_breaks"] = [h for h in head["f_breaks"] if h != "1"]
        cuts = breakpoints(phi, "c", "positive")
        for degree in degrees(lifted, head["core"]):
            slope = _slope_of(lifted, f, 1) if degree == 1 else Fraction(0)
            proof = {
                "rule": "by_homogeneous", "ask": ask, **flat, "degree": q(degree), "slope": q(slope),
                "outer_breaks": cuts,
            }  # fmt: skip
            found = prove(lifted, ask, proof, message=message)
            if found:
                return found
    return None


def degrees(lifted: Lifted, number: int) -> list[Fraction]:
    """The degree of homogeneity of a core, in floats; a constant in it may hide it, then some to try."""
    (root,) = chosen(lifted.roots, choices(lifted.roots)[0])
    core, _ = next((pair for i, pair in enumerate(cores(root)) if i == number), (root, root))
    point = {x: np.array([1.0, 2.0, 4.0]) * (0.11 + 0.07 * i * i) for i, x in enumerate(lifted.variables)}
    y = evaluate([core], point)[0]
    with np.errstate(all="ignore"):
        slopes = np.diff(np.log2(np.abs(y)))
    if not np.all(np.isfinite(slopes)) or np.ptp(slopes) > 1e-9:
        return [Fraction(x) for x in (0, 1, 2, -1)]
    return [Fraction(float(slopes[0])).limit_denominator(60)]


def powers(lifted: Lifted) -> Outcome | None:
    """Prove the triangle inequality of a power of a symmetric f-divergence, or None."""
    for rest, degree in _with_degree(lifted):
        for a in sorted({degree, Fraction(1, 2), Fraction(1)}):
            if degree <= a <= 1:
                ends = {"slope": q(_slope(lifted, rest)), "power": q(a), "degree": q(degree)}
                message = f"The power {a} of a symmetric f-divergence is a metric by the theorem of Kafka et al."
                proof = {"rule": "metric_by_power", **rest, **ends}
                found = prove(lifted, "triangle_inequality", proof, message=message)
                if found:
                    return found
    return None


def _with_degree(lifted: Lifted) -> Iterator[tuple[dict[str, Any], Fraction]]:
    """The proofs whose outer function is a power in floats, with its exponent."""
    for rest in proofs(lifted):
        head, f, phi = next(r for r in readings(lifted) if r[0]["core"] == rest["core"])
        choice = choices(lifted.roots)[0]
        m = evaluate(chosen([f], choice), {"v": np.array([1.0])})[0][0]
        c = head["turn"] * (head["turn"] * m + np.array([1e-2, 1e-3, 1e-4]))
        y = evaluate(chosen([phi], choice), {"c": c})[0]
        with np.errstate(all="ignore"):
            slopes = np.diff(np.log10(y))
        if np.all(np.isfinite(slopes)) and np.ptp(slopes) < 1e-6:
            yield rest, Fraction(float(-slopes[0])).limit_denominator(60)


def _slope(lifted: Lifted, rest: dict[str, Any]) -> Fraction:
    """The mean of the one-sided slopes of f at 1."""
    head, f, _ = next(r for r in readings(lifted) if r[0]["core"] == rest["core"])
    return _slope_of(lifted, f, head["turn"])


def _slope_of(lifted: Lifted, f: Expr, turn: int) -> Fraction:
    (sampled,) = chosen([f], choices(lifted.roots)[0])
    low, high = evaluate([sampled], {"v": np.array([1 - 1e-5, 1 + 1e-5])})[0]
    return Fraction(float(turn * (high - low) / 2e-5)).limit_denominator(1000)


def _lines(n: int) -> Iterator[tuple[list[list[str]], list[list[str]]]]:
    """Lines of pairs that leave the open simplex as t falls to 0."""
    even = [[q(Fraction(1, n)), "0"]] * n
    fade = [["0", q(Fraction(1, n))], *[[q(Fraction(1, n - 1)), q(Fraction(-1, n * (n - 1)))]] * (n - 1)]
    focus = [["1", q(Fraction(1 - n, n))], *[["0", q(Fraction(1, n))]] * (n - 1)]
    yield from ((fade, even), (even, fade), (focus, even), (even, focus), (focus, focus[1:] + focus[:1]))


def unbounded_along(lifted: Lifted) -> Outcome | None:
    """Refute that a divergence is bounded above along a line to the boundary, or None."""
    for first, second in _lines(len(lifted.variables) // 2):
        proof = {"rule": "unbounded_along", "side": "above", "label": 0, "path": [*first, *second], "reach": "1/2"}
        message = "The divergence grows without bound along a line to the boundary of the simplex."
        found = refute(lifted, "bounded_above", proof, message=message, witness={"path": [*first, *second]})
        if found:
            return found
    return None
