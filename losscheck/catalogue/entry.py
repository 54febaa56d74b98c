"""What an entry of the catalogue declares, and the decorator that registers one.

Adding a loss is adding one file to ``losscheck/catalogue/``: a module docstring that is its page (formula, what it is
for, where it breaks), and a decorated plain function. Every file of the folder is imported when the catalogue is first
used; a test fails when one registers nothing.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, TypeVar

from losscheck.loss import Loss

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True)
class Claim:
    """Something a paper says of a loss, in the words of the audit.

    ``finding`` is the id of a finding (``"classification_calibrated"``, ``"lipschitz[norm=l2]"``), ``value`` what
    `losscheck.audit` takes as its claim, ``source`` who says so (author, year, theorem; ``"derived"`` when it is ours).
    ``disputed`` is empty, or says in one line why the published claim is false; the audit then refutes it. ``params``
    are the hyper-parameters it is made for, where they are not the defaults.
    """

    finding: str
    value: Any
    source: str
    disputed: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Study:
    """A statement that is no property of one loss (a rate, a limit, an identity), and the test that looks at it."""

    statement: str
    source: str
    test: str


@dataclass(frozen=True)
class Parameter:
    """A hyper-parameter: its default, the values it may take (an interval in words) and what it does."""

    default: Any
    domain: str
    meaning: str = ""


@dataclass(frozen=True)
class Entry:
    """One loss of the catalogue."""

    function: Callable[..., Any]
    kind: str | None
    signature: str | None
    title: str
    family: str
    formula: str
    parameters: Mapping[str, Parameter]
    claims: tuple[Claim, ...]
    studies: tuple[Study, ...]
    hazards: tuple[str, ...]
    references: tuple[str, ...]
    aliases: tuple[str, ...]
    status: str

    @property
    def name(self) -> str:
        """The name it is audited by."""
        return str(self.function.__name__)

    @property
    def doc(self) -> str:
        """The docstring of its module, or of its function where a file holds a family."""
        return (self.function.__doc__ or sys.modules[self.function.__module__].__doc__ or "").strip()

    @property
    def loss(self) -> Loss:
        """The entry as something to audit: with its default parameters, and its undisputed claims about these."""
        return Loss(
            self.function,
            kind=self.kind,
            signature=self.signature,
            params={name: parameter.default for name, parameter in self.parameters.items()},
            claims={c.finding: c.value for c in self.claims if not c.disputed and not c.params},
            references=self.references,
            label=self.name,
        )


ENTRIES: dict[str, Entry] = {}


def entry(
    *,
    title: str,
    family: str,
    formula: str,
    kind: str | None = None,
    signature: str | None = None,
    parameters: Mapping[str, Parameter] | None = None,
    claims: tuple[Claim, ...] = (),
    studies: tuple[Study, ...] = (),
    hazards: tuple[str, ...] = (),
    references: tuple[str, ...] = (),
    aliases: tuple[str, ...] = (),
    status: str = "",
) -> Callable[[F], F]:
    """Register a plain function as an entry of the catalogue, under its own name.

    ``formula`` is LaTeX. ``hazards`` name what is known to break in floats. ``status`` is empty, or says what is not
    settled, such as ``"formula unconfirmed"``.

    Raises
    ------
    ValueError
        When the name, or an alias, is taken.
    """

    def register(function: F) -> F:
        made = Entry(
            function,
            kind,
            signature,
            title,
            family,
            formula,
            MappingProxyType(dict(parameters or {})),
            claims,
            studies,
            hazards,
            references,
            aliases,
            status,
        )
        for name in (made.name, *aliases):
            if name in ENTRIES:
                other = ENTRIES[name].function.__module__
                raise ValueError(f"the catalogue has {name!r} already, in {other}; give this loss a name of its own")
            ENTRIES[name] = made
        return function

    return register
