from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

from losscheck.behaviour.trial import Trial
from losscheck.property import properties
from losscheck.signature import parse
from losscheck.verdict import Outcome

torch.set_num_threads(1)  # as in the worker; two threads of a batch of four rows only wait for each other

Asked = Callable[..., dict[str | None, Outcome]]


@pytest.fixture
def asked() -> Asked:
    """Ask one behaviour property of a callable in this process; return its outcomes by dtype."""

    def ask(name: str, function: Callable[..., Any], signature: str, **more: Any) -> dict[str | None, Outcome]:
        trial = Trial(function, parse(signature), **more)
        with np.errstate(all="ignore"):
            return {outcome.dtype: outcome for outcome in properties()[name].answer(trial)}

    return ask


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Deal out a module's losses that break a law, and those that keep it (see ``law_cases``)."""
    for fixture in {"broken", "healthy"} & set(metafunc.fixturenames):
        cases = getattr(metafunc.module, fixture.upper())
        metafunc.parametrize(fixture, cases, ids=[f"{name}-{loss.__name__}" for name, loss, _ in cases])
