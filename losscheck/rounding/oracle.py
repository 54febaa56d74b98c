"""A lifted loss that answers with correctly rounded numbers, and checks other implementations against them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from losscheck.behaviour.formats import FORMATS, Array
from losscheck.expr.graph import Expr
from losscheck.hunting.points import points
from losscheck.kinds import KINDS, kind_of
from losscheck.lifting.calls import Call, Label
from losscheck.lifting.lifted import Lifted
from losscheck.lifting.lifting import lift
from losscheck.loss import Loss, as_loss, infer_kind, load_target
from losscheck.reporting.report import Report
from losscheck.rounding.rounded import rounded_gradient, rounded_value


@dataclass(frozen=True)
class Oracle:
    """The correctly rounded loss; make one with `losscheck.oracle`."""

    loss: Loss
    lifted: Lifted
    call: Call
    signature: str
    params: dict[str, Any]

    @classmethod
    def of(
        cls, loss: Any, *, kind: str | None, signature: str | None, n_classes: int, params: Mapping[str, Any] | None
    ) -> Oracle:
        """Lift a loss; see `losscheck.oracle`."""
        given = as_loss(loss)
        signature = signature or given.signature
        kind = kind or given.kind
        if kind is None and signature:
            kind, signature = kind_of(signature), None  # the arguments of that kind, under names of their own
        kind = kind or infer_kind(given.function)
        if kind is None:
            raise ValueError(
                f"kind=None, and {given.name} is not a well-known loss; give kind=, one of {', '.join(KINDS)}"
            )
        function = load_target(given.function) if isinstance(given.function, str) else given.function
        bound = {**given.params, **(params or {})}
        narrowed = signature if signature != KINDS[kind].signature else None
        call = Call(kind, n_classes, narrowed)
        lifted = lift(function, kind=kind, n_classes=call.n_classes, params=bound, signature=narrowed)
        text = narrowed or KINDS[kind].signature
        assert text is not None  # a kind without arguments of its own is not lifted
        return cls(given, lifted, call, text, bound)

    def value(self, *inputs: Any, dtype: str | None = None) -> Array:
        """Return the correctly rounded loss of each row, shape (N,), for inputs in the order of the call.

        ``dtype`` is the format rounded to, by default that of the first input; the inputs are taken as the exact
        numbers they are. NaN where the loss is not defined or the rounding stays undecided. A map gives (N, K).

        Raises
        ------
        ValueError
            When the inputs are not those of the signature.
        """
        held = [_array(each) for each in inputs]
        chosen = _dtype(inputs, dtype)
        rows = [[_known(rounded_value(r, p, chosen)) for r in roots] for roots, p in self.points(held)]
        out = np.array(rows, dtype=np.float64)
        return out if self.call.kind == "map" else out.reshape(-1)

    def gradient(self, *inputs: Any, dtype: str | None = None) -> Any:
        """Return the correctly rounded gradient of each row's loss, one array of the shape of each float input.

        One array where the loss has one float input, else a tuple. At a kink the numbers are those of one side.

        Raises
        ------
        ValueError
            When the inputs are not those of the signature, or the loss is a map.
        """
        if self.call.kind == "map":
            raise ValueError("a map has a Jacobian, not a gradient; ask for the gradient of a loss of it")
        held = [_array(each) for each in inputs]
        chosen = _dtype(inputs, dtype)
        found = [rounded_gradient(roots[0], p, chosen).slopes for roots, p in self.points(held)]
        table = np.array([[_known(row[v]) for v in self.call.variables] for row in found], dtype=np.float64)
        parts, start = [], 0
        for width, given in zip(self.call.widths, held, strict=False):
            stop = start + max(width, 1)
            parts.append(table[:, start:stop].reshape(given.shape))
            start = stop
        return parts[0] if len(parts) == 1 else tuple(parts)

    def check(
        self,
        impl: Any,
        *,
        dtypes: Sequence[str] = FORMATS,
        max_ulp: float | None = None,
        effort: str = "ci",
        seed: int = 0,
    ) -> Report:
        """Hold another implementation to the correctly rounded numbers, row by row, in a process of its own.

        Findings per format: ``value_accurate`` and ``gradient_accurate``, whose value is the worst error in units of
        the last place, are errors beyond ``max_ulp``; without a budget they are warnings beyond a relative error of
        ``2^(-p/2)``. ``special_values``, an error: NaN and infinities where the oracle has none, or others.

        Raises
        ------
        ValueError
            When an argument is not allowed.
        """
        from losscheck.rounding.checking import check

        return check(self, impl, dtypes=dtypes, max_ulp=max_ulp, effort=effort, seed=seed)

    def points(self, inputs: list[Array]) -> list[tuple[list[Expr], dict[str, float]]]:
        """Return the graphs and the point of each row."""
        return [(self._roots(label), point) for label, point in points(self.call, inputs)]

    def _roots(self, label: Label) -> list[Expr]:
        if self.call.kind == "map":
            return list(self.lifted.roots)
        return [self.lifted.roots[0 if label is None else self.call.labels.index(label)]]


def _array(given: Any) -> Array:
    if hasattr(given, "detach"):
        given = given.detach().double().numpy() if given.is_floating_point() else given.detach().numpy()
    return np.asarray(given)


def _dtype(inputs: Sequence[Any], dtype: str | None) -> str:
    if dtype is not None and dtype not in FORMATS:
        raise ValueError(f"dtype={dtype!r} is not known; formats are {', '.join(FORMATS)}")
    own = str(getattr(inputs[0], "dtype", "float64")).removeprefix("torch.") if inputs else "float64"
    return dtype or (own if own in FORMATS else "float64")


def _known(number: float | None) -> float:
    return float("nan") if number is None else number
