"""What a graph writes but a proof no longer sees: ``0.3 log v - 0.1 log v - 0.2 log v`` once 0.3 is read as 3/10.

The constructors of the pool simplify by identities that hold where the original is defined. A logarithm or a power that
is gone for good must therefore be defined on the whole domain, or the proof would speak of points at which the loss has
no value: on the real line everywhere; what is made of probabilities or entries of sets alone up to the boundary of
their closed domain, at which the statement is about limits. A logarithm that only writes a power, ``exp(3/2 log b)``,
is checked as the power.
"""

from __future__ import annotations

from fractions import Fraction

from losscheck.verifier.balls import Enclosure, Undefined
from losscheck.verifier.certificate import Case, expect
from losscheck.verifier.cover import ranges, sign
from losscheck.verifier.defined import natural
from losscheck.verifier.guards import kept, read_under
from losscheck.verifier.points import counted, positives, soft_halves
from losscheck.verifier.terms import Node, walk

ENDS: dict[str, tuple[Fraction | None, Fraction | None]] = {
    "real": (None, None),
    "positive": (Fraction(0), None),
    "unit": (Fraction(0), Fraction(1)),
    "(0,1)": (Fraction(0), Fraction(1)),
    "[-1,1]": (Fraction(-1), Fraction(1)),
}
"""Of the domains of a floating argument."""


def partial(n: Node) -> bool:
    """Whether an operation is not defined for every number."""
    return n.op == "log" or (n.op == "pow" and not natural(n))


def domain(case: Case) -> Enclosure:
    """Ranges and signs of the variables, and of the parameters, on the domain of a case."""
    box: dict[str, tuple[Fraction | None, Fraction | None]] = {}
    above: list[str] = []
    if case.rows is not None:
        box = {x: ENDS[a.domain] for a in case.rows.floats for x in case.rows.entries(a)}
        above = [x for a in case.rows.floats if a.domain in ("positive", "(0,1)") for x in case.rows.entries(a)]
    elif case.kind in ("regression", "profile"):
        above = [x for x, up in positives(case).items() if up]
        low = {*above, *("y" for _ in case.variables if counted(case))}
        box = {x: (Fraction(0) if x in low else None, None) for x in case.variables}
    else:
        whole = case.domain == "real"
        real = [x for x in case.variables if whole or (case.kind == "soft" and x.startswith("z"))]
        box = {x: (None, None) if x in real else (Fraction(0), Fraction(1)) for x in case.variables}
        above = list(case.variables) if case.domain == "simplex+" else []
    value = Enclosure(ranges({**box, **case.parameters}))
    value.signs.update({case.pool.var(x).id: "+" for x in above})
    return value


def closed(case: Case) -> set[str]:
    """The variables whose domain is closed: probabilities, entries of sets and of soft labels."""
    if case.kind in ("regression", "profile", "embedding") or case.domain in ("real", "simplex+"):
        return set()
    return set(soft_halves(case)[1] if case.kind == "soft" else case.variables)


def defined(n: Node, value: Enclosure, limits: bool) -> bool:
    """Whether a logarithm or a power is shown to be a number on the domain, at its boundary at least in the limit."""
    try:
        s = sign(n.args[0], value)
    except Undefined:
        return False
    if n.op == "log" or n.value.denominator > 1:
        return s in ("+p" if limits or (n.op == "pow" and n.value > 0) else "+")
    return s in ("+-pm" if limits else "+-")


def nothing_vanished(case: Case) -> None:
    """Check that what the graph wrote is still read wherever it was, or was defined; reject otherwise."""
    still = kept(case.roots)
    gone = {
        m for n, way in case.written if not read_under(n, way, still)
        for m in walk(n) if partial(m) and not read_under(m, way, still)
    }  # fmt: skip
    if not gone:
        return
    value, limits = domain(case), closed(case)
    for n in gone:
        inside = all(m.value in limits for m in walk(n) if m.op == "var")
        expect(
            defined(n, value, inside and bool(limits)),
            "a logarithm or a power that is not defined everywhere cancels, or is multiplied by 0",
        )
