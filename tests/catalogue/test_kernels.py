"""Every margin, binary and logits loss of the catalogue has a kernel, generated from its graph and held to balls.

Two inputs per loss in every run, a hundred under ``HYPOTHESIS_PROFILE=fuzz``; where a kernel is written by hand its
values are those of the generated one.
"""

from __future__ import annotations

import os
from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from losscheck.catalogue import entries, find
from losscheck.catalogue.forms import Form
from losscheck.kernels.generated.labels import LabelLoops
from losscheck.kernels.generated.loops import GraphLoop
from losscheck.lifting.lifted import Lifted
from losscheck.lifting.lifting import lift
from tests.kernels.inputs import FAMILIES, GAPS, rows
from tests.kernels.test_generated import check

KINDS = ("margin", "binary", "signed", "logits")
NAMES = [name for name, made in entries().items() if made.kind in KINDS]
FUZZ = os.getenv("HYPOTHESIS_PROFILE") == "fuzz"
TAMED = settings(max_examples=100 if FUZZ else 2, deadline=None, derandomize=not FUZZ)
INSIDE = {"[-1,1]": (-1.0, 1.0), "unit": (0.0, 1.0)}


@cache
def graph(name: str) -> Lifted:
    made = find(name)
    kept = {"kind": made.kind, "n_classes": 3, "params": dict(made.loss.params), "signature": made.signature}
    return lift(Form(made.function, np), **kept)


@pytest.mark.parametrize("name", NAMES)
@given(data=st.data())
@TAMED
def test_the_generated_kernel_stays_within_its_running_error(name: str, data: Any) -> None:
    lifted = graph(name)
    low, high = INSIDE.get(lifted.domain, (-1e3, 1e3))
    modest = st.floats(max(low, -3.0), min(high, 3.0))
    places = len(lifted.variables)
    near = [data.draw(modest) for _ in range(places)]
    if lifted.kind == "logits" and lifted.domain == "real":
        rng = np.random.default_rng(data.draw(st.integers(0, 2**20)))
        family, gap = data.draw(st.sampled_from(FAMILIES)), data.draw(st.sampled_from(GAPS[:6]))
        far = rows(rng, family, (1, places), gap)[0]
    else:
        far = [data.draw(st.floats(low, high)) for _ in range(places)]
    x = np.ascontiguousarray(np.array([near, far]).T)
    if lifted.kind == "margin":
        assert check(GraphLoop(lifted.roots[0], lifted.variables, compiled=False), lifted.roots[0], x) > 0
    else:
        for loop, root in zip(LabelLoops(lifted.roots, lifted.variables, False).loops, lifted.roots, strict=False):
            assert check(loop, root, x) > 0
