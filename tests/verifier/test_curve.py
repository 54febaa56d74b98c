"""Curves and the rules of one variable under attack: certificates with wrong hints must be rejected."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from losscheck.certificate import certificate
from losscheck.expr import build as b
from losscheck.expr.graph import Expr
from losscheck.lifting.lifted import Lifted
from losscheck.verifier import CertificateRejected, verify
from losscheck.verifier.curve import curve
from losscheck.verifier.terms import Pool

V = b.var("v")
HINGE = b.maximum([b.ZERO, b.sub(b.ONE, V)])
LOGISTIC = b.lse([b.ZERO, b.neg(V)])
SIGMOID = b.exp(b.neg(b.lse([b.ZERO, V])))
KNEE = b.maximum([b.ZERO, b.sub(b.from_float(0.1), V)])
FLOOD = b.absolute(b.sub(LOGISTIC, b.const(Fraction(1, 8))))


def lifted(root: Expr) -> Lifted:
    return Lifted("margin", None, (1,), ("v",), "real", (root,))


def states(root: Expr, prop: str, verdict: str, proof: dict[str, Any], **claim: Any) -> bool:
    """Whether the verifier accepts the claim."""
    try:
        said = verify(certificate(lifted(root), prop, verdict, proof, **claim))
    except CertificateRejected:
        return False
    return (said.property, said.verdict) == (prop, verdict)


@pytest.mark.parametrize(
    "hints",
    [[], ["0"], ["1/2", "3/2"], [["0", "2"]], [["1/2", "3/4"]], [["3/2", "2"]], "1", [1], [["1"]], [["2", "0"]]],
)
def test_a_switch_left_open_is_seen(hints: Any) -> None:
    proof = {"rule": "convex_by_pieces", "breaks": [hints]}
    accepted = states(HINGE, "convex", "proved", proof)
    assert accepted == (hints == [["0", "2"]])  # the gap holds the switch's only zero


def test_every_piece_and_cut_is_asked() -> None:
    concave = b.minimum([b.ZERO, b.sub(b.ONE, V)])
    for root in (concave, b.neg(HINGE), SIGMOID, b.sub(LOGISTIC, b.exp(b.neg(b.power(V, Fraction(2)))))):
        for hints in ([], ["1"], ["0", "1"], [["0", "2"]]):
            assert not states(root, "convex", "proved", {"rule": "convex_by_pieces", "breaks": [hints]})


def test_a_value_of_its_own_is_seen() -> None:
    raised = b.where(b.equal(V, b.ONE), b.const(3), HINGE)
    assert not states(raised, "convex", "proved", {"rule": "convex_by_pieces", "breaks": [["1"]]})
    assert not states(raised, "nonincreasing", "proved", {"rule": "nonincreasing_by_pieces", "breaks": [["1"]]})


def test_two_zeros_in_one_gap_are_rejected() -> None:
    close = b.add(HINGE, b.maximum([b.ZERO, b.sub(b.const(Fraction(1001, 1000)), V)]))
    assert states(close, "convex", "proved", {"rule": "convex_by_pieces", "breaks": [["1", "1001/1000"]]})
    assert not states(close, "convex", "proved", {"rule": "convex_by_pieces", "breaks": [[["1/2", "3/2"]]]})
    square = b.absolute(b.sub(b.power(V, Fraction(2)), b.const(2)))
    assert not states(square, "convex", "proved", {"rule": "convex_by_pieces", "breaks": [[["-2", "2"]]]})


@pytest.mark.parametrize(
    ("low", "high", "cut"), [("0", "2", "1/2"), ("2", "3", "5/2"), ("0", "2", "0"), ("2", "0", "1")]
)
def test_no_kink_where_there_is_none(low: str, high: str, cut: str) -> None:
    proof = {"rule": "kink", "label": 0, "path": [["0", "1"]], "low": low, "high": high, "cut": cut}
    assert not states(HINGE, "differentiable", "refuted", proof)
    assert not states(LOGISTIC, "differentiable", "refuted", proof)


def test_a_kink_needs_a_moving_line() -> None:
    proof = {"rule": "kink", "label": 0, "path": [["0", "1"]], "low": "0", "high": "2", "cut": "1"}
    assert states(HINGE, "differentiable", "refuted", proof)
    assert not states(HINGE, "differentiable", "refuted", {**proof, "path": [["1", "0"]]})


def test_a_kink_at_a_rounded_constant_needs_a_gap() -> None:
    proof = {"rule": "kink", "label": 0, "path": [["0", "1"]], "low": "-1", "high": "1", "cut": "1/10"}
    assert not states(KNEE, "differentiable", "refuted", proof)
    assert states(KNEE, "differentiable", "refuted", {**proof, "cut": ["99/1000", "101/1000"]})


def test_the_kink_of_a_transcendental_switch() -> None:
    # the zero of log(1 + e^-v) - 1/8 is near 2.0166
    proof = {"rule": "kink", "label": 0, "path": [["0", "1"]], "low": "1", "high": "3", "cut": ["2", "41/20"]}
    assert states(FLOOD, "differentiable", "refuted", proof)
    assert not states(FLOOD, "differentiable", "refuted", {**proof, "cut": ["41/20", "21/10"]})
    assert not states(FLOOD, "differentiable", "refuted", {**proof, "cut": "2"})


MISCALIBRATED = {"rule": "miscalibrated_by_comparison", "eta": "3/4", "mirrored": False}


@pytest.mark.parametrize(
    "proof",
    [
        {**MISCALIBRATED, "eta": "1/2", "regions": [{"from": "0", "witness": ["0", "-1"], "breaks": []}]},
        {**MISCALIBRATED, "regions": [{"from": "0", "witness": ["0", "-1"], "breaks": []}]},
        {**MISCALIBRATED, "regions": [{"from": "0", "witness": ["3", "0"], "breaks": []}]},
        {**MISCALIBRATED, "regions": [{"from": "0", "witness": ["0", "1"], "breaks": []}]},
        {**MISCALIBRATED, "regions": [{"from": "5", "witness": ["0", "0"], "breaks": []}]},
        {**MISCALIBRATED, "regions": []},
        {**MISCALIBRATED, "eta": "1/4", "regions": [{"from": "0", "witness": ["0", "0"], "breaks": []}]},
        {**MISCALIBRATED, "unbounded": "-inf", "reach": "1"},
        {**MISCALIBRATED, "unbounded": "+inf", "reach": "1"},
        {"rule": "calibrated_convex", "convex": {"rule": "convex_by_pieces", "breaks": [[]]}, "reach": "1"},
    ],
)
def test_the_logistic_loss_is_not_miscalibrated(proof: dict[str, Any]) -> None:
    assert not states(LOGISTIC, "classification_calibrated", "refuted", proof)


def cell(**changes: Any) -> dict[str, Any]:
    row = {"from": None, "witness": ["0", "-1"], "breaks": []}
    return {"to": "1", "regions": [row], "zero": "slope", "breaks": [], "reach": "1", **changes}


def calibrated(root: Expr, *cells: dict[str, Any]) -> bool:
    proof = {"rule": "calibrated_by_comparison", "sides": [list(cells)]}
    return states(root, "classification_calibrated", "proved", proof)


def test_the_comparison_needs_all_eta_and_all_scores() -> None:
    assert calibrated(SIGMOID, cell())
    assert not calibrated(SIGMOID)
    assert not calibrated(SIGMOID, cell(to="3/4"))
    assert not calibrated(SIGMOID, cell(to="2"))
    assert not calibrated(SIGMOID, cell(regions=[]))
    assert not calibrated(SIGMOID, cell(regions=[{"from": "-5", "witness": ["0", "-1"], "breaks": []}]))
    assert not calibrated(SIGMOID, cell(zero=["0", "-1"]))
    assert not calibrated(SIGMOID, cell(reach="0"))
    assert not calibrated(b.neg(SIGMOID), cell())
    assert not calibrated(b.power(V, Fraction(2)), cell())
    # a gap that fades at infinity is no gap
    assert not calibrated(b.neg(b.div(V, b.add(b.ONE, b.power(V, Fraction(2))))), cell())


def test_a_step_at_zero_defeats_the_slope() -> None:
    lowered = b.where(b.equal(V, b.ZERO), b.const(Fraction(1, 4)), SIGMOID)
    assert not calibrated(lowered, cell())


@pytest.mark.parametrize("ends", [(None, None), ("-1", "1"), ("0", "0"), ("1", "-1"), ("-2", "2")])
def test_recovery_needs_its_ends(ends: tuple[str | None, str | None]) -> None:
    low, high = ends
    hints = sorted({"0", *(x for x in ends if x)}, key=Fraction)
    for rule in ("recovers_by_link", "recovers_by_stationarity"):
        proof = {"rule": rule, "breaks": hints, "low": low, "high": high}
        for root in (SIGMOID, HINGE, b.neg(V), b.power(V, Fraction(2)), b.add(LOGISTIC, b.scale(Fraction(-1, 4), V))):
            assert not states(root, "recovers_probability", "proved", proof, params={"link": None})


def test_the_constant_of_a_claim_is_derived() -> None:
    proof = {
        "rule": "slope_by_pieces", "order": 1, "norm": "l2", "breaks": [[]], "upper": "1",
        "where": {"label": 0, "index": 0, "end": "left"},
    }  # fmt: skip
    good = {"params": {"norm": "l2"}, "value": 1.0, "bounds": [1.0, 1.0]}
    assert states(LOGISTIC, "lipschitz", "proved", proof, **good)
    for changes in ({"value": 0.9}, {"bounds": [0.9, 1.0]}, {"params": {"norm": "linf"}}, {"params": {}}):
        assert not states(LOGISTIC, "lipschitz", "proved", proof, **{**good, **changes})
    for changes in ({"upper": "9/10"}, {"upper": "2"}, {"upper": None}, {"order": 2}, {"norm": "l1"}):
        assert not states(LOGISTIC, "lipschitz", "proved", {**proof, **changes}, **good)


def test_a_curve_knows_its_limits() -> None:
    pool = Pool()
    x = pool.var("x")
    inverse = pool.power(x, Fraction(-1))
    c = curve(pool, pool.mul(x, inverse), "x", Fraction(0), Fraction(1), [])
    limit = c.end(c.pieces[0].node, False)  # x * (1/x) is 1 next to 0, although it is not defined there
    assert limit is not None
    assert abs(float(limit.mid()) - 1) < 1e-9  # type: ignore[union-attr]
    with pytest.raises(CertificateRejected):
        curve(pool, pool.make("log", None, (x,)), "x", Fraction(-1), Fraction(1), [])


def test_smoothness_on_the_open_simplex() -> None:
    from losscheck.property import properties

    p = [b.var(f"p{i}", "unit") for i in range(3)]
    smooth = {
        "log": [b.neg(b.log(x)) for x in p],
        "spherical": [b.neg(b.div(x, b.sqrt(b.add(*(b.power(y, Fraction(2)) for y in p))))) for x in p],
        "odds": [b.neg(b.log(b.div(x, b.sub(b.ONE, x)))) for x in p],
    }
    rough = {
        "log of a difference": [b.log(b.absolute(b.sub(x, b.const(Fraction(1, 4))))) for x in p],
        "kink": [b.absolute(b.sub(x, b.const(Fraction(1, 4)))) for x in p],
        "pole inside": [b.power(b.sub(x, b.const(Fraction(1, 4))), Fraction(-1)) for x in p],
    }
    for name, roots in {**smooth, **rough}.items():
        loss = Lifted("simplex", 3, (0, 1, 2), ("p0", "p1", "p2"), "simplex", tuple(roots))
        said = properties()["differentiable"].answer(loss).verdict
        assert (said == "proved") is (name in smooth), name
        if name == "kink":
            assert said == "refuted"
