"""T on a grid of regrets against cvxpy point by point: python tests/benchmarks/transforms.py [points].

cvxpy solves, for one distribution p, the least risk and the least risk of the wrong prediction (parametrised, compiled
once, Clarabel): two solves per p, uncertified. T is the least difference over all p of a regret; a search that finds it
to about 1e-4 needs 40, 300 or 1000 p at three, four or five classes, so that many pairs of solves count per regret.
Focal losses have no cone form that cvxpy accepts: there SciPy's SLSQP, with gradients, solves the two problems.

Two of ours: ``estimate``, values in floats as those of the solvers are, from the lifted graph on; and ``certified``,
enclosures whose certificate the verifier has accepted. All are timed in this one run, in seconds of one processor, so
that other work on the machine does not count; the last column is how far the estimates lie outside the enclosures at
most.
"""

import sys
import time
from collections.abc import Callable
from typing import Any

import cvxpy as cp
import numpy as np
from scipy.optimize import minimize

from losscheck.lifting.lifting import lift
from losscheck.theorems.h_transform import h_transform
from losscheck.theorems.transform_estimate import transform_estimate

SEARCHED = {3: 40, 4: 300, 5: 1000}
SOLVES = 20


def of_softmax(phi: Callable[[Any], Any]) -> Callable[..., Any]:
    """A loss of logits."""

    def loss(z: Any, y: Any) -> Any:
        e = np.exp(z - z.max(1, keepdims=True))
        return phi((e / e.sum(1, keepdims=True))[np.arange(len(y)), y])

    return loss


def seconds_per_pair(risk: Callable[[Any, Any], Any], k: int) -> float:
    """Seconds for the least risk and the least wrong risk at one p, after compilation."""
    s, p = cp.Variable(k, nonneg=True), cp.Parameter(k, nonneg=True)
    wrong = [s[1] >= s[i] for i in range(k) if i != 1]
    problems = [cp.Problem(cp.Minimize(risk(p, s)), [cp.sum(s) == 1, *more]) for more in ([], wrong)]
    rng = np.random.default_rng(0)
    taken = 0.0
    for i in range(SOLVES + 1):
        p.value = -np.sort(-rng.dirichlet(np.ones(k)))
        start = time.process_time()
        for problem in problems:
            problem.solve(solver=cp.CLARABEL)
        taken += (time.process_time() - start) * (i > 0)
    return taken / SOLVES


def seconds_per_pair_by_descent(phi: Callable[[Any], Any], slope: Callable[[Any], Any], k: int) -> float:
    """The same by SLSQP, for losses without a cone form."""
    wrong = [{"type": "ineq", "fun": lambda s: s[1] - np.delete(s, 1), "jac": lambda s: rows}]
    rows = np.insert(-np.eye(k - 1), 1, 1.0, axis=1)
    whole = [{"type": "eq", "fun": lambda s: s.sum() - 1, "jac": lambda s: np.ones(k)}]
    rng = np.random.default_rng(0)
    start = time.process_time()
    for _ in range(SOLVES):
        p = -np.sort(-rng.dirichlet(np.ones(k)))
        for constraints in (whole, whole + wrong):
            minimize(
                lambda s, p=p: p @ phi(s), np.full(k, 1 / k), jac=lambda s, p=p: p * slope(s), method="SLSQP",
                bounds=[(1e-9, 1)] * k, constraints=constraints, options={"ftol": 1e-9},
            )  # fmt: skip
    return (time.process_time() - start) / SOLVES


def focal_slope(s: Any) -> Any:
    """The derivative of ``-(1 - s)^2 log s``."""
    return 2 * (1 - s) * np.log(s) - (1 - s) ** 2 / s


def main() -> None:
    """Print a table."""
    points = int(sys.argv[1]) if len(sys.argv) > 1 else 50
    ts = [round(float(t), 4) for t in np.linspace(1 / points, 1, points)]
    losses: list[tuple[str, Callable[[Any], Any], Callable[[Any, Any], Any] | None]] = [
        ("cross-entropy", lambda s: -np.log(s), lambda p, s: -p @ cp.log(s)),
        ("GCE(0.7)", lambda s: (1 - s**0.7) / 0.7, lambda p, s: (1 - p @ cp.power(s, 0.7)) / 0.7),
        ("focal(2)", lambda s: -((1 - s) ** 2) * np.log(s), None),
        ("-log s + 2 (1 - s)", lambda s: -np.log(s) + 2 * (1 - s), lambda p, s: -p @ cp.log(s) + 2 * (1 - p @ s)),
    ]
    print(f"{'loss':20s} K  solvers   estimate  ratio   certified  ratio  widest   outside, {points} regrets")
    for name, phi, risk in losses:
        for k, searched in SEARCHED.items():
            lifted = lift(of_softmax(phi), kind="logits", n_classes=k)
            pair = seconds_per_pair(risk, k) if risk else seconds_per_pair_by_descent(phi, focal_slope, k)
            other = pair * searched * points
            start = time.process_time()
            values = transform_estimate(lifted, "All", ts)
            quick = time.process_time() - start
            start = time.process_time()
            found = h_transform(lifted, "All", ts)
            sure = time.process_time() - start
            assert values is not None
            assert found is not None
            assert found.params["t"] == ts
            low, high = np.array(found.bounds).T
            outside = np.maximum(low - values, values - high).max()
            print(
                f"{name:20s} {k} {other:7.1f} s  {quick:6.3f} s {other / quick:6.0f} {sure:9.2f} s {other / sure:6.1f}"
                f"  {(high - low).max():.0e}  {max(outside, 0):.0e}",
                flush=True,
            )


if __name__ == "__main__":
    main()
