r"""Set losses that are 0 for x = y and positive elsewhere, by the signs on every order of the entries.

The cube of pairs is the union of 2^M patterns: for each entry either ``x_i = y_i + t_i`` or ``y_i = x_i + t_i`` with
t_i >= 0. Checked, off the origin on the main branch and with value 0 at the origin (verifier/guarded.py): the loss has
normal form zero for x = y; on every pattern, for every j, it is positive as soon as t_j > 0, all other t and the
smaller entries lying in [0, 1].

``ask``: "zero_iff_equal", or "min_at_target", which follows.

Proof node: ``{"rule": "zero_by_patterns", "ask": ...}``.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from typing import Any

from losscheck.verifier.balls import Enclosure, Undefined
from losscheck.verifier.certificate import Case, expect
from losscheck.verifier.cover import ranges, sign
from losscheck.verifier.guarded import main_branch
from losscheck.verifier.identity import vanishes
from losscheck.verifier.pairs import names
from losscheck.verifier.pieces import resolve
from losscheck.verifier.terms import Node
from losscheck.verifier.verify import Checker, Fact

KINDS = ("set",)
MOST = 6


def positive(case: Case, main: Node, moved: int) -> bool:
    """Whether a loss in smaller entries and gaps is positive where the gap number ``moved`` is."""
    pool = case.pool
    gaps = [f"t{i}" for i in range(len(case.variables) // 2)]
    value = Enclosure(ranges(dict.fromkeys([*case.variables, *gaps], (Fraction(0), Fraction(1)))))
    value.signs[pool.var(gaps[moved]).id] = "+"

    def sign_of(n: Node) -> str:
        try:
            return sign(n, value)
        except Undefined:
            return "?"

    return sign_of(resolve(pool, main, "", None, None, sign_of)) == "+"


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check the diagonal and every pattern."""
    pool, (first, second), ask = case.pool, names(case), proof["ask"]
    expect(ask in ("zero_iff_equal", "min_at_target"), "nothing else follows")
    expect(len(first) <= MOST, f"more than {MOST} entries have too many patterns")
    main = main_branch(case)
    equal = {pool.var(a): pool.var(b) for a, b in zip(first, second, strict=True)}
    expect(vanishes(pool, pool.substitute(main, equal), unit=second), "equal arguments do not have the value 0")
    for pattern in product((True, False), repeat=len(first)):
        changes = {}
        for i, larger_first in enumerate(pattern):
            small, large = (second[i], first[i]) if larger_first else (first[i], second[i])
            changes[pool.var(large)] = pool.add(pool.var(small), pool.var(f"t{i}"))
        there = pool.substitute(main, changes)
        for j in range(len(first)):
            expect(positive(case, there, j), "the loss is not shown to be positive for different arguments")
    return Fact(ask)
