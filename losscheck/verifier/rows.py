"""The arguments of a loss with a signature of its own: their entries, their labels, and what moves them.

A certificate of kind ``embedding`` names them: ``[name, [[axis, size], ...], domain]``, where the domain of a floating
argument is ``real``, ``positive``, ``unit``, ``(0,1)`` or ``[-1,1]`` and that of a label the list of its values. The
variables are the entries of the floating arguments in order; a root stands for one ``[values of all labels, row]``, the
row None where the loss gives one number. A proof speaks of the labels that the certificate lists, and of no others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import prod
from typing import Any

FLOATING = ("real", "positive", "unit", "(0,1)", "[-1,1]")
MOST = 64
Label = tuple[tuple[int, ...], int | None]


@dataclass(frozen=True)
class Argument:
    """One argument; ``values`` are those of a label, empty for a floating one."""

    name: str
    axes: tuple[str, ...]
    shape: tuple[int, ...]
    domain: str
    values: tuple[int, ...] = ()

    def places(self) -> list[tuple[int, ...]]:
        """The places of the entries, in order."""
        return list(product(*map(range, self.shape)))

    def entry(self, place: Sequence[int]) -> str:
        """The variable of an entry."""
        return "_".join(map(str, (self.name, *place)))


@dataclass(frozen=True)
class Rows:
    """All arguments, and the label of each root."""

    arguments: tuple[Argument, ...]
    labels: tuple[Label, ...]

    @property
    def floats(self) -> list[Argument]:
        """The floating arguments."""
        return [a for a in self.arguments if not a.values]

    @property
    def real(self) -> bool:
        """Whether every floating argument ranges over all real numbers."""
        return all(a.domain == "real" for a in self.floats)

    @property
    def plain(self) -> bool:
        """Whether there is one floating argument, of real numbers: all variables are its entries."""
        return self.real and len(self.floats) == 1

    @property
    def domain(self) -> str:
        """The domain of the floating arguments: one word where they share it, else ``name:domain`` words."""
        domains = [a.domain for a in self.floats]
        return domains[0] if len(set(domains)) == 1 else " ".join(f"{a.name}:{a.domain}" for a in self.floats)

    def entries(self, a: Argument) -> list[str]:
        """The variables of an argument."""
        return [a.entry(place) for place in a.places()]

    def vectors(self) -> list[list[str]]:
        """The vectors of all floating arguments, along their last axes; of one axis or none every entry alone."""
        found = []
        for a in self.floats:
            names = self.entries(a)
            width = a.shape[-1] if len(a.shape) > 1 else 1
            found += [names[i : i + width] for i in range(0, len(names), width)]
        return found

    @property
    def batch(self) -> int | None:
        """The number of rows of the batch that interact, if there is one."""
        sizes = {size for a in self.arguments for axis, size in zip(a.axes, a.shape, strict=True) if axis == "B"}
        return sizes.pop() if len(sizes) == 1 else None

    def swapped(self, i: int, j: int) -> tuple[dict[str, str], list[int | None]]:
        """What exchanging two rows of the batch makes of the variables and of the roots (None: of no listed label)."""

        def turned(a: Argument, place: tuple[int, ...]) -> tuple[int, ...]:
            other = {i: j, j: i}
            return tuple(other.get(k, k) if axis == "B" else k for axis, k in zip(a.axes, place, strict=True))

        names = {a.entry(place): a.entry(turned(a, place)) for a in self.floats for place in a.places()}
        slots = [(a, place) for a in self.arguments if a.values for place in a.places()]
        order = [slots.index((a, turned(a, place))) for a, place in slots]
        roots: list[int | None] = []
        for values, row in self.labels:
            image = tuple(values[k] for k in order), row if row is None else {i: j, j: i}.get(row, row)
            roots.append(self.labels.index(image) if image in self.labels else None)
        return names, roots


def read_rows(said: Any, labels: Any) -> Rows:
    """Read arguments and labels, hostile or not; a ValueError says what is wrong."""
    if not (isinstance(said, list) and 0 < len(said) <= 16):
        raise ValueError("a loss with a signature of its own names its arguments")
    arguments = tuple(_argument(row) for row in said)
    names = [a.entry(place) for a in arguments if not a.values for place in a.places()]
    own = [a.name for a in arguments]
    if not 0 < len(names) <= MOST:
        raise ValueError("the floating arguments have no entries, or too many")
    if len(set(names)) < len(names) or len(set(own)) < len(own):
        raise ValueError("two arguments, or two entries, have the same name")
    slots = [a.values for a in arguments if a.values for _ in a.places()]
    rows = Rows(arguments, ()).batch or 1
    if not (isinstance(labels, (list, tuple)) and 0 < len(labels) <= 500):
        raise ValueError("no labels are listed, or too many")
    listed = [_label(each, slots, rows) for each in labels]
    if len(set(listed)) < len(listed):
        raise ValueError("a label is listed twice")
    return Rows(arguments, tuple(listed))


def _argument(row: Any) -> Argument:
    if not (isinstance(row, list) and len(row) == 3 and isinstance(row[0], str) and isinstance(row[1], (list, tuple))):
        raise ValueError("an argument is [name, axes, domain]")
    name, axes, domain = row
    if not (name.isidentifier() and name.isascii() and len(name) <= 40 and len(axes) <= 4):
        raise ValueError("an argument has a name and at most 4 axes")
    for axis in axes:
        known = isinstance(axis, (list, tuple)) and len(axis) == 2 and axis[0] in ("", *"NBKCMLD")
        if not (known and type(axis[1]) is int and 1 <= axis[1] <= MOST):
            raise ValueError("an axis is [letter, size]")
    shape = tuple(size for _, size in axes)
    if prod(shape) > MOST:
        raise ValueError("an argument has too many entries")
    letters = tuple(letter for letter, _ in axes)
    if isinstance(domain, str):
        if domain not in FLOATING:
            raise ValueError(f"{domain[:40]!r} is no domain of a floating argument")
        return Argument(name, letters, shape, domain)
    whole = isinstance(domain, (list, tuple)) and all(type(x) is int for x in domain)
    if not (whole and 0 < len(domain) <= MOST and len(set(domain)) == len(domain)):
        raise ValueError("a label has a list of different whole numbers")
    return Argument(name, letters, shape, "label", tuple(domain))


def _label(said: Any, slots: Sequence[tuple[int, ...]], rows: int) -> Label:
    if not (isinstance(said, (list, tuple)) and len(said) == 2 and isinstance(said[0], (list, tuple))):
        raise ValueError("a label is [values, row]")
    values, row = said
    fits = len(values) == len(slots) and all(type(x) is int and x in s for x, s in zip(values, slots, strict=True))
    if not fits or not (row is None or (type(row) is int and 0 <= row < rows)):
        raise ValueError("a label has one value for each entry, and one of the rows")
    return tuple(values), row


def inside(domain: str, x: Fraction) -> bool:
    """Whether a number lies in a domain."""
    return {
        "real": True,
        "positive": x > 0,
        "unit": 0 <= x <= 1,
        "(0,1)": 0 < x < 1,
        "[-1,1]": -1 <= x <= 1,
    }[domain]
