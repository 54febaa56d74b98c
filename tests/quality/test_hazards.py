"""Hazards whose exact thresholds were measured elsewhere, built anew and found by the hunter.

Each is a predicate of one number in a format. The thresholds are those of torch 2.13 and NumPy 2.4 on x86-64: "the
first float of the format at which it holds", None where it never does.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from torch.nn import functional

import losscheck
from losscheck.behaviour.formats import round_to
from losscheck.hunting.first_operation import first_operation
from losscheck.hunting.neighbours import at, neighbour, place
from losscheck.hunting.thresholds import Hit, bisect, hunt

FORMATS = ("float16", "bfloat16", "float32", "float64")
Predicate = Callable[[float, str], bool]


def tensor(values: Any, dtype: str, grad: bool = False) -> torch.Tensor:
    return torch.tensor(values, dtype=torch.float64).to(getattr(torch, dtype)).requires_grad_(grad)


def value(f: Callable[[Any], Any]) -> Callable[[float, str], float]:
    return lambda x, dtype: float(f(tensor(x, dtype)))


def slope(f: Callable[[Any], Any], index: int = 0) -> Callable[[float, str], float]:
    """The gradient by one of two scores, the first ``x`` and the second 0."""

    def found(x: float, dtype: str) -> float:
        z = tensor([[x, 0.0]], dtype, grad=True)
        (gradient,) = torch.autograd.grad(f(z).sum(), z)
        return float(gradient[0, index])

    return found


def scalar_slope(f: Callable[[Any], Any]) -> Callable[[float, str], float]:
    def found(x: float, dtype: str) -> float:
        z = tensor(x, dtype, grad=True)
        (gradient,) = torch.autograd.grad(f(z), z)
        return float(gradient)

    return found


def scores(f: Callable[[Any], Any]) -> Callable[[float, str], float]:
    return lambda x, dtype: float(f(tensor([[x, 0.0]], dtype)))


def is_zero(f: Callable[[float, str], float]) -> Predicate:
    return lambda x, dtype: f(x, dtype) == 0.0


def is_one(f: Callable[[float, str], float]) -> Predicate:
    return lambda x, dtype: f(x, dtype) == 1.0


def breaks(f: Callable[[float, str], float]) -> Predicate:
    return lambda x, dtype: not math.isfinite(f(x, dtype))


def first_class(z: Any) -> Any:
    return functional.cross_entropy(z, torch.zeros(len(z), dtype=torch.int64))


def focal(gamma: float, form: str) -> Callable[[Any], Any]:
    def loss(z: Any) -> Any:
        if form == "softmax":
            p = torch.softmax(z, 1)[:, 0]
            return (1 - p) ** gamma * -torch.log(p)
        if form == "log_softmax":
            log_p = torch.log_softmax(z, 1)[:, 0]
            return (1 - log_p.exp()) ** gamma * -log_p
        p = torch.sigmoid(z[:, 0])
        return (1 - p) ** gamma * -torch.log(p)

    return loss


def cross_power(q: float) -> Callable[[Any], Any]:
    """Generalised cross-entropy of a class that trails by ``x``."""
    return lambda z: (1 - torch.softmax(z, 1)[:, 1] ** q) / q


def harmonic(distances: Any) -> Any:
    """Negative log of the share of the first of two inverse powers."""
    powers = distances**-28
    return -torch.log(powers[0] / powers.sum())


def step_by_step(f: Callable[..., float]) -> Callable[[float, str], float]:
    """NumPy style: each operation rounded to the format; bfloat16 by rounding to it after each."""
    return lambda x, dtype: f(x, lambda v: float(round_to(np.array(v), dtype)))


def logistic_by_steps(x: float, to: Callable[[float], float]) -> float:
    return to(math.log(to(1.0 + to(math.exp(-x)))))


def softmax_by_steps(x: float, to: Callable[[float], float]) -> float:
    other = to(math.exp(-x))
    return to(1.0 / to(1.0 + other))


def stable_map(eps: float) -> Callable[[Any], Any]:
    """StableMax: ``x + 1`` for positive scores, ``1 / (1 - x)`` for others, both branches always computed."""
    return lambda x: torch.where(x < 0, 1 / (1 - x + eps), x + 1)


LN2_24 = {"float16": 7.625, "bfloat16": 5.5625, "float32": 16.63553237915039, "float64": 36.73680056967711}
ROUNDS_TO_1 = {"float16": 8.3203125, "bfloat16": 6.25, "float32": 16.63553237915039, "float64": 36.73680056967711}
UNDERFLOW = {"float16": 17.34375, "bfloat16": 93.0, "float32": 103.97208404541016, "float64": 745.1332191019412}
OVERFLOW = {"float16": 11.09375, "bfloat16": 89.0, "float32": 88.72283935546875, "float64": 709.7827128933841}
NEVER: dict[str, float | None] = dict.fromkeys(FORMATS)
Known = dict[str, Any]

HAZARDS: list[tuple[str, Predicate, Known]] = [
    ("cross-entropy is 0", is_zero(scores(first_class)), LN2_24),
    ("its slope by the true class is 0", is_zero(slope(first_class)), LN2_24),
    ("its slope by the other class is 0", is_zero(slope(first_class, 1)), UNDERFLOW),
    ("softmax of the first class is 1", is_one(scores(lambda z: torch.softmax(z, 1)[0, 0])), ROUNDS_TO_1),
    ("softmax of the other is 0", is_zero(scores(lambda z: torch.softmax(z, 1)[0, 1])), UNDERFLOW),
    ("-log softmax is inf", breaks(scores(lambda z: -torch.log(torch.softmax(z, 1)[0, 1]))), UNDERFLOW),
    ("exp overflows", breaks(value(torch.exp)), OVERFLOW),
    ("exp(-x) is 0", is_zero(value(lambda x: torch.exp(-x))), UNDERFLOW),
    ("sigmoid is 1", is_one(value(torch.sigmoid)), ROUNDS_TO_1),
    (
        "sigmoid(-x) is 0",
        is_zero(value(lambda x: torch.sigmoid(-x))),
        {**UNDERFLOW, "bfloat16": 89.0, "float32": 88.72283935546875, "float64": 709.7827128933841},
    ),
    (
        "binary cross-entropy of scores is 0",
        is_zero(value(lambda x: functional.binary_cross_entropy_with_logits(x, torch.ones_like(x)))),
        {**UNDERFLOW, "float32": 102.87346649169922, "float64": 744.0346068132732},
    ),
    (
        "its slope is 0",
        is_zero(scalar_slope(lambda x: functional.binary_cross_entropy_with_logits(x, torch.ones_like(x)))),
        ROUNDS_TO_1,
    ),
    ("focal 0.5 by softmax: slope", breaks(slope(focal(0.5, "softmax"))), ROUNDS_TO_1),
    ("focal 0.5 by log_softmax: slope", breaks(slope(focal(0.5, "log_softmax"))), LN2_24),
    ("focal 0.5 by sigmoid: slope", breaks(slope(focal(0.5, "sigmoid"))), ROUNDS_TO_1),
    ("focal 2 by softmax: slope", breaks(slope(focal(2.0, "softmax"))), NEVER),
    ("focal 2 by log_softmax: slope", breaks(slope(focal(2.0, "log_softmax"))), NEVER),
    ("focal 2 by sigmoid: slope", breaks(slope(focal(2.0, "sigmoid"))), NEVER),
    ("GCE 0.7: slope", breaks(slope(cross_power(0.7), 1)), UNDERFLOW),
    ("GCE 0.3: slope", breaks(slope(cross_power(0.3), 1)), {**UNDERFLOW, "float16": 15.7265625}),
    (
        "GCE 0.1: slope",
        breaks(slope(cross_power(0.1), 1)),
        {**UNDERFLOW, "float16": 12.328125, "float32": 98.5830078125},
    ),
    ("GCE 0.7: slope is 0", is_zero(slope(cross_power(0.7), 1)), NEVER),
    ("GCE 0.3: slope is 0", is_zero(slope(cross_power(0.3), 1)), NEVER),
    ("GCE 0.1: slope is 0", is_zero(slope(cross_power(0.1), 1)), NEVER),
    ("log(1 + exp(-x)) by steps is 0", is_zero(step_by_step(logistic_by_steps)), LN2_24),
    ("softmax by steps is 1", is_one(step_by_step(softmax_by_steps)), LN2_24),
    (
        "a sum of ones stalls",
        lambda x, dtype: float(round_to(np.array(x + 1.0), dtype)) == x and x >= 1.0,
        {"float16": 2048.0, "bfloat16": 256.0, "float32": 16777216.0, "float64": 9007199254740992.0},
    ),
]  # fmt: skip


def beginnings(holds: Predicate, dtype: str) -> list[Hit]:
    return [hit for hit in hunt(lambda x: holds(x, dtype), dtype) if hit.begins]


@pytest.mark.parametrize("dtype", FORMATS)
@pytest.mark.parametrize(("name", "holds", "known"), HAZARDS, ids=[name for name, _, _ in HAZARDS])
def test_thresholds(name: str, holds: Predicate, known: Known, dtype: str) -> None:
    found = beginnings(holds, dtype)
    if known[dtype] is None:
        assert not found
    else:
        hit = found[0]
        assert hit.threshold == known[dtype]
        assert holds(hit.threshold, dtype)
        assert not holds(hit.before, dtype)
        assert neighbour(hit.before, 1, dtype) == hit.threshold


@pytest.mark.parametrize(
    ("dtype", "low", "high"),
    [
        ("float16", 0.765625, 1.486328125),
        ("bfloat16", 0.052734375, 23.875),
        ("float32", 0.05262812599539757, 23.775909423828125),
        ("float64", 2.6328677855886216e-11, 102116749982.17538),
    ],
)
def test_harmonic_powers_are_finite_only_between(dtype: str, low: float, high: float) -> None:
    def broken(x: float) -> bool:
        distances = tensor([x, x], dtype, grad=True)
        loss = harmonic(distances)
        (gradient,) = torch.autograd.grad(loss, distances)
        return not (math.isfinite(loss.item()) and bool(torch.isfinite(gradient).all()))

    hits = list(hunt(broken, dtype))
    assert next(hit.threshold for hit in hits if not hit.begins) == low
    assert next(hit.threshold for hit in hits if hit.begins) == high


@pytest.mark.parametrize("dtype", FORMATS)
def test_small_numbers_lost_in_log_of_1_plus_x(dtype: str) -> None:
    # Half the gap above 1, which ties to even: to 1.
    known = {"float16": 2.0**-11, "bfloat16": 2.0**-8, "float32": 2.0**-24, "float64": 2.0**-53}
    hits = list(hunt(lambda x: step_by_step(lambda v, to: to(math.log(to(1.0 + v))))(x, dtype) == 0.0, dtype))
    assert hits[0].before == known[dtype]  # the largest at which it is 0
    assert not hits[0].begins


@pytest.mark.parametrize("dtype", FORMATS)
def test_gradients_that_do_not_cancel_flicker(dtype: str) -> None:
    def uneven(x: float) -> bool:
        return slope(first_class)(x, dtype) + slope(first_class, 1)(x, dtype) != 0.0

    hits = list(hunt(uneven, dtype))
    if dtype == "float16":
        return  # there they cancel at nearly every number, and it is no defect when they do not
    assert hits
    assert dtype == "bfloat16" or any(not hit.monotone for hit in hits)


@pytest.mark.parametrize(("dtype", "known"), [("float16", 6.23828125), ("bfloat16", 4.15625)])
def test_softplus_is_its_argument(dtype: str, known: float) -> None:
    assert beginnings(lambda x, d: value(functional.softplus)(x, d) == x, dtype)[0].threshold == known


def test_softplus_in_float32_flickers_around_its_threshold() -> None:
    hit = beginnings(lambda x, d: value(functional.softplus)(x, d) == x, "float32")[0]
    assert not hit.monotone
    assert 14.5 < hit.first < hit.threshold < hit.settled < 14.6
    assert "with exceptions between" in str(hit)


def test_softplus_in_float64_has_a_threshold_of_its_own() -> None:
    found = beginnings(lambda x, d: value(functional.softplus)(x, d) == x, "float64")
    assert found[0].threshold == 20.000000000000004
    with_log1p = math.log1p(math.exp(-20.000000000000004)) + 20.000000000000004
    assert (with_log1p - 20.000000000000004) / math.ulp(20.0) > 500_000


@pytest.mark.parametrize(("dtype", "eps"), [("float32", 0.0), ("float64", 0.0), ("float32", 1e-30)])
def test_both_branches_of_where_are_differentiated(dtype: str, eps: float) -> None:
    slope_at = scalar_slope(stable_map(eps))
    points = [
        x
        for x in (neighbour(1.0, -1, dtype), 1.0, neighbour(1.0, 1, dtype), 0.5, 3.0)
        if math.isnan(slope_at(x, dtype))
    ]
    assert points == [1.0]


def test_a_small_epsilon_saves_float64_only() -> None:
    assert math.isfinite(scalar_slope(stable_map(1e-30))(1.0, "float16")) is False
    assert math.isfinite(scalar_slope(stable_map(1e-3))(1.0, "float64"))


@pytest.mark.parametrize(("dtype", "gap", "true"), [("bfloat16", 5.5625, 0.003829), ("float16", 7.625, 0.000488)])
def test_the_layout_of_cross_entropy_decides_its_accuracy(dtype: str, gap: float, true: float) -> None:
    z, y = tensor([[gap, 0.0]], dtype), torch.zeros(1, dtype=torch.int64)
    assert float(functional.cross_entropy(z, y)) == 0.0
    assert float(functional.cross_entropy(z[:, :, None], y[:, None])) == pytest.approx(true, rel=5e-3)


@pytest.mark.parametrize(("classes", "gap"), [(1000, 25.0), (32_000, 25.0)])
def test_many_classes_are_absorbed(classes: int, gap: float) -> None:
    z = np.zeros((1, classes))
    z[0, 0] = gap
    true = math.log1p((classes - 1) * math.exp(-gap))
    got = float(functional.cross_entropy(tensor(z, "float32"), torch.zeros(1, dtype=torch.int64)))
    assert abs(got - true) > 1e-3 * true


# Ten that the measurements do not have: the threshold follows from the format by arithmetic.
OWN: list[tuple[str, Predicate, str, float]] = [
    ("x squared overflows", breaks(value(lambda x: x * x)), "float16", 256.0),
    ("x squared is 0", is_zero(value(lambda x: x * x)), "float32", 0.0),
    ("cosh overflows", breaks(value(lambda x: (torch.exp(x) + torch.exp(-x)) / 2)), "float32", OVERFLOW["float32"]),
    ("tanh is 1", is_one(value(torch.tanh)), "float64", 19.061547465398498),
    ("soft margin loss is inf", breaks(value(lambda x: functional.soft_margin_loss(-x, torch.ones_like(x)))), "float32",
     OVERFLOW["float32"]),
    ("exponential loss overflows", breaks(value(lambda x: torch.exp(x))), "float64", OVERFLOW["float64"]),
    ("1 - exp(-x) is 1", is_one(value(lambda x: 1 - torch.exp(-x))), "float32", 25 * math.log(2)),
    ("norm of (x, x) overflows", breaks(value(lambda x: torch.sqrt(x * x + x * x))), "float32", 1.3043817825332783e19),
    ("reciprocal of x cubed is 0", is_zero(value(lambda x: x**-3)), "float16", 322.5),
    ("log(sigmoid) slope of -x", breaks(scalar_slope(lambda x: torch.log(torch.sigmoid(-x)))), "float32",
     OVERFLOW["float32"]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "holds", "dtype", "known"), OWN, ids=[each[0] for each in OWN])
def test_own_thresholds(name: str, holds: Predicate, dtype: str, known: float) -> None:
    hits = list(hunt(lambda x: holds(x, dtype), dtype))
    if known == 0.0:  # it holds for the smallest numbers, and ends
        assert not hits[0].begins
        assert hits[0].threshold == pytest.approx(2.0**-75, rel=1e-6)
    else:
        assert next(hit for hit in hits if hit.begins).threshold == pytest.approx(known, rel=2.0**-9)


@pytest.mark.parametrize("dtype", FORMATS)
def test_floats_are_a_line(dtype: str) -> None:
    for x in (0.0, 1.0, 2.0**-14, 3.5):
        assert at(place(x, dtype), dtype) == x
        assert neighbour(neighbour(x, 1, dtype), -1, dtype) == x
        assert neighbour(-x, -1, dtype) == -neighbour(x, 1, dtype)


def test_a_bisection_needs_a_change() -> None:
    with pytest.raises(ValueError, match="give floats that differ"):
        bisect(lambda x: True, "float32", 1.0, 2.0)


@pytest.mark.parametrize(
    ("loss", "kind", "point", "dtype", "operation", "remedy"),
    [
        (lambda v: np.log(1 + np.exp(-v)), "margin", {"v": -100.0}, "float32", "exp(neg(v))", "softplus"),
        (lambda v: np.log(1 + np.exp(-v)), "margin", {"v": 40.0}, "float64", "add(1, exp(neg(v)))", "softplus"),
        (lambda v: np.log1p(np.exp(-v)), "margin", {"v": -800.0}, "float64", "exp(neg(v))", "logaddexp"),
        (lambda v: -torch.log(torch.sigmoid(v)), "margin", {"v": -100.0}, "float32", "sigmoid(v)", "logsigmoid"),
        (lambda z, y: -torch.log(torch.softmax(z, 1))[torch.arange(len(y)), y], "logits", {"z0": 0.0, "z1": 200.0},
         "float32", "exp(sub(z0, lse(z0, z1)))", "log_softmax"),
        (lambda z, y: np.log(np.exp(z).sum(1)) - z[np.arange(len(y)), y], "logits", {"z0": 90.0, "z1": 0.0}, "float32",
         "exp(z0)", "logsumexp"),
    ],
)  # fmt: skip
def test_the_first_operation_that_goes_wrong_is_named(
    loss: Any, kind: str, point: dict[str, float], dtype: str, operation: str, remedy: str
) -> None:
    found = first_operation(loss, point, dtype, kind=kind, n_classes=2)
    assert found is not None
    assert found.text == operation
    assert found.rewrite is not None
    assert remedy in found.rewrite
    assert f"the first operation that goes wrong is {operation}" in str(found)


def logarithm_of_softmax(z: Any, y: Any) -> Any:
    return -torch.log(torch.softmax(z, 1))[torch.arange(len(y)), y]


def test_an_audit_names_the_operation_and_the_rewrite() -> None:
    asked = {"properties": ["value_finite", "collapse_free"], "dtypes": ("float32",)}
    report = losscheck.audit(logarithm_of_softmax, signature="z:(N,K):real y:(N,):index", **asked)
    assert "write log_softmax(x) for log(softmax(x))" in report["value_finite[float32]"].message
    clean = losscheck.audit(lambda v: functional.softplus(-v), kind="margin", **asked)
    assert not any("goes wrong" in f.message for f in clean.findings)


def test_a_cast_on_purpose_is_not_what_goes_wrong() -> None:
    def clipped(z: Any, y: Any) -> Any:
        p = torch.sigmoid(z.float())
        return -(y * torch.log(p) + (1 - y) * torch.log((1 - p).clamp(min=1e-8)))

    assert first_operation(clipped, {"z": 0.960633975665}, "float64", kind="binary", label=0) is None
    found = first_operation(clipped, {"z": 30.0}, "float64", kind="binary", label=0)
    assert found is not None
    assert found.text.startswith("sub(1, ")


def test_nothing_goes_wrong_in_a_stable_form() -> None:
    for v in (-800.0, 0.5, 800.0):
        assert first_operation(lambda v: np.logaddexp(0.0, -v), {"v": v}, "float64", kind="margin") is None
