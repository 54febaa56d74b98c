"""A trial in which one stored input takes the place of the inputs a property would choose.

It is the only directed input and, if so asked, the first ordinary one. What was measured about the loss stays as it
was measured on ordinary inputs. So a property that is asked of it says whether it holds at the stored input.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from losscheck.behaviour.formats import Array, Inputs
from losscheck.behaviour.hazards import Hazard
from losscheck.behaviour.trial import Trial
from losscheck.behaviour.witness import read_inputs

NAME = "the stored input"


class Stored(Trial):
    """``trial`` with ``inputs`` as its only directed input; ``first`` makes it the first ordinary one too."""

    def __init__(self, trial: Trial, inputs: Mapping[str, Array], *, first: bool) -> None:
        for name in ("noise", "reduction"):  # measured before anything is exchanged
            getattr(trial, name)
        self.__dict__.update(trial.__dict__)
        self._ordinary = trial
        self._inputs = {name: inputs[name] for name in trial.sample(0)}
        self._first = first
        self.__dict__["_hazards"] = [Hazard(NAME, dict(self._inputs), self._base())]

    def _base(self) -> Inputs:
        """Return an ordinary input of the same shapes where there is one, for searches that start there."""
        ordinary = self._ordinary.sample(0)
        rows = self._ordinary.count(self._inputs)
        if rows != self._ordinary.count(ordinary) and self.signature.batch is not None:
            ordinary = self._ordinary.sample(0, **{self.signature.batch: max(rows, 1)})
        same = all(np.shape(ordinary[name]) == np.shape(value) for name, value in self._inputs.items())
        return ordinary if same else self._inputs

    def sample(self, seed: int, **sizes: int) -> dict[str, Array]:
        """Return the stored input for the first ordinary one, if that is asked, else an ordinary input."""
        return dict(self._inputs) if self._first and seed == 0 and not sizes else self._ordinary.sample(seed, **sizes)

    def supports(self, dtype: str) -> bool:
        """Whether an ordinary call in ``dtype`` works."""
        return self._ordinary.supports(dtype)


def stored_inputs(witness: Mapping[str, Any] | None, names: Sequence[str]) -> dict[str, Array] | None:
    """Return the inputs of a finding's witness, None where it has none for arguments of these names."""
    try:
        read = read_inputs({"inputs": (witness or {})["inputs"]})
    except (LookupError, TypeError, ValueError, AttributeError, OverflowError, MemoryError):
        return None
    numeric = all(value.dtype.kind in "biuf" for value in read.values())
    return read if numeric and set(names) <= set(read) else None
