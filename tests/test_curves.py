"""The curves of a report: finite values, and a calibration gap that vanishes where both classes are equally likely."""

from __future__ import annotations

import pytest

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
    assert set(charts) == {"loss", "conditional_risk", "calibration_gap"}
    (gap,) = charts["calibration_gap"]["series"]
    assert gap["y"][0] == pytest.approx(0, abs=1e-9)
    assert gap["y"][-1] > 0.2
    for chart in charts.values():
        for line in chart["series"]:
            assert len(line["x"]) == len(line["y"]) > 50


def test_a_regression_loss_is_drawn_over_its_prediction() -> None:
    yhat, y = b.var("yhat"), b.var("y")
    loss = Lifted("regression", None, (1,), ("yhat", "y"), "real", (b.absolute(b.sub(yhat, y)),))
    (chart,) = curves(loss).values()
    assert [line["name"] for line in chart["series"]] == ["target -1", "target 0", "target 1"]
    assert [min(line["y"]) for line in chart["series"]] == [0, 0, 0]


def test_pairs_of_vectors_have_no_curve() -> None:
    p, q = (b.var(name, "unit") for name in ("p0", "q0"))
    assert curves(Lifted("divergence", 2, (1,), ("p0", "p1", "q0", "q1"), "simplex+", (b.sub(p, q),))) == {}
