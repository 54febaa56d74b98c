"""``losscheck.lift``: one expression per loss, with its other readings."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import sympy

import losscheck


def brier(p: Any, y: Any) -> Any:
    return (p - y) ** 2


def test_a_loss_with_labels_branches_on_the_label() -> None:
    read = losscheck.lift(brier, kind="probability")
    formula = read.to_sympy()
    p, y = (next(s for s in formula.free_symbols if s.name == name) for name in ("p", "y"))
    assert sympy.simplify(formula.subs(y, 1) - (1 - p) ** 2) == 0
    assert sympy.simplify(formula.subs(y, 0) - p**2) == 0


def test_a_formula_and_its_code_are_one_graph() -> None:
    v = sympy.Symbol("v", real=True)
    typed = losscheck.lift(sympy.log(1 + sympy.exp(-v)), kind="margin")
    assert typed is losscheck.lift(lambda v: np.logaddexp(0, -v), kind="margin")


def test_code_that_cannot_be_read_says_why() -> None:
    from losscheck.lifting.unsupported import Unsupported

    def counted(v: Any) -> Any:
        return np.asarray([float(str(x)) for x in v])

    with pytest.raises(Unsupported):
        losscheck.lift(counted, kind="margin")
