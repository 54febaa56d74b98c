"""Asking theory properties of divergences and set losses, and checking what is said against a known truth."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from losscheck.lifting.lifted import Lifted
from losscheck.lifting.lifting import lift
from losscheck.property import properties
from losscheck.verdict import Outcome
from losscheck.verifier import verify


def divergence(fn: Callable[..., Any], k: int = 3) -> Lifted:
    return lift(fn, kind="divergence", n_classes=k)


def set_loss(fn: Callable[..., Any], m: int = 2, signature: str | None = None) -> Lifted:
    return lift(fn, kind="set", n_classes=m, signature=signature)


def ask(lifted: Lifted, name: str, **params: Any) -> Outcome:
    """The answer of a property; a certificate is verified and must state the same."""
    outcome: Outcome = properties()[name].answer(lifted, **params)
    if outcome.verdict.value in ("proved", "refuted"):
        assert outcome.certificate is not None
        said = verify(outcome.certificate)
        assert (said.property, said.verdict, said.graph) == (name, outcome.verdict.value, lifted.digest)
    return outcome


def verdict(lifted: Lifted, name: str, **params: Any) -> str:
    return str(ask(lifted, name, **params).verdict.value)
