"""What kernels declare and refuse, and the special values of rows."""

import doctest
import importlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from losscheck.kernel import kernel, kernels
from losscheck.kernels.passes.buffers import DTYPES
from tests.kernels.test_rows import LOSSES, PARAMETERS

KERNELS = kernels()
FOLDER = Path(__file__).parent.parent.parent / "kernels"
NAN, INF = np.nan, np.inf
BY_ODDS = {
    "cross_entropy": ((), INF),
    "focal": ((2.0,), INF),
    "generalized_cross_entropy": ((0.5,), 2.0),
    "poly1": ((1.0,), INF),
    "comp_sum": ((2.0,), 1.0),
    "stablemax": ((), INF),
}


def test_every_file_registers_its_kernel() -> None:
    assert set(KERNELS) == {file.stem for file in FOLDER.glob("*.py") if file.stem != "__init__"}
    for name, entry in KERNELS.items():
        assert entry.name == name == entry.run.__name__
        assert entry.dtypes == set(DTYPES)
        assert entry.max_ulp["float32"] <= (2 if entry.shape != "batch" else 80)
        assert entry.special
        assert entry.doc


def test_every_kernel_names_its_plain_function() -> None:
    for name, entry in KERNELS.items():
        assert callable(entry.plain), name
        wanted = entry.run.parameters if entry.shape in ("rows", "elementwise") else ()
        assert all(len(given) == len(wanted) for given in PARAMETERS.get(name, [(0.0,) * len(wanted)]))


@pytest.mark.parametrize("name", KERNELS)
def test_examples(name: str) -> None:
    module = importlib.import_module(f"losscheck.kernels.{name}")
    result = doctest.testmod(module)
    assert result.attempted
    assert not result.failed


def test_registering_twice_and_unknown_shapes_are_refused() -> None:
    def softmax() -> None: ...

    declared: dict[str, Any] = {"loss": "", "plain": len, "special": {}, "max_ulp": {}}
    with pytest.raises(ValueError, match="'softmax' is registered twice"):
        kernel(shape="map", **declared)(softmax)
    with pytest.raises(ValueError, match="'columns' does not exist; declare one of elementwise"):
        kernel(shape="columns", **declared)


@pytest.mark.parametrize("repeat", [1, 100])
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
@pytest.mark.parametrize("name", BY_ODDS)
def test_special_values_of_losses_of_the_odds(name: str, dtype: Any, repeat: int) -> None:
    parameters, uncertain = BY_ODDS[name]

    def run(*row: float) -> tuple[float, Any]:
        x = np.array([row] * repeat, dtype)
        grad = np.empty_like(x)
        value = KERNELS[name].run(x, np.zeros(repeat, int), *parameters, grad=grad)
        np.testing.assert_array_equal(value, value[0])
        np.testing.assert_array_equal(grad, grad[:1].repeat(repeat, 0))
        return float(value[0]), grad[0]

    for row in ([NAN, 0, 1], [0, 1, NAN], [INF, 0, 1], [0, INF, 1], [INF, INF, 0], [-INF] * 3, [INF, -INF, -INF]):
        value, grad = run(*row)
        assert np.isnan(value)
        assert np.isnan(grad).all()
    value, grad = run(0, -INF, 1)
    plain, slopes = run(0, 1)
    assert value == plain
    np.testing.assert_array_equal(grad, [slopes[0], 0, slopes[1]])
    value, grad = run(0, -INF, -INF)
    assert value == 0
    assert not grad.any()
    value, grad = run(-INF, 0, 1)
    assert value == uncertain
    assert not np.isnan(grad).any()


def test_special_values_of_maps_and_sums() -> None:
    nothing, over = np.full((1, 3), -INF), np.array([[0, INF, -INF]])
    for name in ("softmax", "log_softmax"):
        assert np.isnan(KERNELS[name].run(nothing)).all()
        assert np.isnan(KERNELS[name].run(over)).all()
        assert np.isnan(KERNELS[name].run(np.array([[0, NAN, -INF]]))).all()
    lse = KERNELS["logsumexp"].run(np.concatenate([nothing, over, [[INF, NAN, 0]], [[-INF, 2, -INF]]]))
    np.testing.assert_array_equal(lse, [-INF, INF, NAN, 2])


@pytest.mark.parametrize("name", ["crammer_singer", "weston_watkins", "sparsemax", "entmax15", "label_smoothing"])
def test_special_values_of_other_losses(name: str) -> None:
    def run(*row: float) -> float:
        return float(KERNELS[name].run(np.array([row], float), [0])[0])

    assert np.isnan([run(NAN, 0), run(0, NAN), run(0, INF), run(INF, 0)]).all()
    assert run(-INF, 0, 1) == INF
    assert run(0, -INF, 1) == (INF if name == "label_smoothing" else run(0, 1))


