"""Every op has every reading."""

import pytest

from losscheck.engines.boxes import BOXES
from losscheck.engines.numeric import NUMERIC
from losscheck.expr.derivative import DERIVATIVE
from losscheck.expr.fpcore import FPCORE
from losscheck.expr.numba_reading import NUMBA
from losscheck.expr.ops import OPS
from losscheck.expr.printing import PRINT
from losscheck.expr.sympy_reading import SYMPY

TABLES = {"numeric": NUMERIC, "boxes": BOXES, "printing": PRINT, "sympy": SYMPY, "fpcore": FPCORE, "numba": NUMBA}


@pytest.mark.parametrize("name", TABLES)
def test_reading_has_no_hole(name: str) -> None:
    assert set(TABLES[name]) == set(OPS), f"the {name} reading differs from the table of ops"


def test_every_differentiable_op_has_a_derivative() -> None:
    want = {op.name for op in OPS.values() if op.sort == "real" and op.arity != 0}
    assert set(DERIVATIVE) == want
