"""Losses that see their scores through one increasing function of the line. Rule ``by_monotone_scores``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import islice
from typing import Any

import numpy as np

from losscheck.certificate import graph_json
from losscheck.engines.breakpoints import breakpoints
from losscheck.engines.numeric import evaluate
from losscheck.expr.build import add, const, rebuild, scale, substitute, var
from losscheck.expr.constants import chosen
from losscheck.expr.graph import Expr, topological
from losscheck.lifting.lifted import Lifted
from losscheck.proving import prove, refute
from losscheck.verdict import Outcome, Verdict

MOST = 2
"""How many functions are tried."""
SHIFT = {"rule": "invariant_by_identity", "under": "shift"}
SAMPLE = np.concatenate([np.linspace(-40.0, 40.0, 101), np.geomspace(1e-9, 1e9, 37), -np.geomspace(1e-9, 1e9, 37)])


def attempt(lifted: Lifted, ask: Callable[[Lifted], Outcome | None]) -> Outcome | None:
    """Decide a property of the losses behind the function, asked by ``ask``, and carry it over; or return None."""
    for g, roots in islice(readings(lifted), MOST):
        inner = ask(replace(lifted, roots=roots, resized=None))
        if inner is None or inner.certificate is None or inner.verdict not in (Verdict.PROVED, Verdict.REFUTED):
            continue
        proved = inner.verdict is Verdict.PROVED
        own = chosen([g, *roots], inner.constants) if proved else [g, *roots]
        made = [graph_json([n]) for n in own]
        proof: dict[str, Any] = {
            "rule": "by_monotone_scores", "g": made[0], "breaks": breakpoints(g, "v", balls=not proved),
            "own": made[1:], "proof": inner.certificate["proof"], "shift": SHIFT,
        }  # fmt: skip
        name = str(inner.certificate["claim"]["property"])
        message = f"The scores are seen through the increasing function {g} alone. {inner.message}"
        for each in (proof, proof | {"shift": None}):
            if proved:
                found = prove(lifted, name, each, message=message, constants=inner.constants)
            else:
                found = refute(lifted, name, each, message=message, witness=None)
            if found is not None:
                return found
    return None


def readings(lifted: Lifted) -> Iterator[tuple[Expr, tuple[Expr, ...]]]:
    """Functions g of v and the losses with every g(z_i) replaced by z_i."""
    last, nodes = lifted.variables[-1], topological(lifted.roots)
    own = _of_one(nodes)
    found = [n for n in own if n.op != "var" and own[n] == last]
    found += [part for n in nodes if n.op == "add" for x, part in _groups(n, own).items() if x == last]
    for n in sorted(set(found), key=lambda n: (-len(topological([n])), n.key)):
        g = substitute([n], {m: var("v") for m in topological([n]) if m.op == "var"})[0]
        seen = _values(g, "v")
        if not np.all(np.isfinite(seen)) or not np.all(np.diff(seen[np.argsort(SAMPLE)]) >= 0):
            continue
        roots = _behind(lifted.roots, own, seen)
        named = {m: str(m.value[0]) for m in topological(roots) if m.op == "var"}
        if g.op != "var" and all(x.endswith("'") for x in named.values()):
            yield g, tuple(substitute(roots, {m: var(x[:-1]) for m, x in named.items()}))


def _behind(roots: tuple[Expr, ...], own: dict[Expr, str], seen: Any) -> list[Expr]:
    """The losses with ``+-g(z_i)``, alone or as a part of a sum, replaced by ``+-z_i'``."""

    def read(n: Expr, x: str) -> Expr | None:
        value = _values(n, x)
        signs = (s for s in (Fraction(1), Fraction(-1)) if np.allclose(value, float(s) * seen, rtol=1e-12, atol=1e-300))
        return next((scale(s, var(f"{x}'")) for s in signs), None)

    done: dict[Expr, Expr] = {}
    for n in topological(roots):
        made = read(n, own[n]) if n in own else None
        if made is None and n.op == "add":
            groups = _groups(n, own)
            apart = [(c, t) for c, t in zip(n.value[1:], n.args, strict=True) if own.get(t) not in groups]
            parts = [read(part, x) or substitute([part], _known(part, done))[0] for x, part in groups.items()]
            made = add(const(n.value[0]), *parts, *(scale(c, done[t]) for c, t in apart))
        done[n] = made if made is not None else rebuild(n, [done[a] for a in n.args])
    return [done[r] for r in roots]


def _known(part: Expr, done: dict[Expr, Expr]) -> dict[Expr, Expr]:
    return {m: done[m] for m in topological([part]) if m in done}


def _groups(n: Expr, own: dict[Expr, str]) -> dict[str, Expr]:
    """The terms of a sum that depend on one variable, added up by variable."""
    out: dict[str, Expr] = {}
    for c, t in zip(n.value[1:], n.args, strict=True):
        if t in own:
            out[own[t]] = add(out[own[t]], scale(c, t)) if own[t] in out else scale(c, t)
    return out


def _of_one(nodes: list[Expr]) -> dict[Expr, str]:
    """Nodes that are numbers and depend on one variable, and on which."""
    seen: dict[Expr, frozenset[str]] = {}
    for n in nodes:
        names = (frozenset([str(n.value[0])]) if n.op == "var" else frozenset()).union(*(seen[a] for a in n.args))
        seen[n] = names
    logical = {"lt", "le", "eq", "not", "and", "true", "false"}
    return {n: next(iter(names)) for n, names in seen.items() if len(names) == 1 and n.op not in logical}


def _values(n: Expr, name: str) -> Any:
    with np.errstate(all="ignore"):
        return np.asarray(evaluate([n], {name: SAMPLE})[0], float) + 0 * SAMPLE
