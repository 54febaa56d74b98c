"""The curves of a report: finite values, and a calibration gap that vanishes where both classes are equally likely."""

from __future__ import annotations

import math

import pytest

from losscheck.counterexample_curves import counterexample
from losscheck.curves import curves
from losscheck.expr import build as b
from losscheck.lifting.lifted import Lifted

Z = [b.var(f"z{i}") for i in range(3)]
P = b.var("p", "unit")
LOSSES = {
    "margin": Lifted("margin", None, (1,), ("v",), "real", (b.lse([b.ZERO, b.neg(b.var("v"))]),)),
    "logits": Lifted("logits", 3, (0, 1, 2), ("z0", "z1", "z2"), "real", tuple(b.sub(b.lse(Z), z) for z in Z)),
    "probability": Lifted(
        "probability", None, (0, 1), ("p",), "unit", (b.neg(b.log(b.sub(b.ONE, P))), b.neg(b.log(P)))
    ),
}


@pytest.mark.parametrize("kind", LOSSES)
def test_the_gap_starts_at_zero_and_grows(kind: str) -> None:
    charts = curves(LOSSES[kind])
    assert set(charts) == {"loss", "conditional_risk", "calibration_gap", "transforms", "bayes_risk", "link"}
    (gap,) = charts["calibration_gap"]["series"]
    assert gap["y"][0] == pytest.approx(0, abs=1e-9)
    assert gap["y"][-1] > 0.2
    for chart in charts.values():
        for line in chart["series"]:
            assert len(line["x"]) == len(line["y"]) > 50


def test_the_transforms_the_best_risk_and_the_link_of_the_logistic_loss() -> None:
    charts = curves(LOSSES["margin"])
    t, gamma = charts["transforms"]["series"]
    at = dict(zip(t["x"], t["y"], strict=True))
    assert at[0.5] == pytest.approx(math.log(2) - entropy(0.75), abs=1e-3)
    assert gamma["y"][-1] == 1
    assert sorted(gamma["y"]) == gamma["y"]
    (risk,) = charts["bayes_risk"]["series"]
    assert dict(zip(risk["x"], risk["y"], strict=True))[0.25] == pytest.approx(entropy(0.25), abs=1e-3)
    (link,) = charts["link"]["series"]
    assert dict(zip(link["x"], link["y"], strict=True))[0.75] == pytest.approx(math.log(3), abs=0.05)
    assert all(abs(score) < 4 for score in link["y"]), "what lies beyond the line is not drawn"
    (best,) = curves(LOSSES["probability"])["link"]["series"]
    assert best["y"] == pytest.approx(best["x"], abs=0.01), "proper"


def entropy(eta: float) -> float:
    return -eta * math.log(eta) - (1 - eta) * math.log(1 - eta)


def test_a_counterexample_is_drawn_through_its_two_points() -> None:
    v = b.var("v")
    capped = Lifted("margin", None, (1,), ("v",), "real", (b.minimum([b.exp(b.neg(v)), b.ONE]),))
    chart = counterexample(capped, "convex", {"a": ["-2"], "b": ["2"], "label": 1, "gap": 0.5})
    assert chart is not None
    curve, chord = chart["series"]
    assert dict(zip(curve["x"], curve["y"], strict=True))[0.5] == 1
    assert sum(chord["y"]) / 2 < 1, "the loss lies above the chord"
    sums = counterexample(capped, "symmetric", {"at": ["0"], "other": ["1"], "sums": [2.0, 1.37]})
    assert sums is not None
    total = dict(zip(sums["series"][0]["x"], sums["series"][0]["y"], strict=True))
    assert (total[0.0], total[1.0]) == pytest.approx((2.0, 1 + math.exp(-1)), abs=1e-5)
    for other in (None, {}, {"y": ["1"]}, {"a": ["x"], "b": ["1"], "label": 1}, {"a": ["1"], "b": ["1"], "label": 1}):
        assert counterexample(capped, "convex", other) is None


def test_a_regression_loss_is_drawn_over_its_prediction() -> None:
    yhat, y = b.var("yhat"), b.var("y")
    loss = Lifted("regression", None, (1,), ("yhat", "y"), "real", (b.absolute(b.sub(yhat, y)),))
    (chart,) = curves(loss).values()
    assert [line["name"] for line in chart["series"]] == ["target -1", "target 0", "target 1"]
    assert [min(line["y"]) for line in chart["series"]] == [0, 0, 0]


def test_pairs_of_vectors_have_no_curve() -> None:
    p, q = (b.var(name, "unit") for name in ("p0", "q0"))
    assert curves(Lifted("divergence", 2, (1,), ("p0", "p1", "q0", "q1"), "simplex+", (b.sub(p, q),))) == {}
