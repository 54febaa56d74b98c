"""Whole inputs of a signature: every argument from its domain, axes of one length where they bear one name."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from losscheck.behaviour.formats import Array, round_to
from losscheck.behaviour.sampling import draw
from losscheck.signature import Argument, parse
from losscheck.strategies.hazard_floats import hazard_floats

LONGEST = 6


def batches(
    signature: str, *, n_classes: int = 3, dtype: str = "float64", limit: float | None = 1e4
) -> st.SearchStrategy[dict[str, Array]]:
    """Draw one input of ``signature`` as float64 and integer arrays by argument name.

    Raises
    ------
    ValueError
        When the signature cannot be read.

    >>> drawn = batches("v:(N,):real").example()  # doctest: +SKIP
    """
    arguments = parse(signature).arguments
    axes = sorted({axis for a in arguments for axis in a.shape if not axis.isdigit() and axis not in "KC"})

    def of_sizes(lengths: dict[str, int]) -> st.SearchStrategy[dict[str, Array]]:
        lengths = {"L": LONGEST, **lengths, "K": n_classes, "C": n_classes}
        values = [_values(a, lengths, dtype, limit) for a in arguments]
        return st.tuples(*values).map(lambda drawn: {a.name: v for a, v in zip(arguments, drawn, strict=True)})

    return st.fixed_dictionaries({axis: st.integers(1, LONGEST) for axis in axes}).flatmap(of_sizes)


def _values(argument: Argument, lengths: dict[str, int], dtype: str, limit: float | None) -> st.SearchStrategy[Array]:
    shape = tuple(int(axis) if axis.isdigit() else lengths[axis] for axis in argument.shape)
    number: st.SearchStrategy[Any]
    match argument.domain:
        case "real":
            number = hazard_floats(dtype, limit)
        case "unit":
            number = st.floats(0.0, 1.0)
        case "[-1,1]":
            number = st.floats(-1.0, 1.0)
        case "{0,1}":
            number = st.sampled_from((0.0, 1.0))
        case "{-1,1}":
            number = st.sampled_from((-1.0, 1.0))
        case "index" | "index*":
            ignored = () if argument.ignored is None else (argument.ignored,)
            number = st.sampled_from((*range(lengths["K"]), *ignored))
            return hnp.arrays(np.int64, shape, elements=number)
        case _:
            # Domains with a shape of their own (simplex, box, lengths) are drawn as the audit draws them.
            seeds = st.integers(0, 2**32 - 1)
            return seeds.map(lambda seed: draw(argument, shape, np.random.default_rng(seed), lengths))
    return hnp.arrays(np.float64, shape, elements=number).map(lambda v: round_to(v, dtype))
