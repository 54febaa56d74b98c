"""Asking theory properties of a plain NumPy loss, for the quality tests of losses of one score."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from losscheck import verifier
from losscheck.lifting.lifted import Lifted
from losscheck.lifting.lifting import lift
from losscheck.property import properties
from losscheck.verdict import Outcome


@cache
def lifted(loss: Callable[..., Any], kind: str) -> Lifted:
    """The lifted loss, once per function."""
    return lift(loss, kind=kind)


def ask(loss: Callable[..., Any], name: str, kind: str = "margin", **params: Any) -> Outcome:
    """The outcome of one property; a proved or refuted one must carry a certificate that verifies."""
    outcome: Outcome = properties()[name].answer(lifted(loss, kind), **params)
    if outcome.verdict in ("proved", "refuted"):
        said = verifier.verify(outcome.certificate)
        assert (said.property, said.verdict) == (name, outcome.verdict.value)
    return outcome


def decided(loss: Callable[..., Any], name: str, kind: str = "margin") -> bool | None:
    """True when proved, False when refuted, None when open."""
    return {"proved": True, "refuted": False}.get(ask(loss, name, kind).verdict.value)
