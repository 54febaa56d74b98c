"""Linear classes under uniform label noise: proofs by scaling, distributions on which noise spoils the minimiser."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from losscheck.certificate import certificate, q
from losscheck.engines.binary_risk import sides
from losscheck.engines.linear_risk import PlaneRisk, lowest_on_line, minimiser
from losscheck.engines.numeric import evaluate
from losscheck.expr.constants import choices
from losscheck.lifting.lifted import Lifted
from losscheck.proving import prove, refute
from losscheck.theorems import nonnegative_by_signs, symmetric_by_identity
from losscheck.theorems.convex_premise import convex_premise
from losscheck.theorems.question import number
from losscheck.verdict import Outcome
from losscheck.verifier.balls import Undefined
from losscheck.verifier.budget import verification
from losscheck.verifier.certificate import CertificateRejected, read
from losscheck.verifier.linear_risk import LinearRisk, Vector
from losscheck.verifier.rules.linear_noise_by_lines import AXES, long_servedio

PROPERTY = "linear_class_noise_tolerant"
MARGINS = [Fraction(1, 20), Fraction(1, 100), Fraction(1, 1000)]
SHORT = [Fraction(1, 10**k) for k in (1, 2, 3, 4, 6, 8, 10)]
FAILURES = (CertificateRejected, Undefined, OverflowError, ZeroDivisionError)


def by_scaling(lifted: Lifted, params: dict[str, Any]) -> Outcome | None:
    """Symmetric losses, and quadratic ones, tolerate noise in linear classes."""
    head = {"rule": "linear_noise_by_scaling", "params": params, **_exact(params)}
    if not params["ridge"]:
        found = symmetric_by_identity.attempt(lifted)
        if found and found.certificate:
            proof = {**head, "way": "symmetric", "premise": found.certificate["proof"]}
            return prove(lifted, PROPERTY, proof, message="The loss is symmetric: noise keeps the order of all risks.")
    guess = _quadratic(lifted)
    if guess is None:
        return None
    proof = {**head, "way": "quadratic", "a": guess[0], "b": guess[1]}
    message = "The loss is quadratic: the noisy linear minimisers are the clean ones times 1 - 2 rate."
    return prove(lifted, PROPERTY, proof, message=message)


def _quadratic(lifted: Lifted) -> list[str] | None:
    """``[a, b]`` if the loss of a positive label were ``a z^2 - b z + c``."""
    low, mid, high = evaluate([sides(lifted)[0]], {lifted.variables[0]: np.array([-1.0, 0.0, 1.0])})[0]
    if not np.isfinite([low, mid, high]).all():
        return None
    return [q(number(float(x))) for x in ((low + high) / 2 - mid, (low - high) / 2)]


def solved(lifted: Lifted, params: dict[str, Any]) -> Outcome | None:
    """The exact minimisers of a quadratic loss on the points of Long and Servedio, or None."""
    guess = _quadratic(lifted)
    if guess is None or params["gamma"] is None:
        return None
    asked = _exact(params) | ({"rate": "0"} if params["rate"] is None else {})
    proof = {"rule": "linear_noise_exactly", "params": params, **asked, "a": guess[0], "b": guess[1]}
    message = "The loss is quadratic: the noisy linear minimiser is the clean one times 1 - 2 rate."
    return prove(lifted, PROPERTY, proof, message=message)


def _exact(params: dict[str, Any]) -> dict[str, Any]:
    """The numbers of the question as a proof names them."""
    found = {k: None if params[k] is None else q(number(params[k])) for k in ("rate", "gamma", "ridge")}
    return found | ({"ridge": "0"} if found["ridge"] is None else {})


def on_points(lifted: Lifted, params: dict[str, Any]) -> Outcome | None:
    """Compare clean and noisy minimisers on the points of Long and Servedio, or return None."""
    asked = _exact(params) | ({"rate": "2/5"} if params["rate"] is None else {})
    if params["gamma"] is None:
        for g in MARGINS:
            attempt = _Attempt.on(lifted, asked, g, every=True)
            proof = attempt and attempt.proof(params, {**asked, "gamma": None})
            if attempt and proof:
                proof["atoms"] = [[[q(c) for c in a.x], q(a.weight), a.label] for a in attempt.atoms]
                message = (
                    f"On the points (1, 0), (g, 5g), (g, -g), (g, -g) with g = {g}, all positive, noise of rate "
                    f"{asked['rate']} makes the linear minimiser wrong on half of them, though w = (1, 0) errs on none."
                )
                witness = {"atoms": proof["atoms"], "rate": asked["rate"], "noisy": proof["noisy"]["at"]}
                found = refute(lifted, PROPERTY, proof, message=message, witness=witness, params=params)
                if found:
                    return found
        return None
    for every in (False, True):
        attempt = _Attempt.on(lifted, asked, Fraction(asked["gamma"]), every=every)
        proof = attempt and attempt.proof(params, asked, box=True)
        if attempt and proof:
            answer = refute if every else prove
            more: dict[str, Any] = {"witness": {"noisy": proof["noisy"]["at"]}} if every else {}
            same = "errs as often as" if not every else "errs more or less often than"
            where = f"On the points of Long and Servedio with gamma = {asked['gamma']}"
            message = f"{where} the noisy minimiser {same} the clean one."
            found = answer(lifted, PROPERTY, proof, message=message, params=params, **more)
            if found:
                return found
    return None


class _Attempt:
    """One distribution, searched in floats and tried with the verifier's own arithmetic."""

    def __init__(
        self, lifted: Lifted, asked: dict[str, Any], g: Fraction, premises: dict[str, Any], every: bool
    ) -> None:
        self.lifted, self.atoms, self.premises = lifted, long_servedio(g), premises
        self.rate, self.ridge, self.scale = Fraction(asked["rate"]), Fraction(asked["ridge"]), 1 / float(g)
        verdict, choice = ("refuted", {}) if every else ("proved", choices(lifted.roots)[0])
        self.case = read(certificate(lifted, PROPERTY, verdict, {}, constants=choice))

    @classmethod
    def on(cls, lifted: Lifted, asked: dict[str, Any], g: Fraction, every: bool) -> _Attempt | None:
        """The attempt on the points of one gamma, if the losses are convex."""
        convex = convex_premise(lifted, every=every)
        if convex is None:
            return None
        signs = nonnegative_by_signs.attempt(lifted)
        floor = signs.certificate["proof"] if signs and signs.certificate else None
        try:
            return cls(lifted, asked, g, {"convex": convex, "nonnegative": floor}, every)
        except CertificateRejected:  # too deep or too large for the verifier
            return None

    def proof(self, params: dict[str, Any], asked: dict[str, Any], box: bool = False) -> dict[str, Any] | None:
        """A proof node, or None where a side stays open."""
        with verification():
            noisy = self._located(self.rate, box)
            clean = noisy and (self._far(box) or self._located(Fraction(0), False))
        if not (noisy and clean):
            return None
        head = {"rule": "linear_noise_by_lines", "params": params, **asked, **self.premises}
        return {**head, "atoms": None, "noisy": noisy, "clean": clean}

    def _floats(self, rate: Fraction) -> PlaneRisk:
        x = np.array([[float(c) for c in a.x] for a in self.atoms])
        weights, labels = np.array([float(a.weight) for a in self.atoms]), np.array([a.label for a in self.atoms])
        return PlaneRisk(self.lifted, x, weights, labels, float(rate), float(self.ridge))

    def _located(self, rate: Fraction, box: bool) -> dict[str, Any] | None:
        """The minimiser of a risk that has one, and lines around it."""
        floats, risk = self._floats(rate), LinearRisk(self.case, self.atoms, rate, self.ridge)
        near = minimiser(floats, np.array([1.0, self.scale]))
        w = (Fraction(near[0]), Fraction(near[1]))
        found = []
        for i, atom in enumerate(self.atoms):
            knots = self._knots(floats, risk, w, atom.x, Fraction(0))
            if knots is None:
                return None
            found.append([i, knots])
        said: dict[str, Any] = {"at": [q(c) for c in w], "sides": found, "box": None}
        if box:
            said["box"] = self._box(floats, risk, w)
        return said

    def _far(self, all_of_them: bool) -> dict[str, Any] | None:
        """Scores (t, 0) of small clean risk, where that has no minimiser: lines below which nonnegative losses stay."""
        if self.premises["nonnegative"] is None:
            return None
        risk = LinearRisk(self.case, self.atoms, Fraction(0), self.ridge)
        for k in (1, 2, 4, 8, 16, 32):
            w = (Fraction(k) * Fraction(round(self.scale)), Fraction(0))
            sides_found = [[i, None] for i, a in enumerate(self.atoms) if _shown(risk, w, a.x, Fraction(0), None)]
            if len(sides_found) == len(self.atoms):
                return {"at": [q(c) for c in w], "sides": sides_found, "box": None}
        return None

    def _box(self, floats: PlaneRisk, risk: LinearRisk, w: Vector) -> list[Any] | None:
        rows = []
        for axis, c in zip(AXES, w, strict=True):
            half = Fraction(2 * max(1.0, abs(float(c)))) / 10**8
            row = [[q(c + s * half), self._knots(floats, risk, w, axis, c + s * half)] for s in (-1, 1)]
            if any(knots is None for _, knots in row):
                return None
            rows.append(row)
        return rows

    def _knots(self, floats: PlaneRisk, risk: LinearRisk, w: Vector, x: Vector, c: Fraction) -> list[str] | None:
        """Knots on the line ``x.w = c`` that show the risk above that at w."""
        line = np.array([float(k) for k in x])
        foot, along = float(c) * line / (line @ line), np.array([-line[1], line[0]])
        best = Fraction(lowest_on_line(floats, foot, along))
        size = Fraction(float(1 / max(np.max(np.abs(floats.x @ along)), 1e-9)))
        for short in SHORT:
            knots = [best + k * short * size for k in (-2, -1, 1, 2)]
            if _shown(risk, w, x, c, [q(k) for k in knots]):
                return [q(k) for k in knots]
        return None


def _shown(risk: LinearRisk, w: Vector, x: Vector, c: Fraction, knots: list[str] | None) -> bool:
    try:
        risk.side(w, x, c, knots)
    except FAILURES:
        return False
    return True
