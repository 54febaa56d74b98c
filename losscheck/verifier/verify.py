"""The entry: check a certificate's proof and say exactly what it proves.

The claim is never trusted: every rule derives its own :class:`Fact` from the graph, and the claim must equal it.
:func:`derive` is the proof's part of this, :func:`verify` both.
"""

from __future__ import annotations

import importlib
import json
from dataclasses import dataclass, field
from typing import Any

from losscheck.verifier.balls import Undefined
from losscheck.verifier.budget import verification
from losscheck.verifier.certificate import Case, CertificateRejected, Statement, expect, read
from losscheck.verifier.cover import Exhausted
from losscheck.verifier.vanished import nothing_vanished

MAX_PROOFS = 2000
SCORES = ("margin", "binary", "signed", "probability", "logits", "simplex")
"""The kinds of a rule whose module names no ``KINDS`` of its own."""
EACH_LABEL = (*SCORES, "multilabel")
"""The kinds of a rule that speaks of the function of every label apart, whatever the labels are."""


@dataclass(frozen=True)
class Fact:
    """What a rule has established about the loss of the certificate (all labels together)."""

    property: str
    holds: bool = True
    params: dict[str, Any] = field(default_factory=dict)
    value: Any = None
    bounds: Any = None
    slack: Any = None


class Checker:
    """Dispatches proof nodes to their rules; a rule may ask for the facts of its premises."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.steps = 0

    def fact(self, proof: Any) -> Fact:
        """Check one proof node and return what it establishes."""
        self.steps += 1
        expect(self.steps <= MAX_PROOFS, "the proof has too many nodes")
        expect(isinstance(proof, dict) and isinstance(proof.get("rule"), str), "a proof node names its rule")
        name = proof["rule"]
        expect(name.isidentifier() and name.isascii() and not name.startswith("_"), f"{name[:40]!r} is no rule")
        try:
            module = importlib.import_module(f"losscheck.verifier.rules.{name}")
        except ModuleNotFoundError:
            raise CertificateRejected(f"unknown rule {name[:60]!r}") from None
        kinds = getattr(module, "KINDS", SCORES)
        expect(self.case.kind in kinds, f"the rule {name} says nothing of kind {self.case.kind!r}")
        rows = self.case.rows
        expect(
            rows is None or rows.plain or getattr(module, "ROWS", False) is True,
            f"the rule {name} reads one real argument alone",
        )
        ranges = getattr(module, "PARAMETERS", False) is True
        expect(ranges or not self.case.parameters, f"the rule {name} says nothing of every value of a parameter")
        established: Fact = module.check(self, self.case, proof)
        return established

    def premise(self, proof: Any, wanted: str, holds: bool = True) -> Fact:
        """Check a premise that must establish a given property."""
        found = self.fact(proof)
        expect(
            found.property == wanted and found.holds == holds,
            f"the premise shows {found.property} = {found.holds}, not {wanted} = {holds}",
        )
        return found


@dataclass(frozen=True)
class Derived:
    """What the proof of a certificate establishes, whatever numbers its claim names."""

    fact: Fact
    graph: str
    n_classes: int | None
    domain: str
    refuting: bool
    constants: dict[str, str]
    ranges: dict[str, str]


def derive(certificate: Any, checker: type[Checker] = Checker) -> Derived:
    """Check everything about a certificate but the numbers of its claim.

    Another ``checker`` may remember what rules have established before.

    Raises
    ------
    CertificateRejected
        Where the proof does not hold.
    """
    try:
        with verification():
            case = read(certificate)
            nothing_vanished(case)
            fact = checker(case).fact(case.proof)
    except CertificateRejected:
        raise
    except (Exhausted, Undefined) as error:
        raise CertificateRejected(str(error)) from None
    except (KeyError, IndexError, TypeError, ValueError, AttributeError, ZeroDivisionError, OverflowError) as error:
        raise CertificateRejected(f"malformed proof: {type(error).__name__}: {error}") from None
    except RecursionError:
        raise CertificateRejected("the proof needs too much: RecursionError") from None
    ranges = {name: f"{low}..{high}" for name, (low, high) in case.parameters.items()}
    return Derived(fact, case.digest, case.n_classes, case.domain, case.refuting, case.constants, ranges)


def stated(derived: Derived, claim: Any) -> Statement:
    """The statement of a claim that says exactly what was derived; other claims are rejected."""
    fact = derived.fact
    expect(not derived.ranges.keys() & fact.params.keys(), "a parameter of the loss is named like one of the property")
    params = {**fact.params, **derived.ranges}
    expect(fact.holds != derived.refuting, "the proof shows the opposite of the claimed verdict")
    for name, found in (
        ("property", fact.property),
        ("params", params),
        ("value", fact.value),
        ("bounds", fact.bounds),
        ("slack", fact.slack),
    ):
        said = claim.get(name) if name != "params" else claim.get(name, {})
        same = json.dumps(said, sort_keys=True) == json.dumps(found, sort_keys=True)
        expect(same, f"the claim says {name} = {said!r}, the proof shows {found!r}")
    return Statement(
        derived.graph, fact.property, params, derived.n_classes, claim["verdict"], fact.value, fact.bounds,
        fact.slack, derived.domain, {} if derived.refuting else derived.constants,
    )  # fmt: skip


def verify(certificate: Any) -> Statement:
    """Check a certificate; return what it proves or raise :class:`CertificateRejected`."""
    try:
        return stated(derive(certificate), certificate["claim"])
    except MemoryError:
        raise CertificateRejected("the proof needs too much: MemoryError") from None
