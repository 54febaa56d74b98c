"""Mutated certificates: each is rejected, or proves another statement, or lost a hint that its proof did not need."""

from __future__ import annotations

import json
import random
import time
from collections import Counter
from typing import Any

import numpy as np
import pytest

from losscheck.lifting.lifting import lift
from losscheck.property import properties
from losscheck.verdict import Verdict
from losscheck.verifier import CertificateRejected, Statement, verify
from tests.verifier.mutants import Certificate, meaning, mutate, samples_agree

MUTANTS, SECONDS = 1000, 5.0


def logistic(v: Any) -> Any:
    return np.logaddexp(0, -v)


def ramp(v: Any) -> Any:
    return np.clip(1 - v, 0, 2)


def tilted(v: Any) -> Any:
    return np.maximum(0, 1 - v) ** 2 + 0.1 * np.exp(-0.3 * v)


def cross_entropy(z: Any, y: Any) -> Any:
    top = z.max(axis=1)
    return top + np.log(np.exp(z - top[:, None]).sum(axis=1)) - z[np.arange(len(z)), y]


def absolute(z: Any, y: Any) -> Any:
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return 2 - 2 * (e / e.sum(axis=1, keepdims=True))[np.arange(len(z)), y]


def crammer_singer(z: Any, y: Any) -> Any:
    rows = np.arange(len(z))
    margins = 1 + z - z[rows, y][:, None]
    margins[rows, y] = 0
    return margins.max(axis=1)


def brier(p: Any, y: Any) -> Any:
    return (p - y) ** 2


def quadratic(p: Any, y: Any) -> Any:
    return (p**2).sum(axis=1) - 2 * p[np.arange(len(p)), y]


def linear(p: Any, y: Any) -> Any:
    return 1 - p[np.arange(len(p)), y]


LOSSES = [
    (logistic, "margin", None), (ramp, "margin", None), (tilted, "margin", None), (cross_entropy, "logits", 3),
    (absolute, "logits", 3), (crammer_singer, "logits", 3), (brier, "probability", None), (quadratic, "simplex", 3),
    (linear, "simplex", 3),
]  # fmt: skip
ASKED = (
    "bounded_above", "bounded_below", "classification_calibrated", "convex", "differentiable", "lipschitz",
    "nonincreasing", "nonnegative", "permutation_equivariant", "proper", "recovers_probability", "scale_invariant",
    "shift_invariant", "smoothness", "strictly_proper", "symmetric", "symmetric_constant",
)  # fmt: skip


@pytest.fixture(scope="module")
def originals() -> list[tuple[Certificate, Statement]]:
    """One certificate per (rule, verdict), and two for rules of several kinds."""
    seen: Counter[tuple[str, str]] = Counter()
    found = []
    for fn, kind, k in LOSSES:
        lifted = lift(fn, kind=kind, n_classes=k)
        for p in properties().values():
            if p.name not in ASKED or kind not in p.kinds:
                continue
            outcome = p.answer(lifted, **p.params)
            if outcome.verdict not in (Verdict.PROVED, Verdict.REFUTED):
                continue
            key = outcome.certificate["proof"]["rule"], outcome.verdict
            seen[key] += 1
            if seen[key] <= 2:
                plain = json.loads(json.dumps(outcome.certificate))
                found.append((plain, verify(plain)))
    assert len({c["proof"]["rule"] for c, _ in found}) >= 12
    return found


def test_mutants_never_keep_their_statement(originals: list[tuple[Certificate, Statement]]) -> None:
    rng = random.Random(7)
    outcome: Counter[str] = Counter()
    kept = []
    for _ in range(MUTANTS):
        (one, statement), (other, _) = rng.choice(originals), rng.choice(originals)
        mutant, change = mutate(one, other, rng)
        if json.dumps(mutant, sort_keys=True) == json.dumps(one, sort_keys=True):
            outcome["no change"] += 1
            continue
        started = time.process_time()
        try:
            found = verify(mutant)
        except CertificateRejected:
            outcome["rejected"] += 1
            continue
        finally:
            assert time.process_time() - started < SECONDS, change
        assert samples_agree(mutant, found), f"{change}: a false statement is accepted: {found}"
        if found != statement:
            outcome["another statement"] += 1
        else:
            assert meaning(mutant) == meaning(one), f"{change} changed graph or claim, yet the same statement came out"
            outcome["spare hint"] += 1
            kept.append(change)
    print(dict(outcome), *kept, sep="\n")
    assert outcome["rejected"] > MUTANTS // 2
    assert outcome["spare hint"] < MUTANTS // 10


def test_flipped_verdicts_and_foreign_properties(originals: list[tuple[Certificate, Statement]]) -> None:
    for c, _ in originals:
        for change in (
            {"verdict": "refuted" if c["claim"]["verdict"] == "proved" else "proved"},
            {"property": "convex" if c["claim"]["property"] != "convex" else "proper"},
            {"params": {"p": 2}},
            {"value": "12345/7"},
            {"bounds": ["0", "0"]},
            {"slack": "1/999"},
        ):
            mutant = {**c, "claim": {**c["claim"], **change}}
            with pytest.raises(CertificateRejected):
                verify(mutant)


