"""Parameters of a loss that range over intervals: what the rules about every value of them share.

A claim with parameters says that for each value in the (closed) intervals the loss has the property on its own domain.
The parameters are variables of the graph. A condition of parameters alone is decided for each value, so the graph is
one of the *cases* in which every such condition is replaced by an answer; a rule shows its claim for every case and
every value in the whole intervals, which is more than is needed.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import product

from losscheck.verifier.balls import Enclosure, point
from losscheck.verifier.carried import carried
from losscheck.verifier.certificate import Case, expect
from losscheck.verifier.cover import OPPOSITE, Box, ranges, sign
from losscheck.verifier.guards import ALWAYS, Guards, kept, parts_of, places, read_under
from losscheck.verifier.points import defined_everywhere
from losscheck.verifier.terms import BOOLEAN, COMPARISONS, Node, Pool, walk
from losscheck.verifier.vanished import nothing_vanished, partial

MOST = 6
"""Comparisons of parameters alone: each doubles the cases."""


def box(case: Case) -> Box:
    """The domain of the arguments and the intervals of the parameters."""
    end = None if case.domain == "real" else Fraction(0), None if case.domain == "real" else Fraction(1)
    return {**dict.fromkeys(case.variables, end), **case.parameters}


def everywhere(case: Case) -> Enclosure:
    """Ranges on the whole box."""
    return Enclosure(ranges(box(case)))


def at(case: Case, values: dict[str, Fraction]) -> Case:
    """The case of one value of every parameter: a loss without parameters, branches on parameters alone decided."""
    swap = {case.pool.var(name): case.pool.const(x) for name, x in values.items()}
    here = Enclosure({name: point(x) for name, x in values.items()})
    answers = {n: state for n in _comparisons(case) if (state := here.holds(n)) is not None}
    taken: list[tuple[Node, Guards]] = []
    answered = [_answered(case.pool, root, answers, taken) for root in case.roots]
    roots = [case.pool.substitute(root, swap) for root in answered]
    still = kept(answered)
    lost = [(n, way) for n, way in taken if not read_under(n, way, still)]
    written = [
        (case.pool.substitute(n, swap), frozenset((case.pool.substitute(c, swap), said) for c, said in way))
        for n, way in lost
    ]
    return replace(case, roots=roots, parameters={}, written=[*carried(case.pool, answered, swap), *written])


def of_parameters(case: Case, n: Node) -> bool:
    """Whether a node uses no variable besides parameters."""
    return all(m.value in case.parameters for m in walk(n) if m.op == "var")


def defined_for_all(case: Case, root: Node, value: Enclosure) -> bool:
    """Whether a loss is shown to be defined for every value of the parameters.

    On the real domain at every finite point; elsewhere, where a loss may be infinite at the ends, at least what is made
    of parameters alone.
    """
    whole = [root] if case.domain == "real" else [n for n in walk(root) if of_parameters(case, n)]
    return all(defined_everywhere(n, value) for n in whole)


def _comparisons(case: Case) -> list[Node]:
    """The comparisons of parameters alone."""
    found = [n for n in walk(*case.roots) if n.op in COMPARISONS and of_parameters(case, n)]
    expect(len(found) <= MOST, f"more than {MOST} comparisons of parameters")
    return found


def cases(case: Case) -> list[list[Node]]:
    """The roots under every combination of answers to the comparisons of parameters alone."""
    return [roots for roots, _ in readings(case)]


def readings(case: Case) -> list[tuple[list[Node], Enclosure]]:
    """Each case with the ranges of the whole box, and the signs that its answers say: ``g == 0`` is false for g > 0."""
    found = _comparisons(case)
    value = everywhere(case)
    possible = [(True, False) if (known := value.holds(n)) is None else (known,) for n in found]
    made = []
    for said in product(*possible):
        answers = dict(zip(found, said, strict=True))
        here = everywhere(case)
        for n, answer in answers.items():
            _tell(case.pool, n, answer, here)
        taken: list[tuple[Node, Guards]] = []
        roots = [_answered(case.pool, root, answers, taken) for root in case.roots]
        nothing_vanished(replace(case, roots=roots, written=taken))
        made.append((roots, here))
    return made


def _tell(pool: Pool, n: Node, answer: bool, value: Enclosure) -> None:
    """Note the sign of what a comparison compares."""
    low, high = n.args
    gap = pool.sub(high, low)
    if n.op == "eq":
        known = {"p": "+", "m": "-"}.get(sign(gap, value)) if not answer else "0"
    else:
        known = {("lt", True): "+", ("lt", False): "m", ("le", True): "p", ("le", False): "-"}[n.op, answer]
    if known is not None:
        value.signs[gap.id] = known
        value.signs[pool.scale(-1, gap).id] = OPPOSITE[known]


def _answered(pool: Pool, root: Node, answers: dict[Node, bool], taken: list[tuple[Node, Guards]]) -> Node:
    """``root`` with the branches that the answers decide; ``taken`` takes the logarithms and powers on the way."""
    done: dict[Node, Node] = {}

    def holds(c: Node) -> bool | None:
        if c in answers or c.op in ("true", "false"):
            return answers.get(c, c.op == "true")
        if c.op in COMPARISONS:
            return None
        parts = [holds(k) for k in c.args]
        if c.op == "not":
            return None if parts[0] is None else not parts[0]
        return False if False in parts else None if None in parts else True

    def go(n: Node) -> Node:
        if n not in done:
            done[n] = make(n)
        return done[n]

    def make(n: Node) -> Node:
        if n.op in BOOLEAN or not n.args:
            return n
        state = holds(n.args[0]) if n.op == "where" else None
        if state is not None:
            return go(n.args[1] if state else n.args[2])
        return pool.build(n.op, n.value, tuple(go(a) for a in n.args))

    def parts(n: Node) -> list[tuple[Node, Guards]]:
        state = holds(n.args[0]) if n.op == "where" else None
        return parts_of(n) if state is None else [(n.args[1 if state else 2], ALWAYS)]

    found = go(root)
    read = places(reversed(walk(root)), [root], parts, False)
    taken += [(m, way) for n, m in done.items() if partial(m) for way in read.get(n, ())]
    return found
