"""A regression loss as a function of one variable: the reductions and slices to hand to the engines of one variable."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np

from losscheck.certificate import q
from losscheck.engines.breakpoints import affine_zero, switches
from losscheck.engines.numeric import evaluate
from losscheck.expr.build import add, const, substitute, var
from losscheck.expr.constants import choices, chosen
from losscheck.expr.graph import Expr, topological
from losscheck.lifting.lifted import Lifted
from losscheck.verdict import Outcome

SLICES = [Fraction(s) for s in ("1", "0", "3", "-2", "1/10", "10", "-10", "100")]
Solve = Callable[[Lifted], Outcome | None]


def is_positive(lifted: Lifted, name: str) -> bool:
    """Whether a variable of a regression loss is positive."""
    return lifted.domain == "positive" or f"{name}:positive" in lifted.domain.split()


def is_count(lifted: Lifted) -> bool:
    """Whether the observations of a regression loss are counts."""
    return lifted.domain.endswith("y:count")


def of_domain(lifted: Lifted, y: Fraction) -> bool:
    """Whether a number is an observation."""
    if is_count(lifted):
        return y >= 0 and y.denominator == 1
    return y > 0 or not is_positive(lifted, "y")


def at(root: Expr, yhat: Expr, y: Expr) -> Expr:
    """The loss at expressions for its two arguments."""
    swap = {n: {"yhat": yhat, "y": y}[n.value[0]] for n in topological([root]) if n.op == "var"}
    return substitute([root], swap)[0]


def in_floats(lifted: Lifted, yhat: Any, y: Any) -> np.ndarray:
    """Values of the loss."""
    roots = chosen(lifted.roots, choices(lifted.roots)[0])
    return evaluate(roots, {"yhat": np.asarray(yhat, float), "y": np.asarray(y, float)})[0]


def one_variable(lifted: Lifted, root: Expr, domain: str) -> Lifted:
    """A function of one variable as a case of its own."""
    return replace(lifted, kind="profile", n_classes=None, variables=("v",), domain=domain, roots=(root,))


def reductions(lifted: Lifted) -> Iterator[tuple[dict[str, Any], Lifted]]:
    """``(head of the proof, function of one variable)`` for every reduction that holds in floats."""
    u, v = np.array([0.7, 1.9, 3.3, 11.0]), np.array([0.45, 1.6, 0.3, 2.5])
    base = np.array([1.0, 1.0, 1.0, 1.0])

    def close(a: np.ndarray, b: np.ndarray) -> bool:
        return bool(np.all(np.abs(a - b) <= 1e-9 * (1 + np.abs(a) + np.abs(b))))

    moved = in_floats(lifted, u + v, u) - in_floats(lifted, u, u)
    if close(moved, in_floats(lifted, base + v, base) - in_floats(lifted, base, base)):
        root = at(lifted.roots[0], add(const(1), var("v")), const(1))
        yield {"rule": "by_profile", "chart": "shift"}, one_variable(lifted, root, "real")
    else:
        far, near = in_floats(lifted, u + 1, u) - in_floats(lifted, u, u), in_floats(lifted, base + v, base)
        near = near - in_floats(lifted, base, base)
        whole = in_floats(lifted, base + 1, base) - in_floats(lifted, base, base)
        if close(moved * whole, near * far):
            root = at(lifted.roots[0], add(const(1), var("v")), const(1))
            yield {"rule": "by_profile", "chart": "weighted"}, one_variable(lifted, root, "real")
    if lifted.domain == "positive":
        far, near = in_floats(lifted, u * v, u) - in_floats(lifted, u, u), in_floats(lifted, v, base)
        near = near - in_floats(lifted, base, base)
        with np.errstate(all="ignore"):
            degrees = np.log(far / near) / np.log(u)
        if np.all(np.isfinite(degrees)) and np.ptp(degrees) < 1e-6:
            k = Fraction(float(degrees[-1])).limit_denominator(60)
            root = at(lifted.roots[0], var("v", "positive"), const(1))
            yield {"rule": "by_profile", "chart": "scale", "degree": q(k)}, one_variable(lifted, root, "positive")


def labels_that_switch(lifted: Lifted) -> list[Fraction]:
    """The y at which a branch of the loss switches whatever yhat is."""
    alone = (g for g in switches(lifted.roots) if {n.value[0] for n in topological([g]) if n.op == "var"} == {"y"})
    return [at for g in alone if (at := affine_zero(g)) is not None]


def slices(lifted: Lifted) -> Iterator[tuple[dict[str, Any], Lifted]]:
    """``(head of the proof, function of yhat at one y)``."""
    domain = "positive" if is_positive(lifted, "yhat") else "real"
    for y in dict.fromkeys([*SLICES, *(at + gap for at in labels_that_switch(lifted) for gap in (0, 1, -1))]):
        if of_domain(lifted, y):
            try:
                root = at(lifted.roots[0], var("v", domain), const(y))
            except ZeroDivisionError:  # the loss divides by y somewhere
                continue
            yield {"rule": "by_slice", "y": q(y)}, one_variable(lifted, root, domain)


def inner_proofs(
    ways: Iterator[tuple[dict[str, Any], Lifted]], *solve: Solve
) -> Iterator[tuple[dict[str, Any], Outcome]]:
    """Proofs about the loss from what is found of the functions of one variable."""
    for head, one in ways:
        for attempt in solve:
            found = attempt(one)
            if found is not None and found.certificate is not None:
                yield {**head, "proof": found.certificate["proof"]}, found
                break
