"""All that one call of a loss shows: results, their types, gradients, exceptions, and what it left changed."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from losscheck.behaviour import torch_arrays
from losscheck.behaviour.calling import Caller
from losscheck.behaviour.formats import Array
from losscheck.comparison.case import Case

SEED = 12345


@dataclass(frozen=True)
class Observation:
    """What one call showed; ``raised`` says in which pass, and which exception."""

    raised: str | None = None
    values: tuple[Array, ...] = ()
    dtypes: tuple[str, ...] = ()
    gradients: Mapping[str, Array | None] = field(default_factory=dict)
    attached: bool | None = None
    """Whether the result has a graph to differentiate; None where it was not asked."""
    left: tuple[str, ...] = ()
    """What the call changed: its arguments, gradient mode, random states."""


def observe(caller: Caller, case: Case, dtype: str) -> Observation:
    """Call a loss on a case: without gradients first, then, in torch, forward and backward."""
    plain = _call(caller, case, dtype, frozenset())
    if plain.raised or caller.backend != "torch" or not (case.gradient and case.recorded):
        return plain
    names = frozenset(a.name for a in caller.signature.floats)
    return _join(plain, _call(caller, case, dtype, names)) if names else plain


def same(a: Observation, b: Observation) -> bool:
    """Whether two observations are the same bit for bit."""

    def alike(x: Array | None, y: Array | None) -> bool:
        return x is y or (x is not None and y is not None and np.array_equal(x, y, equal_nan=True))

    if (a.raised, a.dtypes, a.attached, a.left) != (b.raised, b.dtypes, b.attached, b.left):
        return False
    values = len(a.values) == len(b.values) and all(map(alike, a.values, b.values))
    return values and all(alike(g, b.gradients.get(name)) for name, g in a.gradients.items())


def _join(plain: Observation, graded: Observation) -> Observation:
    left = tuple(dict.fromkeys((*plain.left, *graded.left)))
    return Observation(graded.raised, plain.values, plain.dtypes, graded.gradients, graded.attached, left)


def _call(caller: Caller, case: Case, dtype: str, names: frozenset[str]) -> Observation:
    arrays = caller.arrays
    torch = sys.modules.get("torch")
    native = [
        case.layout(arrays.to_native(case.inputs[a.name], case.stored.get(a.name) or caller.dtype_for(a, dtype)))
        for a in caller.signature.arguments
    ]
    for argument, tensor in zip(caller.signature.arguments, native, strict=True):
        if argument.name in names and tensor.is_floating_point():
            tensor.requires_grad_(True)
    given = {k: arrays.to_native(v, dtype) if isinstance(v, np.ndarray) else v for k, v in case.params.items()}
    before = [arrays.to_array(each) for each in native]
    state = settle(torch, recorded=case.recorded)
    gradients: dict[str, Array | None] = {}
    attached = None
    step = "the call"
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            results = _flat(caller.call(native, given))
            values = tuple(arrays.to_array(each) for each in results)
            if names:
                step = "the backward pass"
                attached = bool(getattr(results[0], "requires_grad", False))
                gradients = _pull_back(results[0], caller, native, names)
    except (Exception, SystemExit, GeneratorExit) as error:
        return Observation(f"{step} raises {type(error).__name__}", left=_left(caller, arrays, native, before, state))
    left = _left(caller, arrays, native, before, state)
    return Observation(None, values, tuple(arrays.dtype_of(each) for each in results), gradients, attached, left)


def _flat(out: Any) -> list[Any]:
    """Return the results in order; a tuple, list or mapping gives several."""
    if isinstance(out, Mapping):
        return [each for key in sorted(out, key=str) for each in _flat(out[key])]
    if isinstance(out, tuple | list):
        return [each for item in out for each in _flat(item)]
    if out is None:
        raise TypeError("the loss returned None")
    return [out]


def _pull_back(result: Any, caller: Caller, native: list[Any], names: frozenset[str]) -> dict[str, Array | None]:
    wanted = [
        (a.name, x)
        for a, x in zip(caller.signature.arguments, native, strict=True)
        if a.name in names and x.requires_grad
    ]
    shape = tuple(getattr(result, "shape", ()))
    # Upstream gradients that are not 1, and not all equal: a backward pass has to use them.
    upstream = np.resize(np.array([1.75, 0.5, 1.25, 2.0]), shape)
    found = torch_arrays.pull_back(result, [x for _, x in wanted], upstream)
    return {name: g for (name, _), g in zip(wanted, found, strict=True)}


def settle(torch: Any, *, recorded: bool = True) -> dict[str, Any]:
    """Put what a call may depend on where every call finds it."""
    np.random.seed(SEED)  # noqa: NPY002  (the legacy state is what user code draws from)
    if torch is not None:
        torch.manual_seed(SEED)
        torch.set_grad_enabled(recorded)
    return _state(torch)


def _state(torch: Any) -> dict[str, Any]:
    legacy: Any = np.random.get_state()  # noqa: NPY002
    return {
        "NumPy's random state": (legacy[1].tobytes(), legacy[2]),
        "torch's random state": None if torch is None else torch.random.get_rng_state().numpy().tobytes(),
        "gradient mode": None if torch is None else torch.is_grad_enabled(),
    }


def _left(
    caller: Caller, arrays: Any, native: list[Any], before: list[Array], state: dict[str, Any]
) -> tuple[str, ...]:
    changed = [
        f"the argument {argument.name}"
        for argument, now, then in zip(caller.signature.arguments, native, before, strict=True)
        if not np.array_equal(arrays.to_array(now), then, equal_nan=True)
    ]
    now = _state(sys.modules.get("torch"))
    changed += [name for name in state if state[name] != now[name] and state[name] is not None]
    return tuple(changed)