@pytest.mark.parametrize("name", LOSSES)
def test_buffers_scale_and_refusals(name: str) -> None:
    run = KERNELS[name].run
    parameters = PARAMETERS.get(name, [()])[0]
    x, y = np.array([[0.5, 0.25, 2.0], [3.0, 1.0, 0.125]], np.float32), np.array([2, 1])
    kept = x.copy()
    out, one, half = np.empty(2, np.float32), np.empty_like(x), np.empty_like(x)
    assert run(x, y, *parameters, out=out, grad=one) is out
    run(x, y, *parameters, grad=half, scale=0.5)
    np.testing.assert_allclose(half, one / 2, rtol=1e-6, atol=1e-7)
    np.testing.assert_array_equal(x, kept)
    assert run(np.empty((0, 3)), np.empty(0, int), *parameters).shape == (0,)
    with pytest.raises(ValueError, match=r"labels lie in 1 \.\. 3; allowed are 0 \.\. 2"):
        run(x, [3, 1], *parameters)
    with pytest.raises(ValueError, match=r"give integers of shape \(2,\)"):
        run(x, [0.0, 1.0], *parameters)
    with pytest.raises(ValueError, match=r"give 2 dimensions"):
        run(x[0], y, *parameters)
    with pytest.raises(ValueError, match=r"needs at least one class"):
        run(np.empty((2, 0)), y, *parameters)
    with pytest.raises(TypeError, match=r"logits has dtype int64; allowed are bfloat16, float16"):
        run(np.zeros((2, 3), np.int64), y, *parameters)
    with pytest.raises(ValueError, match=r"out has shape .* give a writeable C-contiguous array of shape \(2,\)"):
        run(x, y, *parameters, out=np.empty(2))
    with pytest.raises(ValueError, match=r"threads is 0; give at least 1"):
        run(x, y, *parameters, threads=0)


@pytest.mark.parametrize(
    ("name", "parameter", "told"),
    [
        ("focal", -1.0, "gamma is -1.0"),
        ("generalized_cross_entropy", 0.0, "power is 0.0"),
        ("poly1", -0.5, "epsilon is -0.5"),
        ("comp_sum", -1.0, "tau is -1.0"),
        ("harmonic", 0.0, r"exponent is 0.0; give a number in \(0, inf\)"),
        ("active_passive", -1.0, "alpha is -1.0"),
        ("z_loss", 0.0, "a is 0.0"),
        ("focal", NAN, "gamma is nan"),
        ("label_smoothing", 1.0, r"epsilon is 1.0; give a number in \[0, 1\)"),
    ],
)
def test_parameters_out_of_range_are_refused(name: str, parameter: float, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        KERNELS[name].run(np.zeros((1, 2)), [0], parameter)


def test_parameters_go_by_name_too_and_others_are_refused() -> None:
    focal, x = KERNELS["focal"].run, np.array([[0.5, 0.0]])
    assert focal(x, [0], gamma=1.0) == focal(x, [0], 1.0) != focal(x, [0])
    with pytest.raises(TypeError, match="allowed are gamma, each once"):
        focal(x, [0], 1.0, gamma=2.0)
    with pytest.raises(TypeError, match=r"given are \[\] and {'alpha': 1.0}; allowed are gamma"):
        focal(x, [0], alpha=1.0)


def test_special_values_of_losses_with_values_of_their_own() -> None:
    def run(name: str, *row: float) -> float:
        return float(KERNELS[name].run(np.array([row], float), [0])[0])

    for name in ("lee_lin_wahba", "z_loss"):
        assert np.isnan([run(name, *row) for row in ([NAN, 0, 1], [INF, 0, 1], [0, -INF, 1], [0, 1, INF])]).all()
    assert np.isnan([run("z_loss", 1, 1), run("harmonic", 0, 1), run("harmonic", 1, 0), run("harmonic", -1, 1)]).all()
    assert run("harmonic", 1, INF, 2) == run("harmonic", 1, 2)
    assert run("squentropy", 0, -INF, 1) == run("squentropy", -INF, 0) == INF
    assert run("normalized_cross_entropy", 0, -INF, 1) == 0
    assert np.isnan(run("normalized_cross_entropy", -INF, 0, 1))


def test_half_precision_overflow_is_silent_infinity() -> None:
    value = KERNELS["squared_margin"].run(np.array([-60000.0], np.float16))
    assert value.dtype == np.float16
    assert value[0] == INF
