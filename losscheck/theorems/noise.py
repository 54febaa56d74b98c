"""Label noise: symmetric losses tolerate it, two hypotheses show that others do not.

Rules ``noise_by_symmetry``, ``noise_by_relations``, ``noise_by_calibration`` and ``noise_witness``.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from losscheck.certificate import q
from losscheck.engines.binary_risk import sides
from losscheck.engines.breakpoints import breakpoints
from losscheck.engines.numeric import evaluate
from losscheck.lifting.lifted import Lifted
from losscheck.proving import prove, refute
from losscheck.theorems import symmetric_by_identity
from losscheck.theorems.question import number
from losscheck.verdict import Outcome, Verdict
from losscheck.verifier.rules.risk_at_truth import SHORT

SCORES = [Fraction(x) for x in ("-3", "-3/2", "-1", "-1/2", "-1/4", "0", "1/4", "1/2", "1", "3/2", "3")]
FEW = [Fraction(x) for x in ("-2", "0", "1/2", "1")]
Atom = dict[str, Any]
Array = NDArray[np.float64]


def premise(lifted: Lifted) -> dict[str, Any] | None:
    """A proof that the loss is symmetric."""
    found = symmetric_by_identity.attempt(lifted)
    return dict(found.certificate["proof"]) if found and found.certificate else None


def values(lifted: Lifted) -> tuple[list[tuple[Fraction, ...]], Array]:
    """Scores on a lattice, and the losses of all labels there: rows of labels."""
    names = lifted.variables
    lattice = list(product(SCORES if len(names) == 1 else FEW[: 4 if len(names) <= 4 else 2], repeat=len(names)))
    at = {x: np.array([float(p[i]) for p in lattice]) for i, x in enumerate(names)}
    roots = list(sides(lifted)[::-1]) if lifted.kind == "margin" else list(lifted.roots)
    found = np.array(evaluate(roots, at))
    finite = np.isfinite(found).all(axis=0)
    return [p for p, ok in zip(lattice, finite, strict=True) if ok], found[:, finite]


def matrix(k: int, params: dict[str, Any]) -> tuple[list[list[Fraction]], dict[str, Any]]:
    """The transition of a question, and what a proof says of it."""
    if params["model"] in ("class_conditional", "separable"):
        rows = [distribution(row) for row in params["transition"]]
        return rows, {"transition": [[q(x) for x in row] for row in rows]}
    rate = Fraction(k - 1, 2 * k) if params["rate"] is None else number(params["rate"])
    return [[1 - rate if i == j else rate / (k - 1) for j in range(k)] for i in range(k)], {"rate": q(rate)}


def distribution(row: Sequence[float]) -> list[Fraction]:
    """The rationals that a row stands for, moved within 2 ulp (short doubles not at all) so that they add up to 1."""
    found = [number(x) for x in row]
    rest = 1 - sum(found)
    for i in sorted(range(len(row)), key=lambda i: -row[i]):
        own, reach = Fraction(row[i]), 2 * Fraction(math.ulp(row[i]))
        short = len(f"{abs(own.numerator):b}".rstrip("0")) <= SHORT
        moved = found[i] if short else min(max(found[i] + rest, own - reach), own + reach)
        rest -= moved - found[i]
        found[i] = moved
    return found


def separable(lifted: Lifted, params: dict[str, Any]) -> Outcome | None:
    """Decide what a calibrated loss predicts where labels are sure and noise is class-conditional."""
    from losscheck.property import properties

    noise, said = matrix(0, params)
    found = [max(range(len(row)), key=row.__getitem__) for row in noise]
    keeps = found == list(range(len(noise)))
    calibrated: Outcome = properties()["classification_calibrated"].answer(lifted)
    if calibrated.verdict is not Verdict.PROVED or calibrated.certificate is None:
        return None
    proof = {"rule": "noise_by_calibration", "params": params, "premise": calibrated.certificate["proof"], **said}
    message = f"The loss is calibrated: where the label is y, minimisers of the noisy risk predict {found}[y]."
    if keeps:
        return prove(lifted, "noise_tolerant", proof, message=message)
    return refute(lifted, "noise_tolerant", proof, message=message, witness={"predicted": found, **said})


def related(lifted: Lifted, params: dict[str, Any], losses: Array) -> Outcome | None:
    """Prove that noise multiplies every loss by one factor, up to constants."""
    noise, said = matrix(len(losses), params)
    spread = losses - losses.mean(axis=1, keepdims=True)
    noisy = np.array([[float(t) for t in row] for row in noise]) @ spread
    factor = float((noisy * spread).sum() / max(float((spread * spread).sum()), 1e-300))
    if not factor > 0 or np.abs(noisy - factor * spread).max() > 1e-6 * max(1.0, np.abs(spread).max()):
        return None
    gaps = {noise[i][i] - noise[j][i] for i in range(len(noise)) for j in range(len(noise)) if i != j}
    guess = min([*gaps, Fraction(factor).limit_denominator(10**6)], key=lambda g: abs(float(g) - factor))
    tries: list[Any] = [None]
    if len(lifted.variables) == 1:
        tries.append(breakpoints(symmetric_by_identity.label_sum(lifted), lifted.variables[0], lifted.domain))
    for breaks in tries:
        proof = {
            "rule": "noise_by_relations", "params": params, "factor": q(guess), "breaks": breaks,
            "at": symmetric_by_identity.base_point(lifted), **said,
        }  # fmt: skip
        message = f"Noise multiplies every loss by {guess} and adds a constant, so it keeps the order of all risks."
        found = prove(lifted, "noise_tolerant", proof, message=message)
        if found:
            return found
    return None


def tolerant(lifted: Lifted, params: dict[str, Any]) -> Outcome | None:
    """Decide tolerance to the noise of a question, or return None."""
    if params["model"] == "separable":
        return separable(lifted, params)
    points, losses = values(lifted)
    noise, said = matrix(len(losses), params)
    proof = {"rule": "noise_by_symmetry", "ask": "noise_tolerant", "params": params, "premise": premise(lifted), **said}
    message = "Without noise every minimiser of the noisy risk is one of the clean risk."
    if proof["premise"] is not None:
        message = (
            "The losses of all labels add up to a constant, so noise below the threshold keeps the order of all risks."
        )
    found = prove(lifted, "noise_tolerant", proof, message=message)
    if found is None and (params["model"] == "class_conditional" or params["rate"] is not None):
        found = related(lifted, params, losses)
    if found:
        return found
    for atoms in reversals(points, losses, np.array([[float(x) for x in row] for row in noise])):
        proof = {"rule": "noise_witness", "params": params, "atoms": atoms, **said}
        message = (
            f"Two hypotheses on {len(atoms)} point{'s' * (len(atoms) > 1)}: noise makes f at least as good as g, "
            "although its clean risk is larger."
        )
        found = refute(lifted, "noise_tolerant", proof, message=message, witness={"atoms": atoms, **said})
        if found:
            return found
    return None


def reversals(points: list[tuple[Fraction, ...]], losses: Array, noise: Array) -> Iterator[list[Atom]]:
    """Pairs of hypotheses on one or two points whose risks noise reverses.

    Each label and pair of scores gives a vector (clean difference, noisy difference); two of them that are not parallel
    reach every combination, (1, -1) among them. If all are parallel, one with a slope <= 0 does.
    """
    n = losses.shape[1]
    pairs = [(a, b) for a in range(n) for b in range(a)]
    if len(pairs) > 4000:
        pairs = pairs[:: len(pairs) // 4000 + 1]
    a, b = np.array(pairs).T
    clean = losses[:, a] - losses[:, b]
    noisy = noise @ losses
    noisy = noisy[:, a] - noisy[:, b]
    vectors = np.stack([clean.ravel(), noisy.ravel()])
    size = np.hypot(*vectors)
    usable = np.flatnonzero((size > 1e-6) & (size < 1e6))
    if not usable.size:
        return

    def atom(k: int, weight: Fraction, flip: bool) -> Atom:
        y, i = divmod(int(k), len(pairs))
        first, second = ([q(x) for x in points[j]] for j in (pairs[i] if not flip else pairs[i][::-1]))
        return {"weight": q(weight), "label": y, "f": first, "g": second}

    unit = vectors[:, usable] / size[usable]
    alone = usable[np.argsort(unit[0] * unit[1])[:2]]
    for k in alone:
        if vectors[0, k] * vectors[1, k] <= 1e-12 and vectors[0, k] != 0:
            yield [atom(k, Fraction(1), vectors[0, k] < 0)]
    best: tuple[float, int, int] = (0.0, 0, 0)
    for j in range(0, unit.shape[1], max(1, unit.shape[1] // 200)):
        det = np.abs(unit[0] * unit[1, j] - unit[1] * unit[0, j])
        k = int(np.argmax(det))
        best = max(best, (float(det[k]), j, k))
    if best[0] < 1e-9:
        return
    i, j = int(usable[best[1]]), int(usable[best[2]])
    s, t = np.linalg.solve(np.stack([vectors[:, i], vectors[:, j]], axis=1), np.array([1.0, -1.0]))
    share = Fraction(abs(s) / (abs(s) + abs(t))).limit_denominator(10**6)
    if 0 < share < 1:
        yield [atom(i, share, s < 0), atom(j, 1 - share, t < 0)]


def threshold(lifted: Lifted) -> Outcome | None:
    """The rate of uniform noise at which the order of risks turns, or None."""
    points, losses = values(lifted)
    proof: dict[str, Any] = {"rule": "noise_by_symmetry", "ask": "uniform_noise_threshold", "premise": premise(lifted)}
    if proof["premise"] is None:
        return None
    spread = np.ptp(losses, axis=1)
    y = int(np.argmax(spread))
    ends = [int(np.argmin(losses[y])), int(np.argmax(losses[y]))]
    proof |= {"label": y, "points": [[q(x) for x in points[i]] for i in ends]}
    message = (
        "The losses of all labels add up to a constant: noisy risk is affine in clean risk, with this zero of slope."
    )
    return prove(lifted, "uniform_noise_threshold", proof, message=message)
