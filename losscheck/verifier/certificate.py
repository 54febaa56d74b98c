"""Reading a certificate: hostile JSON in, a checked :class:`Case` out."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import product
from typing import Any

from flint import arb

from losscheck.verifier.absorbed import absorbed
from losscheck.verifier.balls import exact as _ball
from losscheck.verifier.budget import Budget
from losscheck.verifier.guards import ALWAYS, Guards, branches, places
from losscheck.verifier.rows import Rows, read_rows
from losscheck.verifier.terms import BOOLEAN, COMPARISONS, UNARY, Node, Pool

MAX_NODES, MAX_TEXT, MAX_DEPTH = 20_000, 400, 300


class CertificateRejected(Exception):
    """The certificate does not prove what it claims; the message says where it fails."""


@dataclass(frozen=True)
class Statement:
    """Exactly what was verified."""

    graph: str
    property: str
    params: dict[str, Any]
    n_classes: int | None
    verdict: str
    value: Any = None
    bounds: Any = None
    slack: Any = None
    domain: str = "real"
    constants: dict[str, str] = field(default_factory=dict)


@dataclass
class Case:
    """A parsed certificate: the graph's roots (one per label) in the verifier's own terms."""

    pool: Pool
    roots: list[Node]
    kind: str
    n_classes: int | None
    labels: list[Any]
    variables: list[str]
    domain: str
    refuting: bool
    digest: str
    constants: dict[str, str]
    claim: dict[str, Any]
    proof: dict[str, Any]
    parameters: dict[str, tuple[Fraction, Fraction]] = field(default_factory=dict)
    """Intervals of parameters of the loss: the claim is about every value in them."""
    written: list[tuple[Node, Guards]] = field(default_factory=list)
    """What the logarithms and powers of the graph have become, each with the branches under which it is read."""
    rows: Rows | None = None
    """The arguments of a loss with a signature of its own."""


def expect(condition: object, message: str) -> None:
    """Reject unless the condition holds."""
    if not condition:
        raise CertificateRejected(message)


def rational(x: Any) -> Fraction:
    """A Fraction from ``"p/q"`` (no floats, no exponents, bounded length)."""
    expect(isinstance(x, str) and len(x) <= MAX_TEXT, f"{str(x)[:40]!r} is not a rational")
    try:
        expect(set(x) <= set("-0123456789/"), f"{x[:40]!r} is not a rational")
        return Fraction(x)
    except (ValueError, ZeroDivisionError):
        raise CertificateRejected(f"{x[:40]!r} is not a rational") from None


def _double(x: Any) -> float:
    expect(isinstance(x, str) and len(x) <= 40, "a float constant is not a hex string")
    try:
        value = float.fromhex(x)
    except (ValueError, OverflowError):
        raise CertificateRejected(f"{x!r} is not a hex float") from None
    expect(math.isfinite(value), "a float constant is not finite")
    return value


REGRESSION = (
    "real", "positive", "yhat:real y:positive", "yhat:positive y:real", "yhat:real y:count", "yhat:positive y:count",
)  # fmt: skip
"""The domains of ``(yhat, y)``: one word when both have the same."""
SETS = ("unit", "x:unit y:{0,1}", "x:unit y:{0,1}+")
"""The domains of ``(x, y)`` of a set loss; with + the target is not empty."""
WIDE = ("logits", "soft", "multilabel", "simplex", "map", "divergence", "set")
"""The kinds with a number of classes, labels or elements."""


def _variables(kind: str, k: int | None, said: Any) -> tuple[list[str], list[Any], str]:
    """The variables, labels and domain that a kind must have; ``said`` is the domain the certificate names."""
    expect(kind in WIDE or k is None, f"kind {kind!r} has no n_classes")
    if kind in ("divergence", "set"):
        expect(type(k) is int and (2 if kind == "divergence" else 1) <= k <= 64, f"n_classes={k!r} is no length")
        letters, domains = ("pq", ("simplex+",)) if kind == "divergence" else ("xy", SETS)
        return [f"{x}{i}" for x in letters for i in range(k or 0)], [1], said if said in domains else domains[0]
    if kind == "multilabel":
        expect(type(k) is int and 2 <= k <= 8, f"n_classes={k!r} is no number of labels from 2 to 8")
        return [f"z{i}" for i in range(k or 0)], [list(y) for y in product((0, 1), repeat=k or 0)], "real"
    if kind == "soft":
        expect(type(k) is int and 2 <= k <= 64, f"n_classes={k!r} is no number of classes")
        return [f"{x}{i}" for x in "zq" for i in range(k or 0)], [1], "z:real q:simplex"
    if kind == "regression":
        return ["yhat", "y"], [1], said if said in REGRESSION else REGRESSION[0]
    if kind == "profile":  # a function of one variable, to which a rule has reduced a loss of more
        return ["v"], [1], said if said in ("real", "positive") else "real"
    if kind == "margin":
        return ["v"], [1], "real"
    if kind in ("binary", "signed"):
        return ["z"], [0, 1] if kind == "binary" else [-1, 1], "real"
    if kind == "probability":
        return ["p"], [0, 1], "unit"
    if kind in ("logits", "simplex", "map"):
        expect(isinstance(k, int) and 2 <= k <= 64, f"n_classes={k!r} is no number of classes")
        letter = "p" if kind == "simplex" else "z"
        return [f"{letter}{i}" for i in range(k or 0)], list(range(k or 0)), "simplex" if kind == "simplex" else "real"
    raise CertificateRejected(f"the verifier knows no theory of kind {kind!r}")


def _rows(certificate: Any) -> tuple[Rows, list[str], list[Any], str]:
    """The arguments of a loss with a signature of its own, its variables, labels and domain."""
    expect(certificate.get("n_classes") is None, "kind 'embedding' has no n_classes")
    try:
        rows = read_rows(certificate.get("arguments"), certificate["labels"])
    except ValueError as error:
        raise CertificateRejected(str(error)) from None
    variables = [name for a in rows.floats for name in rows.entries(a)]
    return rows, variables, [[list(values), row] for values, row in rows.labels], rows.domain


def _parameters(said: Any, variables: list[str]) -> dict[str, tuple[Fraction, Fraction]]:
    """The closed intervals of ``[["gamma", "0", "5"], ...]``."""
    expect(isinstance(said, list) and len(said) <= 4, "malformed parameters")
    found: dict[str, tuple[Fraction, Fraction]] = {}
    for row in said:
        expect(isinstance(row, list) and len(row) == 3, "a parameter is [name, low, high]")
        name, low, high = row[0], rational(row[1]), rational(row[2])
        expect(isinstance(name, str) and name.isidentifier() and len(name) <= 40, "a parameter has a name")
        expect(name not in found and name not in variables, f"{name!r} is named twice")
        expect(low < high, f"{name!r} has no interval")
        found[name] = (low, high)
    return found


def read(certificate: Any) -> Case:
    """Parse and check everything about a certificate but its proof."""
    expect(isinstance(certificate, dict) and certificate.get("losscheck") == 1, "not a losscheck certificate, format 1")
    for name in ("graph", "kind", "labels", "variables", "domain", "claim", "proof"):
        expect(name in certificate, f"the certificate has no {name!r}")
    graph, claim = certificate["graph"], certificate["claim"]
    expect(isinstance(graph, dict) and isinstance(claim, dict) and isinstance(certificate["proof"], dict), "malformed")
    expect(claim.get("verdict") in ("proved", "refuted"), "a claim is proved or refuted")
    k = certificate.get("n_classes")
    rows = _rows(certificate) if certificate["kind"] == "embedding" else None
    variables, labels, domain = rows[1:] if rows else _variables(certificate["kind"], k, certificate["domain"])
    for name, want in (("variables", variables), ("labels", labels), ("domain", domain)):
        expect(
            json.dumps(certificate[name]) == json.dumps(want), f"{name} of kind {certificate['kind']!r} must be {want}"
        )
    constants = certificate.get("constants", {})
    expect(isinstance(constants, dict) and len(constants) <= 1000, "malformed constants")
    refuting = claim["verdict"] == "refuted"
    pool = Pool()
    parameters = _parameters(certificate.get("parameters", []), variables)
    written: list[tuple[Node, Guards]] = []
    roots = parse_graph(pool, graph, {*variables, *parameters}, constants, refuting, written)
    floats = {row[1] for row in graph["nodes"] if row[0] == "float"}
    expect(set(constants) <= (set() if refuting else floats), "a choice is named for a constant that there is not")
    expect(len(roots) == len(labels), f"{len(roots)} roots for {len(labels)} labels")
    head = {name: certificate.get(name) for name in ("graph", "kind", "n_classes", "labels", "variables", "domain")}
    if parameters:
        head["parameters"] = certificate["parameters"]
    if rows:
        head["arguments"] = certificate["arguments"]
    digest = hashlib.sha256(json.dumps(head, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
    return Case(
        pool, roots, certificate["kind"], k, labels, variables, domain, refuting, digest, dict(constants), claim,
        certificate["proof"], parameters, written, rows[0] if rows else None,
    )  # fmt: skip


NAMED: dict[str, Callable[..., arb]] = {
    "log": lambda r: _ball(r).log(), "exp": lambda r: _ball(r).exp(), "atan": lambda r: _ball(r).atan(),
    "pow": lambda r, e: (_ball(r).log() * _ball(e)).exp(),
}  # fmt: skip
"""Functions that make a constant of one or two rationals."""


def _named(pool: Pool, said: str) -> tuple[Node, arb]:
    """A constant that is no rational, as a node and a ball: ``log(r)`` or ``a-b*pow(r,e)`` and the like."""
    name, start = next(((x, i) for x in NAMED if (i := said.find(f"{x}(")) >= 0), ("", 0))
    expect(name != "" and said.endswith(")"), f"{said[:60]!r} is no constant")
    head, inside = said[:start], [rational(x) for x in said[start + len(name) + 1 : -1].split(",")]
    cut = max(head.rfind("+"), head.rfind("-"), 0)
    factor = {"": "1", "+": "1", "-": "-1"}.get(head[cut:], head[cut:].removeprefix("+").removesuffix("*"))
    shift, scale = rational(head[:cut] or "0"), rational(factor)
    expect(len(inside) == (2 if name == "pow" else 1), f"{said[:60]!r} is no constant")
    expect(name in ("exp", "atan") or inside[0] > 0, "the logarithm or power of a number that is not positive")
    expect(name != "pow" or inside[1].denominator > 1, f"{said[:60]!r} is no constant")
    r = pool.const(inside[0])
    made = pool.power(r, inside[1]) if name == "pow" else pool.build(name, None, (r,))
    return pool.add(pool.const(shift), pool.scale(scale, made)), _ball(shift) + _ball(scale) * NAMED[name](*inside)


def _float_node(pool: Pool, text: Any, constants: dict[str, str], refuting: bool) -> Node:
    """A constant of the code: as chosen when proving, the whole interval of 2 ulp when refuting."""
    value = _double(text)
    exact, ulp = Fraction(value), Fraction(math.ulp(value))
    odd = abs(exact.numerator)
    odd >>= max((odd & -odd).bit_length() - 1, 0)
    expect(odd.bit_length() > 12, f"the constant {text} is short, hence exact")
    if refuting:
        return pool.make("ball", (exact - 2 * ulp, exact + 2 * ulp))
    said = constants.get(text)
    if isinstance(said, str) and "(" in said:
        made, near = _named(pool, said)
        expect(abs(near - _ball(exact)) <= _ball(2 * ulp), f"{said} is not within 2 ulp of {value!r}")
        return made
    chosen = rational(said) if text in constants else exact
    expect(abs(chosen - exact) <= 2 * ulp, f"{chosen} is not within 2 ulp of the constant {value!r}")
    return pool.const(chosen)


def parse_graph(
    pool: Pool,
    graph: Any,
    names: set[str],
    constants: dict[str, str],
    refuting: bool,
    taken: list[tuple[Node, Guards]] | None = None,
) -> list[Node]:
    """Read the roots of a graph, every row checked; ``taken`` takes its logarithms and powers, and where they are read.

    Of a power that is written as ``exp(3/2 log b)`` it takes the power, not the logarithm.
    """
    rows, roots = graph.get("nodes"), graph.get("roots")
    expect(isinstance(rows, list) and 0 < len(rows) <= MAX_NODES, "the graph has no nodes or too many")
    nodes: list[Node] = []
    depth: list[int] = []
    written: list[int] = []  # conditions inside a condition, as written out
    sort: list[bool] = []  # True for conditions
    for row in rows:
        Budget.spend(10)
        expect(isinstance(row, list) and len(row) == 3 and isinstance(row[0], str), "a node is [op, value, args]")
        op, value, index = row
        expect(isinstance(index, list) and len(index) <= 1000, "a node has a list of arguments")
        Budget.spend(3 * len(index))
        expect(all(type(i) is int and 0 <= i < len(nodes) for i in index), "an argument comes after its user")
        args = tuple(nodes[i] for i in index)
        conditions = [sort[i] for i in index]
        logical = op in ("not", "and") or (op == "where" and conditions[:1] == [True])
        expect(
            all(conditions) if op in ("not", "and") else not any(conditions[1 if op == "where" else 0 :]),
            f"{op} mixes numbers and conditions",
        )
        arity = 1 if op in UNARY or op in ("pow", "not") else 2 if op in COMPARISONS else 3 if op == "where" else None
        expect(arity is None or arity == len(args), f"{op} has {len(args)} arguments")
        expect(op != "where" or logical, "where needs a condition")
        if op == "const":
            made = pool.const(rational(value))
        elif op == "float":
            made = _float_node(pool, value, constants, refuting)
        elif op == "var":
            expect(value in names, f"unknown variable {str(value)[:40]!r}")
            made = pool.var(value)
        elif op == "add":
            expect(isinstance(value, list) and len(value) == len(args) + 1, "a sum has one coefficient more than terms")
            made = pool.build(op, tuple(rational(c) for c in value), args)
        elif op == "pow":
            made = pool.power(args[0], rational(value))
        elif op in ("mul", "lse", "max", "min", "and"):
            expect(len(args) >= 1 and value is None, f"{op} of nothing")
            made = pool.build(op, None, args)
        elif op in UNARY or op in COMPARISONS or op in ("not", "where", "true", "false"):
            expect(value is None, f"{op} has no value")
            made = pool.build(op, None, args)
        else:
            raise CertificateRejected(f"unknown op {op[:40]!r}")
        nodes.append(made)
        sort.append(op in BOOLEAN)
        written.append(1 + sum(written[i] for i in index) if op in BOOLEAN - COMPARISONS else 1)
        expect(written[-1] <= MAX_NODES, "a condition is too long")
        depth.append(1 + max((depth[i] for i in index), default=0))
        expect(depth[-1] <= MAX_DEPTH, "the graph is too deep")
    expect(isinstance(roots, list) and all(type(i) is int and 0 <= i < len(nodes) for i in roots), "malformed roots")
    expect(not any(sort[i] for i in roots), "a root is a condition")
    if taken is not None:
        taken += _partial(rows, nodes, roots)
    return [nodes[i] for i in roots]


def _partial(rows: list[list[Any]], nodes: list[Node], roots: list[int]) -> list[tuple[Node, Guards]]:
    """What the logarithms and powers of a graph have become, but for logarithms that only write a power."""
    users: dict[int, list[int]] = {i: [-1] for i in roots}  # the caller uses them
    for j, (_, _, index) in enumerate(rows):
        for i in index:
            users.setdefault(i, []).append(j)
    logs = [i for i, row in enumerate(rows) if row[0] == "log"]
    scales = {
        i
        for i, (op, _, index) in enumerate(rows)
        if op in ("add", "mul")
        and len(index) - sum(op == "mul" and nodes[j].op == "const" for j in index) == 1
        and nodes[i].op == "add"
        and len(nodes[i].args) == 1
        and not nodes[i].value[0]
    }
    powers = {i for i, row in enumerate(rows) if row[0] == "exp" and nodes[i].op == "pow"}
    silent = absorbed(logs, users, scales, powers)
    found = {i for i, row in enumerate(rows) if (row[0] in ("log", "pow") or i in powers) and i not in silent}

    def parts(i: int) -> list[tuple[int, Guards]]:
        op, _, index = rows[i]
        return branches(nodes[index[0]], index) if op == "where" else [(j, ALWAYS) for j in index]

    read = places(range(len(rows) - 1, -1, -1), roots, parts, False) if found else {}
    return [(nodes[i], way) for i in sorted(found) for way in read.get(i, ())]
