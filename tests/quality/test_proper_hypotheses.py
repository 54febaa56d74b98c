"""Each hypothesis of the properness rules broken alone: never proved, and forged certificates are rejected."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from losscheck.certificate import certificate, graph_json
from losscheck.expr import build as b
from losscheck.expr.graph import Expr
from losscheck.lifting.lifted import Lifted
from losscheck.lifting.lifting import lift
from losscheck.properties.proper import proper
from losscheck.properties.strictly_proper import strictly_proper
from losscheck.verdict import Verdict
from losscheck.verifier import CertificateRejected, verify

P = b.var("p", "unit")
HALF = b.const(Fraction(1, 2))
NAMES = ("p0", "p1", "p2")
X = [b.var(x, "unit") for x in NAMES]


def square(x: Expr) -> Expr:
    return b.power(x, Fraction(2))


def binary(zero: Expr, one: Expr) -> Lifted:
    return Lifted("probability", None, (0, 1), ("p",), "unit", (zero, one))


def three(*roots: Expr) -> Lifted:
    return Lifted("simplex", 3, (0, 1, 2), NAMES, "simplex", roots)


BRIER = (square(P), square(b.sub(b.ONE, P)))
BRIER3 = [b.add(*(square(b.sub(x, b.ONE) if i == y else x) for i, x in enumerate(X))) for y in range(3)]


def answers(lifted: Lifted) -> tuple[Verdict, Verdict]:
    return proper(lifted).verdict, strictly_proper(lifted).verdict


def test_brier_itself() -> None:
    assert answers(binary(*BRIER)) == (Verdict.PROVED, Verdict.PROVED)
    assert answers(three(*BRIER3)) == (Verdict.PROVED, Verdict.PROVED)


@pytest.mark.parametrize(
    ("end", "own", "truth"),
    [
        (0, (Fraction(1, 4), Fraction(1)), False),  # the truth 0 is punished
        (0, (Fraction(0), Fraction(0)), False),  # the report 0 is free when the label is 1
        (0, (Fraction(0), Fraction(5)), True),  # the report 0 is punished more than needed: still proper
        (1, (Fraction(1), Fraction(1, 4)), False),
        (1, (Fraction(0), Fraction(0)), False),
        (1, (Fraction(5), Fraction(0)), True),
    ],
)
def test_values_of_their_own_at_the_ends(end: int, own: tuple[Fraction, Fraction], truth: bool) -> None:
    there = b.equal(P, b.const(end))
    lifted = binary(*(b.where(there, b.const(v), r) for v, r in zip(own, BRIER, strict=True)))
    want = Verdict.PROVED if truth else Verdict.REFUTED
    assert answers(lifted) == (want, want)


@pytest.mark.parametrize(
    ("zero", "one", "truth"),
    [
        (Fraction(1, 4), Fraction(1, 4), True),
        (Fraction(1, 4), Fraction(1, 8), False),
        (Fraction(1), Fraction(1), False),
    ],
)
def test_values_of_their_own_inside(zero: Fraction, one: Fraction, truth: bool) -> None:
    there = b.equal(P, HALF)
    lifted = binary(b.where(there, b.const(zero), BRIER[0]), b.where(there, b.const(one), BRIER[1]))
    want = Verdict.PROVED if truth else Verdict.REFUTED
    assert answers(lifted) == (want, want)


def test_a_pole_inside_is_not_proved() -> None:
    """Stationary with weight 1 / (q - 1/2)^4 on both sides of a pole at 1/2."""
    shifted = b.sub(P, HALF)
    zero = b.add(
        b.scale(Fraction(-1, 2), b.power(shifted, Fraction(-2))),
        b.scale(Fraction(-1, 6), b.power(shifted, Fraction(-3))),
    )
    one = b.add(zero, b.scale(Fraction(1, 3), b.power(shifted, Fraction(-3))))
    assert Verdict.PROVED not in answers(binary(zero, one))


@pytest.mark.parametrize(("jump", "truth"), [(Fraction(1), True), (Fraction(-1), False), (Fraction(0), True)])
def test_the_sign_of_a_jump(jump: Fraction, truth: bool) -> None:
    above = b.less(HALF, P)
    lifted = binary(
        b.add(BRIER[0], b.where(above, b.const(jump), b.ZERO)), b.add(BRIER[1], b.where(above, b.ZERO, b.const(jump)))
    )
    want = Verdict.PROVED if truth else Verdict.REFUTED
    assert answers(lifted) == (want, want)


def test_a_missing_breakpoint_is_rejected() -> None:
    m = b.maximum([P, b.const(Fraction(1, 4))])
    lifted = binary(square(m), square(b.sub(b.ONE, m)))
    assert answers(lifted) == (Verdict.PROVED, Verdict.REFUTED)
    for breaks, strict, accepted in (
        ([], False, False),
        (["1/4"], False, True),
        (["1/4"], True, False),
        (["1/3"], False, False),
    ):
        name = "strictly_proper" if strict else "proper"
        proof = {"rule": "proper_by_pieces", "strict": strict, "breaks": breaks}
        made = certificate(lifted, name, "proved", proof)
        if accepted:
            assert verify(made).property == name
        else:
            with pytest.raises(CertificateRejected):
                verify(made)


def stationarity(strict: bool, curvature: int, shift: str, matrix: list[list[str]], norms: list[Any]) -> dict[str, Any]:
    flat = graph_json([b.const(curvature)] * 3)
    return {
        "rule": "proper_by_stationarity", "strict": strict, "norms": norms, "curvatures": flat, "shift": [shift] * 3,
        "matrix": matrix, "directions": [["1", "0", "0"], ["0", "1", "0"], ["0", "0", "1"]],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("sign", "proof", "accepted"),
    [
        (1, stationarity(True, -2, "-2", [["0", "0"], ["0", "0"]], []), True),
        (1, stationarity(True, -2, "-3", [["0", "0"], ["0", "0"]], []), False),  # -2 <= -3
        (1, stationarity(True, 0, "0", [["-4", "-2"], ["-2", "-4"]], []), True),
        (1, stationarity(True, 0, "0", [["-4", "-2"], ["-1", "-4"]], []), False),  # not symmetric
        (1, stationarity(True, 0, "0", [["-4", "-1"], ["-1", "-4"]], []), False),  # not the curvature
        (1, stationarity(True, -2, "-2", [["0", "0"], ["0", "0"]], [{"c": "1", "a": "2", "w": ["1"] * 3}]), False),
        (-1, stationarity(False, 2, "2", [["0", "0"], ["0", "0"]], []), False),  # convex
        (-1, stationarity(False, 0, "0", [["4", "2"], ["2", "4"]], []), False),
        (0, stationarity(False, 0, "0", [["0", "0"], ["0", "0"]], []), True),
        (0, stationarity(True, 0, "0", [["0", "0"], ["0", "0"]], []), False),  # constant: not strictly
        (0, stationarity(True, 0, "0", [["0", "0"], ["0", "0"]], [{"c": "-1", "a": "2", "w": ["1"] * 3}]), False),
        (0, stationarity(True, 0, "0", [["0", "0"], ["0", "0"]], [{"c": "1", "a": "1", "w": ["1"] * 3}]), False),
    ],
)
def test_forged_concavity(sign: int, proof: dict[str, Any], accepted: bool) -> None:
    lifted = three(*(b.scale(Fraction(sign), r) for r in BRIER3))
    name = "strictly_proper" if proof["strict"] else "proper"
    made = certificate(lifted, name, "proved", proof)
    if accepted:
        assert verify(made).property == name
    else:
        with pytest.raises(CertificateRejected):
            verify(made)


@pytest.mark.parametrize("own", [Fraction(-1), Fraction(1)])
def test_values_of_their_own_on_a_face(own: Fraction) -> None:
    bonus = b.where(b.equal(X[0], b.ZERO), b.const(own), b.ZERO)
    verdicts = answers(three(*(b.add(r, bonus) for r in BRIER3)))
    assert Verdict.PROVED not in verdicts
    assert verdicts[0] == Verdict.REFUTED  # a bonus draws reports to the face; a fine punishes truths on it


def test_a_loss_of_minus_infinity_on_a_face_is_not_proved() -> None:
    logs = [b.log(x) for x in X]
    assert answers(three(*logs)) == (Verdict.REFUTED, Verdict.REFUTED)
    mixed = three(*(b.sub(r, b.scale(Fraction(1, 100), b.log(x))) for r, x in zip(BRIER3, X[1:] + X[:1], strict=True)))
    assert Verdict.PROVED not in answers(mixed)


def _pick(p: Any, y: Any) -> Any:
    return np.take_along_axis(p, y[..., None], axis=-1)[..., 0]


TRAPS: list[tuple[Callable[[Any, Any], Any], int, bool, bool]] = [
    # improper only by an epsilon; proper at K = 2 only; asymmetric in one pair of classes; offsets by the label
    (lambda p, y: -np.log((_pick(p, y) + 1e-6) / (1 + p.shape[-1] * 1e-6)), 3, False, False),
    (lambda p, y: (1 - _pick(p, y)) ** 2, 2, True, True),
    (lambda p, y: (1 - _pick(p, y)) ** 2, 3, False, False),
    (lambda p, y: -np.log(_pick(p, y)) * np.array([1.0, 1.0, 1.0000001])[y], 3, False, False),
    (lambda p, y: -np.log(_pick(p, y)) + np.array([0.1, -7.0, 3.3])[y], 3, True, True),
    (lambda p, y: -np.log(np.maximum(_pick(p, y), 1e-12)), 3, False, False),
    (lambda p, y: 0.0 * _pick(p, y) + y, 3, True, False),
    (lambda p, y: -np.log(_pick(p, y)) - 1e-4 * np.sum(p * p, axis=-1) + 2e-4 * _pick(p, y), 3, True, True),
    (lambda p, y: -np.log(_pick(p, y)) - 1.1 * np.sum(p * p, axis=-1) + 2.2 * _pick(p, y), 3, False, False),
]


@pytest.mark.parametrize(("rule", "k", "is_proper", "is_strict"), TRAPS)
def test_traps(rule: Callable[[Any, Any], Any], k: int, is_proper: bool, is_strict: bool) -> None:
    want = tuple(Verdict.PROVED if truth else Verdict.REFUTED for truth in (is_proper, is_strict))
    assert answers(lift(rule, kind="simplex", n_classes=k)) == want


def _log_of_exponentials(p: Any, y: Any) -> Any:
    top = np.log(np.sum(np.exp(p), axis=-1))
    s = np.exp(p - top[..., None])
    return -top - _pick(s, y) + np.sum(p * s, axis=-1)


@pytest.mark.parametrize(
    ("rule", "accepted"),
    [
        (_log_of_exponentials, True),
        (lambda p, y: -_log_of_exponentials(p, y), False),  # convex Bayes risk
        (lambda p, y: _log_of_exponentials(p, y) + 1e-3 * _pick(p, y), False),  # not stationary
        (lambda p, y: -np.log(_pick(p, y)), False),  # not finite on the faces
        (lambda p, y: ((p - (y[..., None] == np.arange(3))) ** 2)[..., 0], False),  # only semidefinite
        (lambda p, y: np.maximum(_pick(p, y), 0.5), False),  # a switch
    ],
)
def test_minors(rule: Callable[[Any, Any], Any], accepted: bool) -> None:
    lifted = lift(rule, kind="simplex", n_classes=3)
    made = certificate(lifted, "strictly_proper", "proved", {"rule": "proper_by_minors", "strict": True})
    if accepted:
        assert verify(made).property == "strictly_proper"
    else:
        with pytest.raises(CertificateRejected):
            verify(made)
