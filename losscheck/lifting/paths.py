"""Concolic forking: run the code again for each way its data-dependent decisions can go.

A run follows a prefix of decisions and takes "true" after it. Each new decision whose two sides are both possible is a
fork; the sides become one ``where``. A side is dropped only when its path condition is infeasible by exact elimination
over the rationals (``losscheck.lifting.infeasible``), for every value of what is not affine and every value in its
domain of each variable: code that refuses probabilities below 0 is never asked about any.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from fractions import Fraction

from losscheck.expr.trace import Trace, record, topological
from losscheck.lifting.affine import CONSTANT, Form, affine
from losscheck.lifting.infeasible import Row, infeasible
from losscheck.lifting.unsupported import Unsupported

ZERO = Fraction(0)
MOST_PATHS = 512
MOST_DECISIONS = 200

Decision = tuple[Trace, bool]
_CURRENT: ContextVar[Path | None] = ContextVar("path", default=None)


class Path:
    """One run: the decisions it must repeat, and those it has taken."""

    def __init__(
        self, prefix: list[Decision], forms: dict[int, Form], memory: dict[tuple[tuple[int, bool], ...], bool]
    ) -> None:
        self.prefix = prefix
        self.taken: list[Decision] = []
        self.known: dict[int, bool] = {}
        self.count = 0
        self._forms = forms
        self._memory = memory

    def decide(self, condition: Trace) -> bool:
        """Return the truth value that ``condition`` has on this path."""
        match condition.op:
            case "const":
                return bool(condition.value)
            case "not":
                return not self.decide(condition.args[0])
            case "and":
                return all(self.decide(a) for a in condition.args)
            case "or":
                return any(self.decide(a) for a in condition.args)
            case "where":
                return self.decide(condition.args[1] if self.decide(condition.args[0]) else condition.args[2])
        if condition.serial not in self.known:
            self.count += 1
            if self.count > MOST_DECISIONS:
                raise Unsupported(
                    f"more than {MOST_DECISIONS} decisions that depend on the data on one path; is it a loop without "
                    "a bound? Write it with a fixed number of steps"
                )
            self.known[condition.serial] = self._choose(condition)
        return self.known[condition.serial]

    def _choose(self, condition: Trace) -> bool:
        if not self._possible((condition, True)):
            return False
        if not self._possible((condition, False)):
            return True
        position = len(self.taken)
        if position < len(self.prefix):
            expected, answer = self.prefix[position]
            if expected is not condition:
                raise Unsupported("the code decides differently when it is run again: it depends on hidden state")
        else:
            answer = True
        self.taken.append((condition, answer))
        return answer

    def _possible(self, next_one: Decision) -> bool:
        decisions = [*self.taken, next_one]
        key = tuple((c.serial, d) for c, d in decisions)
        if key not in self._memory:
            rows = [row for d in decisions for row in self._rows(*d)]
            self._memory[key] = not infeasible([*rows, *_domains([condition for condition, _ in decisions])])
        return self._memory[key]

    def _rows(self, condition: Trace, holds: bool) -> list[Row]:
        a, b = (affine(x, self._forms) for x in condition.args)
        keys = a.keys() | b.keys()
        gap = {k: a.get(k, ZERO) - b.get(k, ZERO) for k in keys}  # a - b
        gap = {k: c for k, c in gap.items() if c}
        minus = {k: -c for k, c in gap.items()}
        match condition.op, holds:
            case "lt", True:
                return [Row(gap, True)]
            case "lt", False:
                return [Row(minus, False)]
            case "le", True:
                return [Row(gap, False)]
            case "le", False:
                return [Row(minus, True)]
            case "eq", True:
                return [Row(gap, False), Row(minus, False)]
        return [Row({}, True)] if not gap else []  # a != b is no convex condition, except when a is b


def _domains(conditions: list[Trace]) -> Iterator[Row]:
    """Return what the domains of the variables in the conditions say of them: ``x > 0``, or ``0 <= x <= 1``."""
    for n in topological(conditions):
        if n.op == "var" and n.value[1] in ("positive", "unit"):
            yield Row({n.serial: Fraction(-1)}, n.value[1] == "positive")
            if n.value[1] == "unit":
                yield Row({n.serial: Fraction(1), CONSTANT: Fraction(-1)}, False)


def decide(condition: Trace) -> bool:
    """Fork on a condition of the current run.

    Raises
    ------
    Unsupported
        Outside a run, or when a path has too many decisions.
    """
    if condition.op == "const":
        return bool(condition.value)
    path = _CURRENT.get()
    if path is None:
        raise Unsupported(
            "a decision on a recorded value outside the run that recorded it: it was kept in global state"
        )
    return path.decide(condition)


@contextmanager
def _following(path: Path) -> Iterator[None]:
    token = _CURRENT.set(path)
    try:
        yield
    finally:
        _CURRENT.reset(token)


def explore(run: Callable[[], list[Trace]]) -> tuple[list[Trace], int]:
    """Run the code on every feasible path and join the results; return them with the number of paths.

    Raises
    ------
    Unsupported
        When there are more than 512 paths, or the paths give different numbers of results.
    """
    forms: dict[int, Form] = {}
    memory: dict[tuple[tuple[int, bool], ...], bool] = {}
    count = 0

    def build(prefix: list[Decision]) -> list[Trace]:
        nonlocal count
        count += 1
        if count > MOST_PATHS:
            raise Unsupported(f"more than {MOST_PATHS} paths through the branches of the code; use fewer classes")
        path = Path(prefix, forms, memory)
        with _following(path):
            result = run()
        for i in range(len(path.taken) - 1, len(prefix) - 1, -1):
            condition = path.taken[i][0]
            other = build([*path.taken[:i], (condition, False)])
            if len(other) != len(result):
                raise Unsupported(f"the result has {len(result)} numbers on one path and {len(other)} on another")
            result = [record("where", condition, a, b) for a, b in zip(result, other, strict=True)]
        return result

    return build([]), count
