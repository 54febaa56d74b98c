"""How far an implementation is from the correctly rounded value and gradient, in one format."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from losscheck.behaviour.calling import Raised
from losscheck.behaviour.domain import inside
from losscheck.behaviour.formats import HALF, Array, Inputs
from losscheck.behaviour.hazards import hazards
from losscheck.behaviour.threshold import smallest
from losscheck.behaviour.trial import Trial
from losscheck.behaviour.witness import show, show_array, witness
from losscheck.comparison.agreement import differs, rounded_zero, special
from losscheck.hunting.units import BITS, ulps
from losscheck.rounding.oracle import Oracle
from losscheck.rounding.rounded import rounded_gradient
from losscheck.verdict import Outcome, Severity, not_applicable, refuted, supported, undecided

LAWS = ("value_accurate", "gradient_accurate", "special_values")
Look = Callable[[Inputs], tuple[Array, Array] | None]


@dataclass(frozen=True)
class _Hit:
    name: str
    inputs: dict[str, Array]
    base: Inputs
    ulps: float


class Check:
    """An implementation behind its signature, and the oracle it is held to.

    ``trial`` calls the implementation; inputs are single rows, so that no reduction comes between.
    """

    def __init__(self, oracle: Oracle, trial: Trial, max_ulp: float | None) -> None:
        self.oracle = oracle
        self.trial = trial
        self.max_ulp = max_ulp
        self._inputs: dict[str, list[tuple[str, dict[str, Array], Inputs]]] = {}

    def answer(self, law: str, dtype: str) -> Outcome:
        """Answer one law in one format."""
        if not self.trial.supports(dtype):
            return not_applicable(f"the implementation does not run in {dtype}", dtype=dtype)
        if law == "gradient_accurate" and not self.trial.differentiable:
            return not_applicable("the implementation has no gradient", dtype=dtype)
        if law == "special_values":
            return self._special(dtype)
        if law == "value_accurate":
            return self._accurate(partial(self._values, dtype=dtype), "value", dtype)
        return self._accurate(partial(self._gradients, dtype=dtype), "gradient", dtype)

    def _accurate(self, look: Look, what: str, dtype: str) -> Outcome:
        asked, worst, over = 0, None, None
        for name, x, base in self._rows(dtype):
            seen = look(x)
            if seen is None:
                continue
            got, want = seen
            counts = np.isfinite(got) & np.isfinite(want)
            if self.max_ulp is None:
                counts &= ~rounded_zero(got, want, dtype)
            asked += 1
            error = float(np.max(ulps(got, want, dtype)[counts], initial=0.0))
            hit = _Hit(name, x, base, error)
            worst = hit if worst is None or error > worst.ulps else worst
            if differs(got, want, dtype, self.max_ulp, noise=0.0).any() and (over is None or error > over.ulps):
                over = hit
        if worst is None:
            return undecided(f"no {what} could be compared in {dtype}", reason="nothing to compare", dtype=dtype)
        if over is None:
            return supported(
                f"the {what} is within {worst.ulps:.3g} ulp of the correctly rounded one in {dtype} at {asked} inputs, "
                f"the worst of them {show(worst.inputs)} ({worst.name})",
                value=worst.ulps,
                witness=witness(worst.inputs, dtype, ulps=worst.ulps),
                dtype=dtype,
            )
        return self._report(look, what, over, worst, dtype)

    def _report(self, look: Look, what: str, over: _Hit, worst: _Hit, dtype: str) -> Outcome:
        def broken(y: Inputs) -> bool:
            seen = look(y)
            return seen is not None and bool(differs(*seen, dtype, self.max_ulp, noise=0.0).any())

        at = smallest(self.trial, broken, broken, over.inputs, over.base, dtype)
        seen = look(at.inputs)
        x = at.inputs if seen is not None and broken(at.inputs) else over.inputs
        got, want = look(x) or (np.array(np.nan), np.array(np.nan))
        far = witness(worst.inputs, dtype, ulps=worst.ulps)
        return refuted(
            f"the {what} is {show_array(got)} where the correctly rounded one is {show_array(want)}, in {dtype} at "
            f"{show(x)} ({over.name}); the worst seen is {worst.ulps:.3g} ulp off, at {show(worst.inputs)}",
            witness=witness(x, dtype, got=show_array(got), correct=show_array(want), worst=far),
            value=worst.ulps,
            severity=Severity.WARNING if self.max_ulp is None else Severity.ERROR,
            dtype=dtype,
        )

    def _special(self, dtype: str) -> Outcome:
        def odd(y: Inputs) -> tuple[str, Array, Array] | None:
            for what, look in (("value", self._values), ("gradient", self._gradients)):
                seen = look(y, dtype)
                if seen is not None and special(*seen).any():
                    return what, *seen
            return None

        asked = 0
        for name, x, base in self._rows(dtype):
            asked += 1
            if odd(x) is None:
                continue
            at = smallest(self.trial, lambda y: bool(odd(y)), lambda y: bool(odd(y)), x, base, dtype)
            y = at.inputs if odd(at.inputs) else x
            what, got, want = odd(y) or ("value", np.array(np.nan), np.array(np.nan))
            return refuted(
                f"the {what} is {show_array(got)} where the correctly rounded one is {show_array(want)}, in {dtype} at "
                f"{show(y)} ({name}){'; one float closer they agree' if at.exact else ''}",
                witness=witness(y, dtype, got=show_array(got), correct=show_array(want)),
                severity=Severity.ERROR,
                dtype=dtype,
            )
        return supported(f"NaN and infinities are where they should be in {dtype}, at {asked} inputs", dtype=dtype)

    def _values(self, x: Inputs, dtype: str) -> tuple[Array, Array] | None:
        """Return the value and the correct one of a row; None where the implementation raises or nothing is known."""
        want = self.oracle.value(*(x[a.name] for a in self.trial.signature.arguments), dtype=dtype).reshape(-1)
        got = self._called(x, dtype)
        if got is None or got.size != want.size:
            return None
        known = ~np.isnan(want)
        return (got[known], want[known]) if known.any() else None

    def _called(self, x: Inputs, dtype: str) -> Array | None:
        try:
            return np.ravel(self.trial.value(x, dtype))
        except Raised:
            return None

    def _gradients(self, x: Inputs, dtype: str) -> tuple[Array, Array] | None:
        """Return gradient and correctly rounded gradient of one row, away from kinks."""
        if not self.trial.differentiable or self.oracle.call.kind == "map":
            return None
        [(roots, point)] = self.oracle.points([x[a.name] for a in self.trial.signature.arguments])
        want = rounded_gradient(roots[0], point, dtype)
        if want.kink or None in want.slopes.values():
            return None
        names = [a.name for a in self.oracle.call.inputs]
        try:
            found: dict[str, Any] = self.trial.gradient(x, names, dtype)
        except Raised:
            return None
        flat = [np.ravel(np.zeros(np.shape(x[n])) if found[n] is None else found[n]) for n in names]
        return np.concatenate(flat), np.array([want.slopes[v] for v in self.oracle.call.variables], dtype=np.float64)

    def _rows(self, dtype: str) -> Iterator[tuple[str, dict[str, Array], Inputs]]:
        """Yield single rows of ordinary and directed inputs, each once, rounded to the format."""
        if dtype not in self._inputs:
            self._inputs[dtype] = list(self._single(dtype))
        yield from self._inputs[dtype]

    def _single(self, dtype: str) -> Iterator[tuple[str, dict[str, Array], Inputs]]:
        trial, seen = self.trial, set()
        # The elements of a set have to be as many as the oracle was lifted for.
        sizes = {"M": self.oracle.call.n_classes} if self.oracle.call.kind == "set" else {}
        ordinary = [trial.sample(s, **{k: v or 1 for k, v in sizes.items()}) for s in range(4 * trial.budget)]
        directed = [h for base in ordinary[: trial.budget] for h in hazards(trial.signature, base)]
        everything = [("an ordinary input", x, x) for x in ordinary] + [(h.name, h.inputs, h.base) for h in directed]
        everything += [("a directed number", x, ordinary[0]) for x in self._numbers(ordinary[0], dtype)]
        for name, inputs, base in everything:
            x = trial.rounded(inputs, dtype)
            for i in range(trial.count(x)):
                row = trial.rows(x, [i])
                key = tuple(np.asarray(v).tobytes() for v in row.values())
                if key not in seen and (dtype not in HALF or inside(trial.signature, row, dtype)):
                    seen.add(key)
                    yield name, row, trial.rows(base, [min(i, trial.count(base) - 1)])

    def _numbers(self, base: Inputs, dtype: str) -> Iterator[dict[str, Array]]:
        """Yield directed numbers, where a row is one number and perhaps a label: multiples of log 2, powers of 2."""
        floats, count = self.trial.signature.floats, self.trial.count(base)
        if len(floats) != 1 or len(floats[0].shape) != 1 or floats[0].domain not in ("real", "unit", "(0,1)"):
            return
        n = np.arange(1.0, 2.0 * BITS[dtype])
        far, near = n * math.log(2.0), 1.0 - 2.0 ** -n[: BITS[dtype]]  # the last of these is the number before 1
        numbers = np.concatenate([far, -far] if floats[0].domain == "real" else [2.0**-n, near])
        for i in range(count):  # beside the label of each row in turn
            here = numbers[i::count]
            yield {**self.trial.rows(base, [i] * len(here)), floats[0].name: here}
