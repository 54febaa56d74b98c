"""Bounds of the sum of the losses over the classes: each side by the first way that the verifier accepts."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np

from losscheck.certificate import certificate, graph_json, q
from losscheck.engines.flows import Flows
from losscheck.engines.numeric import evaluate
from losscheck.expr.build import add
from losscheck.expr.constants import choices, chosen
from losscheck.expr.graph import Expr
from losscheck.lifting.lifted import Lifted
from losscheck.proving import prove
from losscheck.theorems import class_sum_clipped
from losscheck.theorems.calibrated_comp_sum import scales
from losscheck.theorems.in_probabilities import on_simplex, read
from losscheck.verdict import Outcome
from losscheck.verifier.balls import Undefined
from losscheck.verifier.certificate import Case, CertificateRejected
from losscheck.verifier.certificate import read as parse
from losscheck.verifier.rules.class_sum_bounds import extremum

FAILURES = (CertificateRejected, Undefined, ValueError, KeyError, OverflowError, ZeroDivisionError)


def attempt(lifted: Lifted) -> Outcome | None:
    """Enclose infimum and supremum, or None."""
    if clipped := class_sum_clipped.attempt(lifted):
        return clipped
    case = parse(certificate(lifted, "class_sum_bounds", "proved", {}, constants=choices(lifted.roots)[0]))
    total = case.pool.add(*case.roots)
    proof: dict[str, Any] = {"rule": "class_sum_bounds"}
    for name, side in (("low", -1), ("high", 1)):
        for how in ways(lifted, case, side):
            try:
                extremum(case, total, how, side)
            except FAILURES:
                continue
            proof[name] = how
            break
        else:
            return None
    found = prove(lifted, "class_sum_bounds", proof, message="")
    if found is None:
        return None
    low, high = found.value
    return found.with_(message=f"The losses of all classes add up to between {low:.9g} and {high:.9g}.")


def ways(lifted: Lifted, case: Case, side: int) -> Iterator[dict[str, Any]]:
    """What to try for one side: 1 the supremum, -1 the infimum."""
    k = len(lifted.variables)
    for direction in ([s] + [o] * (k - 1) for s, o in product((1, -1, 0), (0, 1, -1)) if s or o):
        yield {"way": "infinite", "direction": [q(d) for d in direction], "reach": "10"}
    yield from _simplex(lifted)
    yield from _minorants(case, side)


def _simplex(lifted: Lifted) -> Iterator[dict[str, Any]]:
    """Through a function of the softmax; the stationary point of a sum over classes is the middle."""
    roots, k = chosen(lifted.roots, choices(lifted.roots)[0]), len(lifted.variables)
    names = [f"s{i}" for i in range(k)]
    for alpha in scales(roots):
        f = read(on_simplex(lifted.variables, alpha), add(*roots), names)
        if f is not None and _agree(add(*roots), f, lifted.variables, alpha):
            head = {"alpha": q(alpha), "formula": graph_json([f])}
            yield {"way": "vertices", **head}
            yield {"way": "stationary", "at": [q(Fraction(1, k))] * k, **head}


def _agree(total: Expr, f: Expr, names: tuple[str, ...], alpha: Fraction) -> bool:
    """Whether the sum is this function of softmax(alpha z), in floats: exact identities of what is not are dear."""
    z = np.random.default_rng(0).normal(size=(len(names), 12))
    shares = np.exp(float(alpha) * z)
    (want,) = evaluate([total], dict(zip(names, z, strict=True)))
    (found,) = evaluate([f], {f"s{i}": s for i, s in enumerate(shares / shares.sum(axis=0))})
    return bool(np.allclose(found, want, rtol=1e-6, atol=1e-9, equal_nan=True))


def _minorants(case: Case, side: int) -> Iterator[dict[str, Any]]:
    """Through a constant minorant; the value at equal scores."""
    total = case.pool.add(*case.roots)
    try:
        system = Flows({total: Fraction(-side)}, case.variables)
    except Undefined:
        return
    level = list(system.slopes.values())
    for start in (Fraction(0), Fraction(1), Fraction(-1)):
        guess = system.at(dict.fromkeys(case.variables, float(start)))
        exact = system.solve(guess, level)
        if exact is not None:
            yield {"way": "minorant", "flows": system.hints(exact), "at": [q(start)] * len(case.variables)}
