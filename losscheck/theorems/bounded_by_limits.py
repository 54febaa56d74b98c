"""Bounds of a loss: limits at the ends of its pieces, its range as a whole, or a line along which it diverges."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import numpy as np

from losscheck.engines.breakpoints import breakpoints
from losscheck.engines.numeric import evaluate
from losscheck.lifting.lifted import Lifted
from losscheck.proving import prove, refute
from losscheck.theorems.convex_premise import convex_premise
from losscheck.verdict import Outcome


def attempt(lifted: Lifted, side: str) -> Outcome | None:
    """Prove that the loss is bounded ``below`` or ``above``, or None."""
    proofs: list[dict[str, Any]] = [{"rule": "bounded_by_range", "side": side}]
    if len(lifted.variables) == 1:
        hints = [breakpoints(r, lifted.variables[0], lifted.domain) for r in lifted.roots]
        proofs.append({"rule": "bounded_by_limits", "side": side, "breaks": hints})
    for proof in proofs:
        message = f"The loss is bounded {side}: its limits and its values in between are."
        found = prove(lifted, f"bounded_{side}", proof, message=message)
        if found:
            return found
    return None


def lines(lifted: Lifted) -> Iterator[tuple[list[list[str]], bool]]:
    """Lines worth following: ``[a, b]`` per variable and whether t goes to infinity (else to 0)."""
    k = len(lifted.variables)
    if lifted.domain == "real":
        rays = [[int(i == j) * s for j in range(k)] for i in range(k) for s in (1, -1)]
        rays += [[s] * k for s in (1, -1)] if k > 1 else []
        yield from (([["0", str(c)] for c in ray], True) for ray in rays)
    elif lifted.domain == "unit":
        yield [["0", "1"]], False
        yield [["1", "-1"]], False
    else:
        for i in range(k):  # one probability to 0, the others to equal shares
            rest = f"1/{k - 1}"
            yield [["0", "1"] if j == i else [rest, f"-1/{k - 1}"] for j in range(k)], False
            yield [["1", f"-{k - 1}"] if j == i else ["0", "1"] for j in range(k)], False


def diverging(lifted: Lifted, side: str, path: list[list[str]], far: bool) -> list[int]:
    """The labels whose loss does not visibly come to rest along the line, in floats."""
    if lifted.parameters:
        return list(range(len(lifted.roots)))
    t = np.array([1e3, 1e6, 1e9] if far else [1e-4, 1e-8, 1e-12])
    at = {n: float(Fraction(a)) + float(Fraction(b)) * t for n, (a, b) in zip(lifted.variables, path, strict=True)}
    found = []
    for label, y in enumerate(evaluate(lifted.roots, at)):
        if not np.isfinite(y).all():
            found.append(label)
            continue
        steps = np.diff(y) if side == "above" else -np.diff(y)
        if (steps > 1e-9 * (1 + np.abs(y[1:]))).any():
            found.append(label)
    return found


def refuted(lifted: Lifted, side: str) -> Outcome | None:
    """A line along which the loss of one label is unbounded, or None."""
    for path, far in lines(lifted):
        for label in diverging(lifted, side, path, far):
            for reach in ("40", "1000") if far else ("1/64",):
                proof = {
                    "rule": "unbounded_along", "side": side, "label": label, "path": path, "far": far, "reach": reach,
                }  # fmt: skip
                line = ", ".join(f"{n} = {a} + {b} t" for n, (a, b) in zip(lifted.variables, path, strict=True))
                message = (
                    f"The loss{lifted.told(label)} tends to {'-' if side == 'below' else '+'}infinity "
                    f"along {line} as t goes to {'infinity' if far else '0'}."
                )
                found = refute(
                    lifted, f"bounded_{side}", proof, message=message,
                    witness={"line": path, "label": lifted.labels[label], "t": "inf" if far else "0+"},
                )  # fmt: skip
                if found:
                    return found
    return None


def refuted_by_convexity(lifted: Lifted) -> Outcome | None:
    """Unbounded above because convex and not constant, or None."""
    if lifted.domain != "real" or (convex := convex_premise(lifted, every=True)) is None:
        return None
    k = len(lifted.variables)
    points = [["-1"] + ["0"] * (k - 1), ["1"] + ["0"] * (k - 1)]
    for label in range(len(lifted.roots)):
        proof = {"rule": "unbounded_by_convexity", "convex": convex, "label": label, "points": points}
        found = refute(
            lifted, "bounded_above", proof, message="The loss is convex and not constant, so it is unbounded above.",
            witness={"points": points, "label": lifted.labels[label]},
        )  # fmt: skip
        if found:
            return found
    return None
