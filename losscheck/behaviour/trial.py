"""A trial: one loss ready to be called, with what was measured about it before any property is asked.

Measured: which encoding of labels and masks it takes, the widest float format it accepts, the precision it really
works in, and how it reduces a batch. Every tolerance of a behaviour property derives from these.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from itertools import product
from typing import Any

import numpy as np

from losscheck.behaviour.calling import Caller, Raised
from losscheck.behaviour.formats import EPSILON, FORMATS, Array, Inputs, round_to
from losscheck.behaviour.hazards import Hazard, hazards
from losscheck.behaviour.keywords import keywords, taken, with_ignored_label
from losscheck.behaviour.precision import jitter
from losscheck.behaviour.reduction import count_rows, join_rows, measure, take_rows
from losscheck.behaviour.remade import settings
from losscheck.behaviour.sampling import sample
from losscheck.libraries import backends_of
from losscheck.signature import Argument, Signature

EFFORTS = {"quick": 1, "ci": 2, "thorough": 8}
"""How many ordinary inputs, and batches of hazards, each effort buys."""

REMEMBERED = 20_000
"""Values of calls kept per trial; inputs beyond `SMALL` numbers are not kept."""

SMALL = 1000


class Trial:
    """One loss behind one signature.

    Raises
    ------
    Raised
        When no encoding of an ordinary input is accepted.
    """

    def __init__(
        self,
        function: Callable[..., Any],
        signature: Signature,
        *,
        params: Mapping[str, Any] | None = None,
        n_classes: int = 3,
        dtypes: Sequence[str] = FORMATS,
        effort: str = "ci",
        seed: int = 0,
        device: str = "cpu",
        trace: Callable[[dict[str, Any]], None] | None = None,
    ) -> None:
        self.keywords = keywords(function, signature, dict(params or {}))
        signature = with_ignored_label(signature, self.keywords)
        self.signature = signature
        self.n_classes = n_classes
        self.dtypes = tuple(dtypes)
        self.budget = EFFORTS[effort]
        self.seed = seed
        self.caller = Caller(function, signature, dict(params or {}), trace=trace, device=device)
        self.dtype = "float64"
        self.refused: Raised | None = None
        self._find_encoding()
        self._find_made(function, dict(params or {}))

    def _find_made(self, function: Callable[..., Any], params: Mapping[str, Any]) -> None:
        """Let laws move what an object was made with, where the same object made again gives the same value."""
        called = {**taken(function, self.signature), **params}
        made = {name: value for name, value in settings(function).items() if name not in called}
        self.caller.made = frozenset(made)
        if not made:
            return
        x = self.sample(0)
        try:
            same = np.array_equal(self.fresh_value(x), self.fresh_value(x, params=made), equal_nan=True)
        except Raised:
            same = False
        if not same:
            self.caller.made = frozenset()
            self.keywords = {name: v for name, v in self.keywords.items() if name not in made}

    @property
    def trace(self) -> Callable[[dict[str, Any]], None] | None:
        """Called with the witness of each input before the loss sees it."""
        return self.caller.trace

    @trace.setter
    def trace(self, trace: Callable[[dict[str, Any]], None] | None) -> None:
        self.caller.trace = trace

    def _find_encoding(self) -> None:
        """Try floats before integers, booleans before floats, float64 before float32; keep what works first."""
        x = self.sample(0)
        binary = frozenset(
            a.name for a in self.signature.arguments if a.domain in ("{0,1}", "{0,1}+", "{-1,1}") and a.dtype is None
        )
        masks = (False, True) if any(a.domain == "mask" for a in self.signature.arguments) else (False,)
        declared = (False, True) if any(a.dtype for a in self.signature.arguments) else (False,)
        labels = (frozenset[str](), binary) if binary else (frozenset[str](),)
        first: Raised | None = None
        backends = backends_of(self.caller.function)
        for ignore, backend, dtype, mask, integer in product(declared, backends, ("float64", "float32"), masks, labels):
            self.caller.backend, self.caller.integer = backend, integer
            self.caller.ignore_declared, self.caller.float_masks = ignore, mask
            try:
                self.caller.value(x, dtype)
            except Raised as error:
                first = first or error
                continue
            self.dtype = self.caller.home = dtype
            self.refused = first if ignore else None
            return
        raise first or AssertionError("no encoding was tried")

    def sample(self, seed: int, **sizes: int) -> dict[str, Array]:
        """Return an ordinary input; the audit's seed shifts all of them."""
        return sample(self.signature, 1000 * self.seed + seed, self.n_classes, **sizes)

    def value(self, inputs: Inputs, dtype: str | None = None, params: Mapping[str, Any] | None = None) -> Array:
        """Return the value as float64, computed in ``dtype`` (default: the widest accepted).

        Properties ask about the same directed inputs, so a value once computed is remembered: `fresh_value` calls.

        Raises
        ------
        Raised
            When the loss raises.
        """
        key = _key(inputs, dtype or self.dtype, params)
        if key is None:
            return self.fresh_value(inputs, dtype, params)
        if key not in self._values:
            if len(self._values) >= REMEMBERED:
                self._values.clear()
            try:
                self._values[key] = self.fresh_value(inputs, dtype, params)
            except Raised as error:
                self._values[key] = error
        found = self._values[key]
        if isinstance(found, Raised):
            raise found.with_traceback(None)
        return found

    def fresh_value(self, inputs: Inputs, dtype: str | None = None, params: Mapping[str, Any] | None = None) -> Array:
        """Return the value of a call made now, whatever earlier calls gave.

        Raises
        ------
        Raised
            When the loss raises.
        """
        return self.caller.value(inputs, dtype or self.dtype, params)

    @cached_property
    def _values(self) -> dict[Any, Array | Raised]:
        return {}

    def value_or_nan(self, inputs: Inputs, dtype: str | None = None) -> Array:
        """Return the value, NaN where the loss raises."""
        try:
            return self.value(inputs, dtype)
        except Raised:
            return np.array([np.nan])

    def gradient(
        self, inputs: Inputs, names: Iterable[str], dtype: str | None = None, cotangent: Array | None = None
    ) -> dict[str, Array | None]:
        """Return the gradient by each named argument, None where the graph is cut; remembered, as values are.

        Raises
        ------
        Raised
            When the forward or the backward pass raises.
        """
        wanted = tuple(names)
        given = None if cotangent is None else {"cotangent": np.asarray(cotangent).tolist()}
        key = _key(inputs, dtype or self.dtype, given)
        if key is None:
            return self.caller.gradient(inputs, wanted, dtype or self.dtype, cotangent)
        if (wanted, key) not in self._gradients:
            if len(self._gradients) >= REMEMBERED:
                self._gradients.clear()
            try:
                self._gradients[wanted, key] = self.caller.gradient(inputs, wanted, dtype or self.dtype, cotangent)
            except Raised as error:
                self._gradients[wanted, key] = error
        found = self._gradients[wanted, key]
        if isinstance(found, Raised):
            raise found.with_traceback(None)
        return found

    @cached_property
    def _gradients(self) -> dict[Any, dict[str, Array | None] | Raised]:
        return {}

    def rounded(self, inputs: Inputs, dtype: str) -> dict[str, Array]:
        """Return the inputs as ``dtype`` holds them."""
        floats = {a.name for a in self.signature.floats}
        return {name: round_to(v, dtype) if name in floats else np.asarray(v) for name, v in inputs.items()}

    def hazards(self) -> list[Hazard]:
        """Return the directed inputs the effort buys; the first base is an ordinary input of the audit's seed."""
        return self._hazards

    @cached_property
    def _hazards(self) -> list[Hazard]:
        bases = [self.sample(seed) for seed in range(max(1, self.budget - 1))]
        return [hazard for base in bases for hazard in hazards(self.signature, base)]

    def supports(self, dtype: str) -> bool:
        """Whether an ordinary call in ``dtype`` works; NumPy has no bfloat16."""
        if dtype == "bfloat16" and self.caller.backend == "numpy":
            return False
        if dtype not in self._supported:
            try:
                self.value(self.rounded(self.sample(0), dtype), dtype)
                self._supported[dtype] = True
            except Raised:
                self._supported[dtype] = False
        return self._supported[dtype]

    @cached_property
    def _supported(self) -> dict[str, bool]:
        return {}

    @property
    def differentiable(self) -> tuple[Argument, ...]:
        """The floating arguments, if the loss runs where there are gradients."""
        return self.signature.floats if self.caller.backend in ("torch", "jax") else ()

    @cached_property
    def noise(self) -> float:
        """The relative rounding noise of the loss, at least one unit of the format it is called in."""
        x = self.sample(0)
        moving = [a for a in self.signature.floats if not a.is_label][:1] or list(self.signature.floats[:1])
        if not moving:
            return EPSILON[self.dtype]
        name = moving[0].name
        direction = np.random.default_rng(1).normal(size=np.shape(x[name]))
        found = jitter(lambda t: self.value_or_nan({**x, name: x[name] + t * direction}))
        return max(found, EPSILON[self.dtype])

    @cached_property
    def tolerance(self) -> float:
        """Relative difference of two ways to compute the same value that rounding cannot explain."""
        return max(1e-6, 100.0 * self.noise)

    @cached_property
    def reduction(self) -> str:
        """How the loss reduces a batch: none, mean, sum, coupled, whole (no batch), unknown (a single row raises)."""
        try:
            return measure(self.value, self.signature, [self.sample(s) for s in (0, 1, 2)], self.tolerance)
        except Raised:
            return "unknown"

    def rows(self, inputs: Inputs, index: Sequence[int] | Array) -> dict[str, Array]:
        """Return the input restricted to, or rearranged by, rows."""
        return take_rows(self.signature, inputs, index)

    def count(self, inputs: Inputs) -> int:
        """Return the number of rows."""
        return count_rows(self.signature, inputs)

    def join(self, *parts: Inputs) -> dict[str, Array]:
        """Return the rows of several inputs as one batch."""
        return join_rows(self.signature, *parts)


def _key(inputs: Inputs, dtype: str, params: Mapping[str, Any] | None) -> tuple[Any, ...] | None:
    """Return what identifies a call bit for bit, None where that is too much to keep."""
    arrays = [np.asarray(inputs[name]) for name in sorted(inputs)]
    if sum(v.size for v in arrays) > SMALL:
        return None
    given = tuple((name, repr(value)) for name, value in sorted((params or {}).items()))
    return dtype, given, *((v.shape, v.dtype.char, v.tobytes()) for v in arrays)
