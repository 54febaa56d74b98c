"""How a loss of a kind is called: its variables, its fixed labels, its arguments for a batch of points.

>>> call = Call("logits", 3)
>>> call.variables, call.labels, call.domain
(('z0', 'z1', 'z2'), (0, 1, 2), 'real')
>>> [a.shape for a in call.arguments(np.zeros((5, 3)), 1, np.int64)]
[(5, 3), (5,)]
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from losscheck.expr import build
from losscheck.expr.graph import Expr
from losscheck.expr.trace import variable
from losscheck.kinds import KINDS, resolve_signature
from losscheck.lifting.array import Cells
from losscheck.lifting.enclosure import Floats
from losscheck.lifting.unsupported import Unsupported
from losscheck.signature import Argument

_LABELLED = frozenset({"binary", "signed", "probability", "logits", "multilabel", "simplex"})
SORT = {
    "real": "real", "unit": "unit", "(0,1)": "unit", "positive": "positive", "simplex": "unit", "simplex+": "positive",
    "{0,1}": "unit", "{0,1}+": "unit", "[-1,1]": "real", "{-1,1}": "real", "count": "real",
}  # fmt: skip
Label = int | tuple[int, ...] | None


class Call:
    """The call of one kind with K classes (or M elements).

    Parameters
    ----------
    kind
        A kind other than ``embedding``.
    n_classes
        K, or M for ``set``; ignored by kinds without such an axis.
    signature
        Narrows the domains of the kind's arguments.
    ranges
        Keyword arguments that take every value of an interval: variables after those of the arguments.

    Raises
    ------
    ValueError
        When the kind is not known, has no fixed arguments, K is below 2, or a range is named like an argument.
    """

    interacting = False
    """Whether a call is about one batch as a whole, so that several points are several calls."""

    def __init__(
        self,
        kind: str,
        n_classes: int | None = None,
        signature: str | None = None,
        ranges: Mapping[str, tuple[Fraction, Fraction]] | None = None,
    ) -> None:
        if kind == "embedding" or (kind in KINDS and KINDS[kind].signature is None):
            raise ValueError(f"kind={kind!r} has no theory, so nothing is lifted; audit its behaviour")
        specification = resolve_signature(kind, signature)
        self.kind = kind
        self.inputs: tuple[Argument, ...] = specification.arguments
        self.label: Argument | None = None
        if kind in _LABELLED:
            *self.inputs, self.label = specification.arguments  # type: ignore[assignment]
            self.inputs = tuple(self.inputs)
        wide = any(axis in "KCM" for a in specification.arguments for axis in a.shape)
        if (
            wide
            and n_classes is not None
            and (not isinstance(n_classes, int) or n_classes < (1 if kind == "set" else 2))
        ):
            raise ValueError(f"n_classes={n_classes!r} is no number of classes; give an integer of at least 2")
        self.n_classes = (3 if n_classes is None else n_classes) if wide or kind in ("logits", "simplex") else None
        self.widths = tuple(self.n_classes or 1 if len(a.shape) > 1 else 0 for a in self.inputs)
        self.columns = tuple(
            (f"{a.name}{i}" if width else a.name, a.domain)
            for a, width in zip(self.inputs, self.widths, strict=True)
            for i in range(max(width, 1))
        )
        ends = list(itertools.accumulate((max(w, 1) for w in self.widths), initial=0))
        self._places = list(zip(ends, ends[1:], self.widths, strict=False))  # each argument's first and last column
        self._ranged(ranges)

    def _ranged(self, ranges: Mapping[str, tuple[Fraction, Fraction]] | None) -> None:
        self.ranges = dict(ranges or {})
        own = {name for name, _ in self.columns}
        for name in self.ranges:
            if name in own:
                raise ValueError(f"params[{name!r}] is a range, but {name!r} names an argument too; rename one")

    @property
    def variables(self) -> tuple[str, ...]:
        """The names of the variables, in the order of the arguments, and of the parameters with a range."""
        return (*(name for name, _ in self.columns), *self.ranges)

    @property
    def labels(self) -> tuple[Label, ...]:
        """The labels, one root of the graph each; the one label of a loss without labels is 1."""
        k = self.n_classes or 0
        match self.kind:
            case "binary" | "probability":
                return (0, 1)
            case "signed":
                return (-1, 1)
            case "logits" | "simplex" | "map":
                return tuple(range(k))
            case "multilabel":
                return tuple(itertools.product((0, 1), repeat=k))
        return (1,)

    @property
    def domain(self) -> str:
        """The domain of the arguments: one word when they share it, else ``name:domain`` words."""
        domains = [a.domain for a in self.inputs]
        if len(set(domains)) == 1:
            return domains[0]
        return " ".join(f"{a.name}:{a.domain}" for a in self.inputs)

    @property
    def label_dtypes(self) -> tuple[Any, ...]:
        """The dtypes in which labels are tried: truth values and signs as floats first, classes as integers."""
        if self.label is None:
            return (None,)
        return (np.int64,) if self.label.domain.startswith("index") else (np.float64, np.int64)

    def graph_variables(self) -> list[Expr]:
        """Return the variables as nodes of the graph."""
        return [build.var(name, SORT.get(domain, "real")) for name, domain in self.columns]

    def keywords(self, point: Floats) -> dict[str, Any]:
        """Return the parameters with a range at a point."""
        return dict(zip(self.ranges, map(float, point[len(self.columns) :]), strict=True))

    def symbolic_keywords(self) -> dict[str, Cells]:
        """Return the parameters with a range as symbolic numbers."""
        return {
            name: np.array(variable(name, "positive" if low > 0 else "real"), object)
            for name, (low, _) in self.ranges.items()
        }

    def symbols(self) -> list[Cells]:
        """Return the symbolic arguments of a batch of one row, without the label."""
        nodes = [variable(name, SORT.get(domain, "real")) for name, domain in self.columns]
        return [_shaped(part, width) for part, width in self._split(np.array(nodes, object)[None, :])]

    def arguments(self, points: Floats, label: Label, label_dtype: Any) -> list[Any]:
        """Return concrete arguments for ``points`` (rows of values of the variables), all with the same label."""
        found: list[Any] = [_shaped(part, width).copy() for part, width in self._split(points)]
        return [*found, *self.label_argument(len(points), label, label_dtype)]

    def called(self, label: Label, label_dtype: Any) -> list[Any]:
        """Return the arguments of one symbolic call."""
        return [*self.symbols(), *self.label_argument(1, label, label_dtype)]

    def roots_of(self, label: Label, count: int) -> list[Any]:
        """Return the labels of the ``count`` numbers that one symbolic call gives.

        Raises
        ------
        Unsupported
            When it must give another number of them.
        """
        found = list(self.labels) if self.kind == "map" else [label]
        if count != len(found):
            raise Unsupported(f"the loss gives {count} numbers for one row; it must give one", "")
        return found

    def label_argument(self, rows: int, label: Label, label_dtype: Any) -> list[Any]:
        """Return the label argument, if the kind has one, for that many rows."""
        if self.label is None:
            return []
        return [np.array([label] * rows, dtype=label_dtype)]

    def _split(self, rows: Any) -> list[tuple[Any, int]]:
        return [(rows[:, a:b], w) for a, b, w in self._places]


def _shaped(part: Any, width: int) -> Any:
    return part if width else part[:, 0]


def named(names: Sequence[str], points: Floats) -> dict[str, Floats]:
    """Return the columns of ``points`` by variable."""
    return {name: points[:, i] for i, name in enumerate(names)}
