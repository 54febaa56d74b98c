"""Differentiability: equal slopes at every cut, a graph without switches, or a kink along a line."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from losscheck.certificate import q
from losscheck.engines.breakpoints import Hint, breakpoints
from losscheck.expr.build import add, const, scale, substitute, var
from losscheck.expr.graph import Expr, topological
from losscheck.lifting.lifted import Lifted
from losscheck.proving import prove, refute
from losscheck.verdict import Outcome


def attempt(lifted: Lifted) -> Outcome | None:
    """Prove differentiability everywhere on the open domain, or None."""
    proofs: list[dict[str, Any]] = [{"rule": "differentiable_everywhere"}]
    if len(lifted.variables) == 1:
        hints = [breakpoints(r, lifted.variables[0], lifted.domain) for r in lifted.roots]
        proofs.append({"rule": "differentiable_by_pieces", "breaks": hints})
    for proof in proofs:
        found = prove(lifted, "differentiable", proof, message="The loss is differentiable everywhere.")
        if found:
            return found
    return None


def lines(lifted: Lifted) -> Iterator[list[tuple[Fraction, Fraction]]]:
    """Lines ``t -> a + b t`` through the domain, one pair per variable."""
    k = len(lifted.variables)
    if k == 1:
        yield [(Fraction(0), Fraction(1))]
    elif lifted.domain == "real":
        for i in range(k):
            for start in ([Fraction(0)] * k, [Fraction(3 * j * j + j, 7) for j in range(k)]):
                yield [(start[j], Fraction(int(i == j))) for j in range(k)]
    else:
        for i in range(1, k):
            rest = Fraction(1, k + 1)
            yield [(rest * (2 if j == i else 1), Fraction(int(j == 0) - int(j == i))) for j in range(k)]


def along(lifted: Lifted, root: Expr, line: list[tuple[Fraction, Fraction]]) -> Expr | None:
    """The loss of one label along a line, in t; None when it is not defined there."""
    names = {n.value[0]: n for n in topological([root]) if n.op == "var"}
    swap = {
        names[name]: add(const(a), scale(b, var("t")))
        for name, (a, b) in zip(lifted.variables, line, strict=True)
        if name in names
    }
    try:
        return substitute([root], swap)[0]
    except (ZeroDivisionError, ValueError):
        return None


def span(hints: list[Hint], i: int, line: list[tuple[Fraction, Fraction]], domain: str) -> tuple[Fraction, Fraction]:
    """An interval around the hint i that holds no other and stays in the domain."""
    ends = [(Fraction(h), Fraction(h)) if isinstance(h, str) else (Fraction(h[0]), Fraction(h[1])) for h in hints]
    low, high = ends[i][0] - 1, ends[i][1] + 1
    if i:
        low = max(low, (ends[i - 1][1] + ends[i][0]) / 2)
    if i + 1 < len(ends):
        high = min(high, (ends[i][1] + ends[i + 1][0]) / 2)
    if domain != "real":
        for a, b in line:
            if b:
                t = sorted([-a / b, (1 - a) / b if domain != "positive" else high + 1 / abs(b)])
                low, high = max(low, t[0]), min(high, t[1])
    return low, high


def refuted(lifted: Lifted) -> Outcome | None:
    """A kink, a jump or a vertical slope, or None."""
    for line in lines(lifted):
        for label, root in enumerate(lifted.roots):
            section = along(lifted, root, line)
            hints = [] if section is None else breakpoints(section, "t", balls=True)
            for i, hint in enumerate(hints):
                low, high = span(hints, i, line, lifted.domain)
                if not low < high:
                    continue
                path = [[q(a), q(b)] for a, b in line]
                proof = {
                    "rule": "kink", "label": label, "path": path, "low": q(low), "high": q(high), "cut": hint,
                }  # fmt: skip
                t = hint if isinstance(hint, str) else f"{float(Fraction(hint[0])):.6g}"
                where = ", ".join(f"{n} = {a} + {b} t" for n, (a, b) in zip(lifted.variables, path, strict=True))
                message = f"The loss{lifted.told(label)} has a kink or a jump along {where} at t = {t}."
                found = refute(
                    lifted, "differentiable", proof, message=message, witness={"line": path, "t": hint, "label": label}
                )
                if found:
                    return found
    return None
