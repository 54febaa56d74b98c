"""One certificate for the regrets of several."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from losscheck.theorems.h_transform import proof_of_all
from losscheck.verified import derived
from losscheck.verifier import CertificateRejected, verify


def joined_certificate(certificates: Sequence[dict[str, Any]]) -> dict[str, Any] | None:
    """One certificate for the regrets of several, checked; None where no choice of constants serves all."""
    if len(certificates) < 2:
        return certificates[0] if certificates else None
    ts = sorted({t for made in certificates for t in made["claim"]["params"]["t"]})
    proof = proof_of_all(certificates, ts)
    for made in certificates:
        whole = {**made, "proof": proof}
        fact = derived(whole)
        if isinstance(fact, str):
            continue
        whole["claim"] = {**made["claim"], "params": fact.params, "value": fact.value, "bounds": fact.bounds}
        try:
            verify(whole)
        except CertificateRejected:
            continue
        return whole
    return None
