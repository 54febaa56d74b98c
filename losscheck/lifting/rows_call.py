"""How a loss with a signature of its own is called: batches whose rows interact, at fixed small sizes.

A batch ``B`` has 3 rows (2 where labels would have too many values), features ``D`` and positions ``L`` are 2, elements
``M`` 3, ``K`` and ``C`` the number of classes; one row stands for a batch ``N`` of independent ones; literal sizes are
taken as they are. Every number of a floating argument is one variable, every value of all labels together one label.

>>> call = RowsCall("a:(B,D):real y:(B,):{0,1}")
>>> call.variables
('a_0_0', 'a_0_1', 'a_1_0', 'a_1_1', 'a_2_0', 'a_2_1')
>>> call.labels[:3]
((0, 0, 0), (0, 0, 1), (0, 1, 0))
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from fractions import Fraction
from math import prod
from typing import Any

import numpy as np

from losscheck.expr.trace import variable
from losscheck.kinds import resolve_signature
from losscheck.lifting.array import Cells
from losscheck.lifting.calls import SORT, Call, Label
from losscheck.lifting.enclosure import Floats
from losscheck.lifting.unsupported import Unsupported
from losscheck.signature import Argument

FLOATING = ("real", "positive", "unit", "(0,1)", "[-1,1]")
DISCRETE = ("index", "{0,1}", "{-1,1}", "mask")
SIZES = {"N": 1, "D": 2, "L": 2, "M": 3}
ROWS = (3, 2)
FEW_LABELLINGS, MOST_LABELLINGS = 16, 27
"""A batch has fewer rows where its labels would have more values than the first; more than the second are not read."""
MOST_VARIABLES = 24
KINDS_OF_LABEL = 2
"""Different values of an index where no axis says how many classes there are."""


class RowsCall(Call):
    """The call of a loss of kind ``embedding``.

    Parameters
    ----------
    signature
        What it is called with.
    n_classes
        The size of the axes K and C.
    ranges
        Keyword arguments that take every value of an interval.

    Raises
    ------
    ValueError
        When the signature is malformed, or a range is named like an argument.
    Unsupported
        When a domain or a shape has no theory.
    """

    def __init__(
        self,
        signature: str | None,
        n_classes: int | None = None,
        ranges: Mapping[str, tuple[Fraction, Fraction]] | None = None,
    ) -> None:
        self.kind, self.n_classes = "embedding", None
        self.given = resolve_signature("embedding", signature).arguments
        for a in self.given:
            if a.domain not in FLOATING + DISCRETE or a.also or (a.domain in FLOATING and a.dtype is not None):
                known = ", ".join(FLOATING + DISCRETE)
                raise Unsupported(f"theory of a signature of its own reads the domains {known}, not that of {a.name!r}")
        axes = {axis for a in self.given for axis in a.shape}
        self.interacting = "N" not in axes or any("N" not in a.shape for a in self.given)
        if "N" in axes and (any(a.shape[:1] != ("N",) for a in self.given if "N" in a.shape) or "B" in axes):
            raise Unsupported("rows that interact (B) beside rows that do not (N), or N that comes second")
        classes = 3 if n_classes is None else n_classes
        self.values = {
            "index": tuple(range(classes if axes & {"K", "C"} else KINDS_OF_LABEL)),
            "{0,1}": (0, 1),
            "{-1,1}": (-1, 1),
            "mask": (0, 1),
        }
        self.sizes = {**SIZES, "K": classes, "C": classes}
        for rows in ROWS:
            self.sizes["B"] = rows
            if self._labellings() <= FEW_LABELLINGS or "B" not in axes:
                break
        if self._labellings() > MOST_LABELLINGS:
            raise Unsupported(f"{self._labellings()} values of its labels; at most {MOST_LABELLINGS} are read")
        self.inputs = tuple(a for a in self.given if a.domain in FLOATING)
        self.discrete = tuple(a for a in self.given if a.domain in DISCRETE)
        self.label = self.discrete[0] if self.discrete else None
        self.widths = tuple(prod(self.shape(a)) for a in self.inputs)
        if not 0 < sum(self.widths) <= MOST_VARIABLES:
            raise Unsupported(f"{sum(self.widths)} numbers of floating arguments; from 1 to {MOST_VARIABLES} are read")
        self.columns = tuple(
            ("_".join(map(str, (a.name, *place))), a.domain) for a in self.inputs for place in np.ndindex(self.shape(a))
        )
        if len({name for name, _ in self.columns}) < len(self.columns):
            raise Unsupported("two arguments whose entries would have the same name; rename one")
        ends = list(itertools.accumulate(self.widths, initial=0))
        self._places = list(zip(ends, ends[1:], self.widths, strict=False))
        self._ranged(ranges)

    def _labellings(self) -> int:
        return prod(len(self.values[a.domain]) ** prod(self.shape(a)) for a in self.given if a.domain in DISCRETE)

    def shape(self, a: Argument) -> tuple[int, ...]:
        """Return the sizes of an argument's axes."""
        return tuple(int(axis) if axis.isdigit() else self.sizes[axis] for axis in a.shape)

    @property
    def described(self) -> tuple[tuple[str, tuple[tuple[str, int], ...], Any], ...]:
        """Names, axes with their sizes and domains of the arguments; of a label its values."""
        return tuple(
            (
                a.name,
                tuple(zip(("" if axis.isdigit() else axis for axis in a.shape), self.shape(a), strict=True)),
                a.domain if a.domain in FLOATING else self.values[a.domain],
            )
            for a in self.given
        )

    @property
    def labels(self) -> tuple[Label, ...]:
        """The values of all labels together; ``(None,)`` where there is none."""
        if not self.discrete:
            return (None,)
        each = [self.values[a.domain] for a in self.discrete for _ in range(prod(self.shape(a)))]
        return tuple(itertools.product(*each))

    def roots_of(self, label: Label, count: int) -> list[Any]:
        """Return ``(values of the labels, row)`` for each number that the loss gives; of one number the row is None."""
        rows = next((self.shape(a)[0] for a in self.given if a.shape[:1] == ("B",)), 1)
        if count not in (1, rows):
            raise Unsupported(f"the loss gives {count} numbers for a batch; it must give one, or one for each row", "")
        return [(label or (), None if count == 1 else row) for row in range(count)]

    @property
    def label_dtypes(self) -> tuple[Any, ...]:
        """The dtypes in which truth values, signs and masks are tried; an index is an integer."""
        if all(a.domain == "index" for a in self.discrete):
            return (np.int64,)
        masks = (np.bool_,) if any(a.domain == "mask" for a in self.discrete) else ()
        return (*masks, np.float64, np.int64)

    def symbols(self) -> list[Cells]:
        """Return the symbolic floating arguments."""
        nodes = np.array([variable(name, SORT.get(domain, "real")) for name, domain in self.columns], object)
        return [part.reshape(self.shape(a)) for a, (part, _) in zip(self.inputs, self._split(nodes[None]), strict=True)]

    def called(self, label: Label, label_dtype: Any) -> list[Any]:
        """Return the arguments of one symbolic call in their order."""
        return self._in_order(self.symbols(), self._discrete(1, label, label_dtype))

    def arguments(self, points: Floats, label: Label, label_dtype: Any) -> list[Any]:
        """Return concrete arguments: a row per point, or one batch at one point."""
        if self.interacting and len(points) != 1:
            raise ValueError(f"{len(points)} points; rows interact, so a call is about one point")
        parts = [
            part.reshape((len(points) * s[0], *s[1:]) if "N" in a.shape else s).copy()
            for a, (part, _) in zip(self.inputs, self._split(points), strict=True)
            for s in [self.shape(a)]
        ]
        return self._in_order(parts, self._discrete(len(points), label, label_dtype))

    def _discrete(self, rows: int, label: Label, dtype: Any) -> list[Any]:
        rest = list(label) if isinstance(label, tuple) else []
        found = []
        for a in self.discrete:
            shape = self.shape(a)
            own = np.array([rest.pop(0) for _ in range(prod(shape))]).reshape(shape)
            whole = np.concatenate([own] * rows) if "N" in a.shape else own
            # a mask is of truth values first; where those are not taken it is tried as numbers, like the labels
            fits = np.float64 if dtype == np.bool_ and a.domain != "mask" else dtype
            found.append(whole.astype(a.dtype or (np.int64 if a.domain == "index" else fits)))
        return found

    def _in_order(self, floats: list[Any], labels: list[Any]) -> list[Any]:
        sides = {True: iter(floats), False: iter(labels)}
        return [next(sides[a.domain in FLOATING]) for a in self.given]
