"""Two losses behind one signature, and every difference between them, looked for once per format."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from losscheck.behaviour.calling import Caller
from losscheck.behaviour.domain import inside
from losscheck.behaviour.formats import Array
from losscheck.behaviour.trial import Trial
from losscheck.behaviour.witness import show_array, witness
from losscheck.comparison.agreement import differs, special
from losscheck.comparison.case import Case
from losscheck.comparison.cases import cases
from losscheck.comparison.observation import Observation, observe, same
from losscheck.comparison.unwritten import reads_unwritten
from losscheck.hunting.units import ulps
from losscheck.libraries import backends_of


@dataclass(frozen=True)
class Difference:
    """One difference: which law it breaks, at which case, in words, and by how many units of the last place."""

    law: str
    case: Case
    text: str
    ulps: float = 0.0


class Pair:
    """The loss under test and its reference, called alike: with the encoding that the reference takes.

    Raises
    ------
    Raised
        When the reference takes no ordinary input.
    """

    def __init__(
        self,
        function: Callable[..., Any],
        trial: Trial,
        *,
        params: Mapping[str, Any],
        max_ulp: float | None,
        trace: Callable[[dict[str, Any]], None] | None = None,
    ) -> None:
        self.reference = trial
        self.max_ulp = max_ulp
        self.trace = trace
        self.caller = self._caller(function, params)
        self._found: dict[str, tuple[list[Difference], int]] = {}
        self._confirmed: set[tuple[str, str]] = set()
        """Laws, by format, that a difference which repeats has broken: further ones are taken at their word."""

    def _caller(self, function: Callable[..., Any], params: Mapping[str, Any]) -> Caller:
        """Return how the loss under test is called: in its own library where its code names one."""
        own = self.reference.caller
        backends = backends_of(function)
        backend = own.backend if own.backend in backends else backends[0]
        own = replace(own, made=frozenset())
        return replace(own, function=function, params=dict(params), backend=backend, calls=0, trace=None)

    @property
    def same_library(self) -> bool:
        """Whether both are written for the same arrays; types, exceptions and gradients are only then comparable."""
        return self.caller.backend == self.reference.caller.backend

    @cached_property
    def steady(self) -> bool:
        """Whether the reference, with the same seeds, gives the same again: one that counts its calls does not."""
        case = Case("an ordinary input", self.reference.sample(0))
        first, *others = (observe(self.reference.caller, case, self.reference.dtype) for _ in range(3))
        if reads_unwritten(self.reference.caller, case, self.reference.dtype, first):
            return False
        return all(same(first, other) for other in others)

    def differences(self, dtype: str) -> tuple[list[Difference], int]:
        """Return all differences in one format, and how many cases were tried."""
        if dtype not in self._found:
            found, tried = [], 0
            for case in self.cases(dtype):
                tried += 1
                found += self.at(case, dtype)
            self._found[dtype] = found, tried
        return self._found[dtype]

    def cases(self, dtype: str) -> Iterator[Case]:
        """Yield the cases of one format, their numbers rounded to it."""
        wide = dtype == self.reference.dtype
        for case in self._all:
            if wide:
                yield case
                continue
            if not case.narrow:
                continue
            x = self.reference.rounded(case.inputs, dtype)
            if case.base is None or inside(self.reference.signature, x, dtype):
                yield replace(case, inputs=x)

    @cached_property
    def _all(self) -> tuple[Case, ...]:
        return tuple(cases(self.reference))

    def at(self, case: Case, dtype: str) -> list[Difference]:
        """Return the differences at one case; none where the reference differs from itself."""
        if self.trace is not None:
            self.trace(witness(case.inputs, dtype, keywords=sorted(case.params)))
        got, want = observe(self.caller, case, dtype), observe(self.reference.caller, case, dtype)
        found = self._between(got, want, case, dtype)
        new = {(each.law, dtype) for each in found} - self._confirmed
        if new and not all(self._again(case, dtype, want) for _ in range(2)):
            return []  # it draws random numbers of its own, keeps state or reads memory it never wrote
        self._confirmed |= new
        return found

    def _again(self, case: Case, dtype: str, want: Observation) -> bool:
        """Call both once more: whether the reference gives a result, the same again, and the two differ still."""
        got, once_more = observe(self.caller, case, dtype), observe(self.reference.caller, case, dtype)
        steady = same(once_more, want) and not reads_unwritten(self.reference.caller, case, dtype, want)
        return steady and bool(self._between(got, want, case, dtype))

    def _between(self, got: Observation, want: Observation, case: Case, dtype: str) -> list[Difference]:
        found = []
        if got.left != want.left and self.same_library:
            mine, other = (", ".join(each.left) or "nothing" for each in (got, want))
            found.append(
                Difference("same_side_effects", case, f"the call changes {mine}, that of the reference {other}")
            )
        if (got.raised is None) != (want.raised is None) or (self.same_library and got.raised != want.raised):
            mine, other = (each.raised or "gives a result" for each in (got, want))
            found.append(Difference("same_exceptions", case, f"{mine}, and the reference: {other}"))
        if got.raised or want.raised:
            return found
        return found + list(self._results(got, want, case, dtype)) + list(self._gradients(got, want, case, dtype))

    def _results(self, got: Observation, want: Observation, case: Case, dtype: str) -> Iterator[Difference]:
        if len(got.values) != len(want.values):
            text = f"{len(got.values)} results, the reference gives {len(want.values)}"
            yield Difference("same_shape", case, text)
        elif self.same_library and got.dtypes != want.dtypes:
            text = f"results of type {', '.join(got.dtypes)}, the reference gives {', '.join(want.dtypes)}"
            yield Difference("same_dtype", case, text)
        for mine, other in zip(got.values, want.values, strict=False):
            yield from self._numbers("value", mine, other, case, dtype)

    def _gradients(self, got: Observation, want: Observation, case: Case, dtype: str) -> Iterator[Difference]:
        if got.attached is None or want.attached is None:
            return
        if got.attached != want.attached:
            mine, other = ("has" if each.attached else "has no" for each in (got, want))
            text = f"the result {mine} gradient, that of the reference {other} gradient"
            yield Difference("same_gradient", case, text)
            return
        for name in sorted(got.gradients.keys() & want.gradients.keys()):
            a, b = got.gradients[name], want.gradients[name]
            if a is not None or b is not None:
                # No gradient by an argument and one of zeros move nothing alike.
                a = np.zeros_like(b) if a is None else a
                yield from self._numbers(f"gradient by {name}", a, np.zeros_like(a) if b is None else b, case, dtype)

    def _numbers(self, what: str, got: Array, want: Array, case: Case, dtype: str) -> Iterator[Difference]:
        law = "same_value" if what == "value" else "same_gradient"
        if got.shape != want.shape:
            yield Difference(
                "same_shape", case, f"the {what} has shape {got.shape}, that of the reference {want.shape}"
            )
            return
        if (odd := special(got, want)).any():
            text = f"the {what} is {show_array(got[odd])} where that of the reference is {show_array(want[odd])}"
            yield Difference("same_special_values", case, text)
        apart = differs(got, want, dtype, self.max_ulp)
        if apart.any():
            worst = float(np.max(ulps(got, want, dtype)[apart]))
            text = f"the {what} is {show_array(got[apart])}, that of the reference {show_array(want[apart])}"
            yield Difference(law, case, text, worst)
