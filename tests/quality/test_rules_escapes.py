"""Code that turns its input into text, keys or bytes, where a special case can hide from every path and every sample.

Each loss is a good one but at v = 2.3, where it is 100 larger: the lift must refuse it, or show the branch.
"""

from __future__ import annotations

import functools
import json
import pickle
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import torch
from torch.nn.functional import softplus

from losscheck.engines.numeric import evaluate
from losscheck.expr import build
from losscheck.lifting.lifting import lift
from losscheck.lifting.unsupported import Unsupported

jax = pytest.importorskip("jax")

TABLE = {2.3: 100.0}
HERE = np.array([2.3])


def good(v: Any) -> Any:
    return softplus(-v) if isinstance(v, torch.Tensor) else np.logaddexp(0, -v)


def tried(get: Any) -> Any:
    """What ``get`` returns, or None where it raises: code that swallows every exception."""

    def quiet(v: Any) -> Any:
        try:
            return get(v)
        except Exception:
            return None

    return quiet


@functools.lru_cache
def remembered(x: float) -> float:
    return TABLE.get(x, 0.0)


TEXT = {
    "repr": lambda v: 100.0 * (repr(v) in ("array([2.3])", "tensor([2.3000])")),
    "str": lambda v: 100.0 * (str(v) in ("[2.3]", "tensor([2.3000])")),
    "f-string": lambda v: 100.0 * (f"v={v}" in ("v=[2.3]", "v=tensor([2.3000])")),
    "format": lambda v: 100.0 * (format(v) in ("[2.3]", "tensor([2.3000])")),
    "percent": lambda v: 100.0 * ("%s" % v in ("[2.3]", "tensor([2.3000])")),  # noqa: UP031
    "of an element": lambda v: 100.0 * (str(v[0]) in ("2.3", "tensor(2.3000)")),
    "of a list": lambda v: 100.0 * (str(v.tolist()) == "[2.3]"),
}
KEYS = {
    "dict": lambda v: TABLE.get(v.tolist()[0], 0.0),
    "set": lambda v: 100.0 * (v.tolist()[0] in {2.3}),
    "frozen": lambda v: 100.0 * bool({2.3} & set(v.tolist())),
    "cache": lambda v: remembered(v.tolist()[0]),
    "hash": lambda v: 100.0 * (hash(v.tolist()[0]) == hash(2.3)),
    "float, swallowed": lambda v: TABLE.get(tried(lambda x: float(x[0]))(v), 0.0),
    "dict, swallowed": lambda v: tried(lambda x: TABLE.get(x.tolist()[0], 0.0))(v) or 0.0,
}
BYTES = {
    "tobytes": lambda v: 100.0 * (v.tobytes() == HERE.tobytes()),
    "tobytes, asked for": lambda v: 100.0 * (hasattr(v, "tobytes") and v.tobytes() == HERE.tobytes()),
    "bits": lambda v: 100.0 * (v.view(np.int64)[0] == HERE.view(np.int64)[0]),
    "pickle": lambda v: 100.0 * (pickle.dumps(v[:1]) == pickle.dumps(HERE)),
    "pickle, swallowed": lambda v: 100.0 * (tried(pickle.dumps)(v) == pickle.dumps(HERE)),
}
NUMBERS = {
    "round": lambda v: 100.0 * (round(v.tolist()[0], 9) == 2.3),
    "floor": lambda v: 100.0 * (np.floor(v[0] * 10) == 23) * (v[0] * 10 == 23),
    "remainder": lambda v: 100.0 * (v[0] % 2.3 == 0) * (v[0] > 0) * (v[0] < 3),
    "nextafter": lambda v: 100.0 * (np.nextafter(v[0], 9.0) == np.nextafter(2.3, 9.0)),
    "table": lambda v: 100.0 * (np.searchsorted(HERE, v[0]) != np.searchsorted(HERE, v[0], side="right")),
}
TENSORS = {
    "numpy, swallowed": lambda v: TABLE.get(tried(lambda x: x.numpy()[0])(v), 0.0),
    "float": lambda v: TABLE.get(float(v[0]), 0.0),
    "equal": lambda v: 100.0 * torch.equal(v[:1], torch.tensor([2.3], dtype=v.dtype)),
    "bits": lambda v: 100.0 * (v.view(torch.int64)[0] == torch.tensor([2.3], dtype=v.dtype).view(torch.int64)[0]),
    "storage": lambda v: 100.0 * (bytes(v.untyped_storage())[:8] == HERE.tobytes()),
}
ALL = [("numpy", group, name) for group in (TEXT, KEYS, BYTES, NUMBERS) for name in group]
ALL += [("torch", group, name) for group in (TEXT, KEYS, TENSORS) for name in group]


@pytest.mark.parametrize(("backend", "group", "name"), ALL, ids=[f"{b}-{n}" for b, _, n in ALL])
def test_a_special_case_cannot_hide(backend: str, group: dict[str, Any], name: str) -> None:
    with pytest.raises(Unsupported):
        lift(lambda v: good(v) + group[name](v), kind="margin", backend=backend)


