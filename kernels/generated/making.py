r"""``kernel_for``: the kernel of a lifted loss, generated from its graph.

The graph and its gradient are brought to forms that keep their digits, written as a loop, and compiled: any loss that
can be lifted has a kernel, checked against the balls of the very graph it was made from. Numbers are computed in double
precision and rounded once to float64, float32, float16 or bfloat16; inputs that are not finite give NaN; at a kink the
slope is that of one side.

>>> import numpy as np
>>> from losscheck.expr.build import ONE, ZERO, maximum, sub, var
>>> from losscheck.lifting.lifted import Lifted
>>> hinge = Lifted("margin", None, (1,), ("v",), "real", (maximum([ZERO, sub(ONE, var("v"))]),))
>>> grad = np.empty(2)
>>> kernel_for(hinge)(np.array([0.25, 3.0]), grad=grad)
array([0.75, 0.  ])
>>> grad
array([-1.,  0.])
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from losscheck.kernels.generated.labels import LabelLoops
from losscheck.kernels.generated.loops import GraphLoop
from losscheck.kernels.passes.buffers import Array, rounded
from losscheck.kernels.passes.elements import MarginLoss
from losscheck.kernels.passes.labelled import LabelledLoss
from losscheck.kernels.passes.row_loss import RowLoss
from losscheck.lifting.lifted import Lifted

STEP = 1 << 14  # elements whose columns stay in the second cache


def kernel_for(lifted: Lifted, compiled: bool = True) -> MarginLoss | LabelledLoss | RowLoss:
    """The kernel of a lifted loss of kind margin, binary, signed or logits; the last for its number of classes.

    Called like the kernels written by hand: ``(v)``, ``(z, y)`` or ``(logits, labels)`` with ``out=`` and ``grad=``.
    ``compiled=False`` runs the same source in the interpreter: the same numbers, slowly and at once.

    Raises
    ------
    ValueError
        For another kind, and for a loss that was lifted over ranges of parameters.
    """
    if lifted.parameters:
        raise ValueError(f"parameters {list(lifted.ranges)} are ranges; lift the loss at one value of each")
    match lifted.kind:
        case "margin":
            return MarginLoss(_elements(GraphLoop(lifted.roots[0], lifted.variables, compiled)), ())
        case "binary" | "signed":
            return LabelledLoss(LabelLoops(lifted.roots, lifted.variables, compiled), lifted.labels)
        case "logits":
            return RowLoss(_rows(LabelLoops(lifted.roots, lifted.variables, compiled)), (), len(lifted.variables))
    raise ValueError(f"kind is {lifted.kind!r}; give a loss of kind margin, binary, signed or logits")


def _elements(loop: GraphLoop) -> Callable[..., None]:
    def generated(v: Array, value: Array, slope: Array | None) -> None:
        """A loss of a margin, from its graph."""
        for first in range(0, len(v), STEP):
            cut = slice(first, first + STEP)
            x = v[None, cut].astype(np.float64)
            wide, steep = np.empty(x.shape[1]), None if slope is None else np.empty(x.shape)
            loop(x, wide, steep)
            rounded(wide, value[cut])
            if slope is not None and steep is not None:
                rounded(steep[0], slope[cut])

    return generated


def _rows(loops: LabelLoops) -> Callable[..., None]:
    def generated(x: Array, y: Array, value: Array, grad: Array | None, scale: float, accurate: bool) -> None:
        """A loss of logits and a true class, from its graph."""
        wide, steep = np.empty(len(x)), None if grad is None else np.empty(x.shape)
        loops(x, y, wide, steep)
        rounded(wide, value)
        if grad is not None and steep is not None:
            rounded(scale * steep, grad)

    return generated
