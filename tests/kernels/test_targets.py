"""Losses with a target for every class, against their lifted plain functions."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from losscheck.kernel import kernels
from tests.kernels.inputs import cases
from tests.kernels.reference import truths, ulps

KERNELS = kernels()
LOSSES: dict[str, list[tuple[float, ...]]] = {
    "multilabel_logistic": [()],
    "asymmetric": [(0.0, 4.0, 0.05), (1.0, 2.0, 0.0), (0.5, 1.0, 0.2)],
}


def test_every_loss_with_targets_is_tested() -> None:
    assert set(LOSSES) == {name for name, entry in KERNELS.items() if entry.shape == "targets"}


@pytest.mark.parametrize("name", LOSSES)
@given(case=cases(), data=st.data())
@settings(max_examples=25, deadline=None, derandomize=True)
def test_they_stay_within_their_error(name: str, case: tuple[Any, Any], data: st.DataObject) -> None:
    x, y = case
    t = (np.arange(x.shape[1]) <= y[:, None]).astype(data.draw(st.sampled_from([np.int64, np.bool_, np.float32])))
    parameters = data.draw(st.sampled_from(LOSSES[name]))
    grad, bound = np.empty(x.shape, x.dtype), KERNELS[name].max_ulp[x.dtype.name]
    value = KERNELS[name].run(x, t, *parameters, grad=grad)
    np.testing.assert_array_equal(KERNELS[name].run(x, t, *parameters).astype(float), value.astype(float))
    for i in range(min(2, len(x))):
        true, slopes = truths(name, x[i], parameters, t[i].astype(int))[0]
        least = max(1.0, float(np.abs(x[i].astype(float)).max())) if KERNELS[name].scale == "largest" else 0.0
        assert ulps(value[i], true, x.dtype, least) <= bound, (x[i], t[i], value[i], float(true))
        for got, slope in zip(grad[i], slopes or [], strict=slopes is not None):
            assert ulps(got, slope, x.dtype, least) <= bound, (x[i], t[i], got, float(slope))


@pytest.mark.parametrize("name", LOSSES)
def test_infinite_logits_and_refusals(name: str) -> None:
    run, inf = KERNELS[name].run, np.inf
    grad = np.empty((4, 1))
    value = run([[inf], [-inf], [-inf], [np.nan]], [[1], [0], [1], [1]], grad=grad)
    np.testing.assert_array_equal(value, [0, 0, inf, np.nan])
    np.testing.assert_array_equal(grad, [[0], [0], [-1], [np.nan]])
    assert run([[inf]], [[0]])[0] == (inf if name == "multilabel_logistic" else -(0.95**4) * np.log(0.05))
    with pytest.raises(ValueError, match=r"targets have shape \(1, 2\) .*; give 0 or 1, of shape \(1, 1\)"):
        run([[0.0]], [[0, 1]])
    with pytest.raises(ValueError, match="give 0 or 1"):
        run([[0.0]], [[0.5]])
