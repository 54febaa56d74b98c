r"""Linear scores under label noise, on atoms in the plane: where the minimisers of both risks lie, by convexity.

Let the losses of both labels be convex (premise), so the risk F of verifier/linear_risk.py is convex in w. By the lemma
on sides, a rational point w with ``F(w) < F`` on the line ``x_i.w = 0`` shows on which side all minimisers lie, so
whether they classify atom i rightly; lines ``w_k = c`` on both sides of w enclose the minimisers.

- Without ``gamma`` the atoms are the proof's own: if the atoms that the noisy minimisers get wrong weigh more than all
  those that the clean ones are not shown to get right (or the reverse), the loss is not tolerant.
- With ``gamma`` the atoms are those of Long and Servedio (2010), ``(1, 0), (g, 5g), (g, -g), (g, -g)``, all positive,
  weight 1/4 each. All are decided in both risks; the fact holds when both errors are equal. The value is the noisy
  minimiser and its error, ``[w_1, w_2, error]``, when lines enclose it within 1e-7.

Lines without knots use that the losses are nonnegative (premise ``nonnegative``).

Proof node: ``{"rule": "linear_noise_by_lines", "params": {...}, "rate": "1/5", "gamma": "1/20" or null, "ridge": "0",
"convex": proof, "nonnegative": proof or null, "atoms": [[[x_1, x_2], weight, label], ...] or null, "noisy": {"at":
[w_1, w_2], "sides": [[i, knots], ...], "box": [[[low, knots], [high, knots]], ...] or null}, "clean": {...}}``.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from losscheck.verifier.certificate import Case, expect, rational
from losscheck.verifier.linear_risk import Atom, LinearRisk, vector
from losscheck.verifier.numbers import enclosed
from losscheck.verifier.rules.risk_at_truth import nominal
from losscheck.verifier.terms import F0, F1
from losscheck.verifier.verify import Checker, Fact

KINDS = ("margin", "binary", "signed")
PROPERTY = "linear_class_noise_tolerant"
NAMES = {"rate", "gamma", "ridge"}
AXES = ((F1, F0), (F0, F1))


def long_servedio(g: Fraction) -> list[Atom]:
    """One point of large margin, one that pulls, two that pay for it."""
    quarter = Fraction(1, 4)
    return [Atom(x, quarter, 1) for x in ((F1, F0), (g, 5 * g), (g, -g), (g, -g))]


def question(params: dict[str, Any], proof: dict[str, Any]) -> tuple[Fraction, Fraction | None, Fraction]:
    """``(rate, gamma, ridge)`` that the proof names, checked against the question."""
    expect(set(params) == NAMES, "the question has a rate, a gamma and a ridge")
    rate, ridge = rational(proof["rate"]), rational(proof["ridge"])
    gamma = None if proof["gamma"] is None else rational(proof["gamma"])
    expect(0 <= rate < Fraction(1, 2), "the rate lies below 1/2")
    expect(params["rate"] is None or nominal(params["rate"], rate), "the rate is not that asked")
    expect((params["gamma"] is None) == (gamma is None), "gamma is not that asked")
    expect(gamma is None or (nominal(params["gamma"], gamma) and 0 < gamma), "gamma is not that asked, or not positive")
    meant = ridge == 0 if params["ridge"] is None else nominal(params["ridge"], ridge)
    expect(meant and ridge >= 0, "the ridge is not that asked, or negative")
    return rate, gamma, ridge


def errors(risk: LinearRisk, said: dict[str, Any], floor: bool) -> tuple[Fraction, Fraction]:
    """Bounds of the 0-1 error of all minimisers: the atoms shown wrong, and all but those shown right."""
    w, low, high, seen = vector(said["at"]), F0, F1, set()
    for i, knots in said["sides"]:
        expect(type(i) is int and 0 <= i < len(risk.atoms) and i not in seen, "a side names an atom once")
        expect(knots is not None or floor, "a line without knots needs losses that are nonnegative")
        seen.add(i)
        atom = risk.atoms[i]
        if (risk.side(w, atom.x, F0, knots) > 0) == bool(atom.label):
            high -= atom.weight
        else:
            low += atom.weight
    return low, high


def box(risk: LinearRisk, said: dict[str, Any]) -> tuple[list[float], list[list[float]]]:
    """The minimiser, between two lines per coordinate."""
    w, value, bounds = vector(said["at"]), [], []
    for axis, ((a, left), (b, right)) in zip(AXES, said["box"], strict=True):
        low, high = rational(a), rational(b)
        expect(left is not None and right is not None, "a line of the box has knots")
        inside = risk.side(w, axis, low, left) > 0 > risk.side(w, axis, high, right)
        expect(inside, "the point lies outside its box")
        number, ends = enclosed(low, high)
        value.append(number)
        bounds.append(ends)
    return value, bounds


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check the premises, then compare the errors of the two risks."""
    params = dict(proof["params"])
    rate, gamma, ridge = question(params, proof)
    checker.premise(proof["convex"], "convex")
    if proof["nonnegative"] is not None:
        checker.premise(proof["nonnegative"], "nonnegative")
    floor, one = proof["nonnegative"] is not None, params["rate"] is not None
    if gamma is None:
        atoms = [Atom(vector(x), rational(m), y) for x, m, y in proof["atoms"]]
    else:
        atoms = long_servedio(gamma)
    noisy = LinearRisk(case, atoms, rate, ridge)
    found = errors(noisy, proof["noisy"], floor)
    clean = errors(LinearRisk(case, atoms, F0, ridge), proof["clean"], floor)
    if gamma is None:
        expect(found[0] > clean[1] or found[1] < clean[0], "the errors are not shown to differ")
        return Fact(PROPERTY, holds=False, params=params)
    expect(found[0] == found[1] and clean[0] == clean[1], "not every atom is decided")
    expect(one or found != clean, "one rate does not speak for all")
    value, bounds = None, None
    if one and proof["noisy"]["box"] is not None:
        value, bounds = box(noisy, proof["noisy"])
        number, ends = enclosed(*found)
        value, bounds = [*value, number], [*bounds, ends]
    return Fact(PROPERTY, found == clean, params, value, bounds)
