"""The psi-transform: closed forms, a T that is not convex, and the question's shape."""

import math

import numpy as np
import pytest

import losscheck


def ask(loss, theta, **more):
    return losscheck.audit(loss, kind="margin", properties=[("psi_transform", {"theta": theta})], **more)[
        "psi_transform"
    ]


@pytest.mark.parametrize(
    ("loss", "closed"),
    [
        (lambda v: np.log(1 + np.exp(-3 * v)), lambda t: 0.5 * ((1 + t) * math.log(1 + t) + (1 - t) * math.log(1 - t))),
        (lambda v: 2 * np.maximum(0, 0.7 - v), lambda t: 1.4 * t),
        (lambda v: np.abs(v - 3), lambda t: 3 * t),
        (lambda v: (v - 0.5) ** 2, lambda t: t * t / 4),
    ],
)
def test_closed_forms(loss, closed):
    found = ask(loss, [0.2, 0.7])
    assert found.verdict == "proved"
    for t, value in zip([0.2, 0.7], found.value, strict=True):
        assert abs(value - closed(t)) < 1e-8
    assert np.allclose(losscheck.verify(found.certificate).bounds, found.bounds, rtol=0, atol=0)


def test_one_number_for_one_theta():
    assert abs(ask(lambda v: np.exp(-v), 0.6).value - 0.2) < 1e-8


def test_t_that_is_not_convex_has_its_biconjugate_enclosed():
    """A cheap well far out wins only at small theta: T is concave somewhere, psi lies strictly below it."""

    def loss(v):
        return np.where(v < -2, 0.9, np.where(v < 0, 1.0, np.where(v < 2, 0.5, 0.45)))

    found = ask(loss, [0.3, 0.6])
    bound = losscheck.calibration(loss, kind="margin")
    grid = np.linspace(0, 1, 201)[1:]
    values = [bound.transform(float(round(t, 3))) for t in grid]
    for theta, (low, high) in zip([0.3, 0.6], found.bounds, strict=True):
        assert low <= high
        assert low <= min(values[i] for i in range(200) if abs(grid[i] - theta) < 1e-9) + 1e-9
        chord = min(
            a * (s - theta) / (s - r) + b * (theta - r) / (s - r)
            for r, a in zip(grid, values, strict=True)
            for s, b in zip(grid, values, strict=True)
            if r < theta < s
        )
        assert low <= chord + 1e-9


def test_h_transform_is_a_property_too():
    report = losscheck.audit(
        lambda v: np.maximum(0, 1 - v),
        kind="margin",
        properties=[("h_transform", {"t": 0.4, "hypotheses": "Linear(1, 1/2)"})],
    )
    found = report["h_transform"]
    assert found.verdict == "proved"
    assert abs(found.value - 0.2) < 1e-8
    assert losscheck.verify(found.certificate).params == {"t": 0.4, "hypotheses": "Linear(1, 1/2)"}


def test_an_infinite_transform():
    """Slopes of -1 and -3: the risk of the right side is bottomless from eta = 3/4, theta = 1/2 on, and only there."""

    def slopes(v):
        return np.where(v > 0, -v, -3 * v)

    assert list(ask(slopes, [0.55, 1.0]).value) == [math.inf, math.inf]
    assert ask(lambda v: 1 - v, 0.3).value == math.inf
    for finite in (0.45, 0.5):  # T(1/2) is finite: slope 0
        assert ask(slopes, finite).value != math.inf
    assert ask(lambda v: 1 - v, [0.0, 0.3]).value is None