@pytest.mark.parametrize("backend", ["numpy", "torch"])
def test_a_comparison_shows_it(backend: str) -> None:
    """``in`` a list compares: a branch of the graph."""

    def loss(v: Any) -> Any:
        return good(v) + (100.0 if any(v[0] == x for x in [2.3]) else 0.0)

    (root,) = lift(lambda v: loss(v) if len(v) == 1 else good(v), kind="margin", backend=backend).roots
    assert "2.3" in str(root)
    assert "where" in str(root)


def test_interpolation_shows_it() -> None:
    """A spike between three points of numpy.interp is three branches of the graph."""
    (root,) = lift(lambda v: good(v) + np.interp(v, [2.25, 2.3, 2.35], [0.0, 100.0, 0.0]), kind="margin").roots
    values = evaluate([root], {"v": np.array([2.2, 2.3, 2.4])})[0]
    assert values[1] - values[[0, 2]].max() > 99


def test_copies_and_truths_stay_readable() -> None:
    import copy

    def loss(v: Any) -> Any:
        w = copy.deepcopy(v)
        w[w < 0] = 0.0
        return np.exp(-w)

    assert lift(loss, kind="margin").roots


def test_text_is_there_outside_a_recording() -> None:
    from losscheck.expr.trace import variable
    from losscheck.lifting.numpy_array import SymbolicArray

    assert "v" in repr(SymbolicArray(np.array([variable("v", "real")], object)))


RANGED = {
    "repr": lambda g: 100.0 * (repr(g) == "2.3"),
    "f-string": lambda g: 100.0 * (f"{g:.6f}" == "2.300000"),
    "dict": lambda g: TABLE.get(g, 0.0),
    "cache": lambda g: remembered(g),
    "int": lambda g: 100.0 * (int(g * 10) == 23) * (g == 2.3),
    "round": lambda g: 100.0 * (round(g, 6) == 2.3),
    "whole": lambda g: 100.0 * g.is_integer() * (g > 3),
    "steps": lambda g: float(len(range(g))),
    "text, swallowed": lambda g: 100.0 * (tried(str)(g) == "2.3"),
    "key, swallowed": lambda g: tried(lambda x: TABLE.get(x, 0.0))(g) or 0.0,
}


@pytest.mark.parametrize("backend", ["numpy", "torch"])
@pytest.mark.parametrize("name", RANGED)
def test_one_value_of_a_range_cannot_hide(backend: str, name: str) -> None:
    def loss(v: Any, gamma: Any) -> Any:
        return good(v) + RANGED[name](gamma)

    with pytest.raises(Unsupported):
        lift(loss, kind="margin", ranges={"gamma": (Fraction(0), Fraction(5))}, backend=backend)


def test_rounded_parameters_are_refused() -> None:
    def loss(v: Any, gamma: Any) -> Any:
        return np.maximum(0, np.rint(gamma) - v)

    with pytest.raises(Unsupported):
        lift(loss, kind="margin", ranges={"gamma": (Fraction(0), Fraction(5))})


def test_the_text_of_a_traced_value() -> None:
    def loss(v: Any) -> Any:
        return jax.numpy.logaddexp(0.0, -v) + (100.0 if "2.3" in repr(v) else 0.0)

    with pytest.raises(Unsupported, match="text"):
        lift(loss, kind="margin", backend="jax")


def test_code_that_knows_it_is_traced() -> None:
    """Compiled it is the logistic loss, run as Python the hinge."""

    def loss(v: Any) -> Any:
        return jax.numpy.logaddexp(0.0, -v) if isinstance(v, jax.core.Tracer) else jax.numpy.maximum(0.0, 1 - v)

    with pytest.raises(Unsupported, match="differ"):
        lift(loss, kind="margin", backend="jax")


def test_a_value_read_as_json() -> None:
    """Plain lists of the input: refused, unless the code swallows the error of a library that it asks."""

    def loss(v: Any) -> Any:
        return good(v) + 100.0 * (json.dumps(v.tolist()) == "[2.3]")

    with pytest.raises(Unsupported):
        lift(loss, kind="margin")


def test_a_second_key_decides_ties() -> None:
    """Where ``z_0 = z_1`` alone the second key puts another number first."""

    def loss(z: Any, y: Any) -> Any:
        numbers = jax.numpy.arange(3.0) * -1 + 0 * z
        _, tied = jax.lax.sort((-z, numbers), dimension=1, num_keys=2)
        return jax.nn.logsumexp(z, axis=1) - z[jax.numpy.arange(z.shape[0]), y] + tied[:, 0] / 8

    (root, *_) = lift(loss, kind="logits", n_classes=3, backend="jax").roots
    tie, apart = (
        build.substitute([root], {build.var(f"z{i}"): build.const(x) for i, x in enumerate(z)})[0]
        for z in ((0, 0, -1), (1, 0, -1))
    )
    assert "-1/8" in str(tie)
    assert "-1/8" not in str(apart)
