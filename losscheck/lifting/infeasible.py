"""Whether a system of affine inequalities has no solution, exactly.

Fourier-Motzkin elimination over the rationals (Fourier 1826; Schrijver 1986, section 12.2): each derived row is a
non-negative combination of the given ones, so a derived row ``0 < 0`` or ``0 <= -1`` is a Farkas certificate. The
number of rows is limited; past the limit the answer is "not shown", which only keeps a path that may be dead.

>>> x = {1: Fraction(1)}
>>> infeasible([Row(x, True), Row({1: Fraction(-1)}, False)])
True
>>> infeasible([Row(x, False), Row({1: Fraction(-1)}, False)])
False
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from losscheck.lifting.affine import CONSTANT, Form

LIMIT = 300


@dataclass(frozen=True)
class Row:
    """``form < 0`` where strict, else ``form <= 0``."""

    form: Form
    strict: bool


def infeasible(rows: Iterable[Row]) -> bool:
    """Whether the rows certainly contradict each other."""
    active = _tidy(rows)
    while active is not None and active:
        counts: dict[int, list[int]] = {}
        for row in active:
            for k, c in row.form.items():
                if k != CONSTANT:
                    counts.setdefault(k, [0, 0])[c > 0] += 1
        if not counts:
            return False
        atom = min(counts, key=lambda k: (counts[k][0] * counts[k][1], k))
        if counts[atom][0] * counts[atom][1] > LIMIT:
            return False
        active = _tidy(_eliminate(active, atom))
        if active is not None and len(active) > LIMIT:
            return False
    return active is None


def _eliminate(rows: list[Row], atom: int) -> list[Row]:
    above = [r for r in rows if r.form.get(atom, 0) > 0]
    below = [r for r in rows if r.form.get(atom, 0) < 0]
    kept = [r for r in rows if atom not in r.form]
    for a in above:
        for b in below:
            p, q = -b.form[atom], a.form[atom]
            keys = (a.form.keys() | b.form.keys()) - {atom}
            form = {k: p * a.form.get(k, Fraction(0)) + q * b.form.get(k, Fraction(0)) for k in keys}
            kept.append(Row({k: c for k, c in form.items() if c}, a.strict or b.strict))
    return kept


def _tidy(rows: Iterable[Row]) -> list[Row] | None:
    """Scale, drop what follows from a parallel row; None on a contradiction: ``0 < 0``, or ``c <= 0`` with c > 0."""
    strongest: dict[tuple[tuple[int, Fraction], ...], tuple[Fraction, bool]] = {}
    for row in rows:
        atoms = sorted((k, c) for k, c in row.form.items() if k != CONSTANT)
        offset = row.form.get(CONSTANT, Fraction(0))
        if not atoms:
            if offset > 0 or (offset == 0 and row.strict):
                return None
            continue
        scale = abs(atoms[0][1])
        key = tuple((k, c / scale) for k, c in atoms)
        bound = (offset / scale, row.strict)
        if key not in strongest or bound > strongest[key]:
            strongest[key] = bound
    return [Row({**dict(key), CONSTANT: c} if c else dict(key), strict) for key, (c, strict) in strongest.items()]
