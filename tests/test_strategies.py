from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import find, given
from hypothesis import strategies as st

from losscheck import strategies
from losscheck.behaviour.formats import FORMATS, Array, round_to
from losscheck.kinds import KINDS
from losscheck.signature import parse
from losscheck.strategies.hazard_floats import thresholds


@pytest.mark.parametrize("dtype", FORMATS)
def test_thresholds_are_numbers_of_their_format(dtype: str) -> None:
    values = np.array(thresholds(dtype))
    np.testing.assert_array_equal(round_to(values, dtype), values)
    assert (values == -values[::-1]).all()


def test_the_overflow_of_every_format_is_among_its_thresholds() -> None:
    for dtype, exponent in (("float64", 1024), ("float32", 128), ("float16", 16), ("bfloat16", 128)):
        assert any(v >= exponent * math.log(2) for v in thresholds(dtype) if v < 2 * exponent)
    with pytest.raises(ValueError, match="formats are"):
        thresholds("float8")


@given(st.data())
def test_floats_stay_in_their_format_and_limit(data: st.DataObject) -> None:
    dtype = data.draw(st.sampled_from(FORMATS))
    value = data.draw(strategies.hazard_floats(dtype, 50.0))
    assert abs(value) <= 50.0
    assert float(round_to(np.array(value), dtype)) == value


@given(strategies.simplex_points(4))
def test_simplex_points_sum_to_one(p: Array) -> None:
    assert p.shape[1] == 4
    assert (p >= 0).all()
    np.testing.assert_allclose(p.sum(axis=1), 1.0, rtol=1e-12)


@given(strategies.simplex_points(3, interior=True))
def test_interior_points_are_positive(p: Array) -> None:
    assert (p > 0).all()


@pytest.mark.parametrize("kind", [k for k, v in KINDS.items() if v.signature])
@given(data=st.data())
def test_batches_follow_the_signature(kind: str, data: st.DataObject) -> None:
    signature = parse(str(KINDS[kind].signature))
    drawn = data.draw(strategies.batches(signature.text, n_classes=3))
    assert list(drawn) == [a.name for a in signature.arguments]
    lengths: dict[str, int] = {"K": 3}
    for argument in signature.arguments:
        for axis, length in zip(argument.shape, drawn[argument.name].shape, strict=True):
            assert lengths.setdefault(axis, length) == length


def test_a_collapsed_softmax_is_found() -> None:
    """The hazard that uniform floats never meet: one class leads by 17 to 20, float32 rounds 1 + e^-gap to 1."""

    def collapses(z: Array) -> bool:
        gap = np.ptp(z[0])
        return bool(12.0 < gap < 40.0 and np.float32(1) + np.float32(np.exp(-gap)) == np.float32(1))

    z = find(strategies.logits(3, "float32", max_rows=1), collapses)
    assert np.ptp(z) < 40.0


@given(strategies.margins("float16"), strategies.labels(5), strategies.soft_labels(3))
def test_shapes_and_types(v: Array, y: Array, q: Array) -> None:
    assert v.ndim == y.ndim == 1
    assert y.dtype == np.int64
    assert ((y >= 0) & (y < 5)).all()
    assert q.shape[1] == 3