def test_missing_parts(originals: list[tuple[Certificate, Statement]]) -> None:
    for c, _ in originals[:3]:
        for gone in ("losscheck", "graph", "kind", "labels", "variables", "domain", "claim", "proof"):
            with pytest.raises(CertificateRejected):
                verify({k: v for k, v in c.items() if k != gone})


@pytest.mark.parametrize("x", [None, [], 3, "x", {}, {"losscheck": 1}, {"losscheck": 2}, [[[]]], True])
def test_no_certificate_at_all(x: Any) -> None:
    with pytest.raises(CertificateRejected):
        verify(x)


def chain(start: list[Any], step: Any, times: int) -> list[Any]:
    """A graph whose every step uses the one before more than once: written out it would be exponentially long."""
    nodes = [["var", "v", []], *start]
    for _ in range(times):
        nodes += step(len(nodes) - 1)
    return nodes


HOSTILE = {
    "product doubled 290 times": chain([], lambda i: [["mul", None, [i, i]]], 290),
    "square of a square": chain([], lambda i: [["pow", "2", [i]]], 290),
    "tower of constants": chain([["const", "3", []]], lambda i: [["pow", "64", [i]]], 200),
    "squared constants": chain([["const", "3/7", []]], lambda i: [["mul", None, [i, i]]], 290),
    "exponent of 390 digits": chain([], lambda i: [["pow", "1" + "0" * 390, [i]]], 1),
    "coefficients of 390 digits": chain([], lambda i: [["add", ["9" * 390, "9" * 390], [i]]], 290),
    "doubled maxima": chain([], lambda i: [["add", ["1", "-1/2"], [i]], ["max", None, [i, i + 1]]], 140),
    "folded 90 times": chain(
        [], lambda i: [["add", ["-1", "1/2"], [i]], ["abs", None, [i + 1]], ["mul", None, [i, i + 2]]], 90
    ),
    "polynomial of degree 2^140": chain([], lambda i: [["add", ["1", "1"], [i]], ["mul", None, [i, i + 1]]], 140),
    "doubled softplus": chain([], lambda i: [["add", ["1", "-1"], [i]], ["lse", None, [i, i + 1]]], 140),
    "tower of exponentials": chain([], lambda i: [["exp", None, [i]]], 290),
    "sines of sines": chain([], lambda i: [["sin", None, [i]]], 290),
    "doubled conjunction": [
        *chain([["const", "0", []], ["lt", None, [0, 1]]], lambda i: [["and", None, [i, i]]], 100),
        ["where", None, [102, 0, 1]],
    ],
    "15 million arguments": [["var", "v", []], *([["add", ["0"] + ["1"] * 1000, [0] * 1000]] * 15_000)],
    "too deep": chain([], lambda i: [["exp", None, [i]]], 400),
    "forward reference": [["exp", None, [1]], ["var", "v", []]],
    "condition as a number": [["var", "v", []], ["lt", None, [0, 0]], ["exp", None, [1]]],
    "number as a condition": [["var", "v", []], ["where", None, [0, 0, 0]]],
}
TRUE = {
    "square of a square": {"convex", "nonnegative"},
    "exponent of 390 digits": {"convex", "nonnegative"},
    "coefficients of 390 digits": {"convex"},
    "tower of exponentials": {"convex", "nonnegative"},
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_graphs_end_soon(name: str, originals: list[tuple[Certificate, Statement]]) -> None:
    wanted = {"convex", "nonnegative", "nonincreasing"}
    proofs = {c["proof"]["rule"]: c for c, _ in originals if c["kind"] == "margin" and c["claim"]["property"] in wanted}
    nodes = HOSTILE[name]
    for c in proofs.values():
        mutant = {**c, "graph": {"nodes": nodes, "roots": [len(nodes) - 1]}, "constants": {}}
        started = time.process_time()
        try:
            found = verify(mutant)
            assert found.property in TRUE.get(name, set()), f"{found.property} is accepted"
        except CertificateRejected:
            pass
        assert time.process_time() - started < 60


def test_hostile_proofs_end_soon(originals: list[tuple[Certificate, Statement]]) -> None:
    c = next(c for c, s in originals if s.property == "convex" and s.verdict == "proved")
    deep: Any = {"rule": "implication"}
    for _ in range(50_000):
        deep = {"rule": "implication", "theorem": "strictly_proper_is_proper", "premises": [deep]}
    long = {**c["proof"], "breaks": [str(k) for k in range(50_000)]}
    rules = ["", "..", "os", "__init__", "convex_by_pieces.check", "a" * 10**6, 7, None, ["kink"]]
    for proof in [deep, *({"rule": r} for r in rules)]:
        with pytest.raises(CertificateRejected):
            verify({**c, "proof": proof})
    started = time.process_time()
    try:
        verify({**c, "proof": long})
    except CertificateRejected:
        pass
    assert time.process_time() - started < 60
