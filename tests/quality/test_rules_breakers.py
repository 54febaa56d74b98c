"""Every rule of the verifier: a certificate it accepts, and at least three that break one hypothesis each.

``breakers/certificates.json`` has one small certificate per rule, as the prover made it; ``breakers/*.py`` say which
hypothesis fails after which change of the loss or of the proof. The rule must reject each on its own, before the claim
is compared with what the proof shows, and not because the proof is malformed.
"""

from __future__ import annotations

import copy
import importlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import losscheck.verifier.rules
from losscheck.verifier.balls import Undefined
from losscheck.verifier.budget import verification
from losscheck.verifier.certificate import CertificateRejected, read
from losscheck.verifier.cover import Exhausted
from losscheck.verifier.verify import Checker
from tests.quality.breakers.surgery import Breaker

FOLDER = Path(__file__).parent / "breakers"
LEAST = 3
RULES = sorted(f.stem for f in Path(losscheck.verifier.rules.__path__[0]).glob("*.py") if f.stem != "__init__")
TABLES = sorted(f.stem for f in FOLDER.glob("*.py") if f.stem != "surgery")
GOOD: dict[str, Any] = json.loads((FOLDER / "certificates.json").read_text(encoding="utf-8"))
BREAKERS: dict[str, tuple[Breaker, ...]] = {
    rule: found
    for table in TABLES
    for rule, found in importlib.import_module(f"tests.quality.breakers.{table}").BREAKERS.items()
}


def used(proof: Any) -> Iterator[str]:
    """Names of the rules in a proof."""
    if isinstance(proof, dict):
        if isinstance(proof.get("rule"), str):
            yield proof["rule"]
        for part in proof.values():
            yield from used(part)
    elif isinstance(proof, list):
        for part in proof:
            yield from used(part)


def test_every_rule_has_at_least_three() -> None:
    assert sorted(BREAKERS) == RULES
    assert sorted(GOOD) == RULES
    assert [rule for rule, found in BREAKERS.items() if len({b.hypothesis for b in found}) < LEAST] == []


@pytest.mark.parametrize("rule", sorted(GOOD))
def test_the_certificate_is_accepted(rule: str) -> None:
    """The numbers of a claim may get tighter with the rule; what it says of the property stays."""
    claim = GOOD[rule]["claim"]
    assert rule in set(used(GOOD[rule]["proof"]))
    with verification():
        case = read(copy.deepcopy(GOOD[rule]))
        found = Checker(case).fact(case.proof)
    assert (found.property, found.holds) == (claim["property"], claim["verdict"] == "proved")


@pytest.mark.parametrize("rule", sorted(BREAKERS))
def test_a_broken_hypothesis_is_rejected(rule: str) -> None:
    for breaker in BREAKERS[rule]:
        broken = breaker.broken(GOOD[rule])
        assert broken != GOOD[rule], breaker.hypothesis
        with verification():
            case = read(broken)
            try:
                found = Checker(case).fact(case.proof)
            except (CertificateRejected, Exhausted, Undefined):
                continue
        pytest.fail(f"{rule}: accepted although not: {breaker.hypothesis} ({found})")
