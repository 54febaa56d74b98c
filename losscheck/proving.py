"""From a proposed proof to an outcome: the verifier decides.

A theorem hands a proof tree here; it becomes PROVED or REFUTED only when the independent verifier accepts the
certificate, under one of the choices of float constants.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from typing import Any

from losscheck.certificate import certificate
from losscheck.expr.constants import choices
from losscheck.lifting.lifted import Lifted
from losscheck.verdict import Outcome, proved, refuted
from losscheck.verified import derived, verified
from losscheck.verifier import CertificateRejected
from losscheck.verifier.verify import Fact

REJECTIONS: deque[str] = deque(maxlen=20)
"""Why the last proof attempts failed: to look at while writing a theorem."""


def derive(
    lifted: Lifted, prop: str, verdict: str, proof: Mapping[str, Any], constants: Mapping[str, str] | None = None
) -> Fact | None:
    """What a proof establishes (its params, value, bounds, slack), or None when it is rejected.

    The rule derives the numbers of a claim; a prover that does not know them asks here first.
    """
    try:
        said = derived(certificate(lifted, prop, verdict, proof, constants=constants))
    except (CertificateRejected, MemoryError) as error:
        said = str(error)
    if isinstance(said, Fact):
        return said
    REJECTIONS.append(f"{proof.get('rule')}: {said}")
    return None


def _attempt(
    lifted: Lifted, prop: str, verdict: str, proof: Mapping[str, Any], constants: Mapping[str, str]
) -> tuple[dict[str, Any], Fact] | None:
    fact = derive(lifted, prop, verdict, proof, constants)
    if fact is None or fact.property != prop or fact.holds != (verdict == "proved"):
        return None
    made = certificate(
        lifted, prop, verdict, proof, params={**fact.params, **lifted.ranges}, constants=constants, value=fact.value,
        bounds=fact.bounds, slack=fact.slack,
    )  # fmt: skip
    try:
        verified(made)
    except CertificateRejected as error:
        REJECTIONS.append(f"{proof.get('rule')}: {error}")
        return None
    return made, fact


def _domain(lifted: Lifted) -> str:
    ranges = "".join(f", {name} in [{low}, {high}]" for name, low, high in lifted.parameters)
    return _of_arguments(lifted) + ranges


def _of_arguments(lifted: Lifted) -> str:
    if lifted.arguments:
        return _of_rows(lifted)
    if lifted.kind == "divergence":
        return f"the open simplex, K = {lifted.n_classes}"
    if lifted.kind == "set":
        return {"unit": "[0, 1]^M"}.get(lifted.domain, lifted.domain) + f", M = {lifted.n_classes}"
    return {"real": "R", "positive": "the positive numbers", "unit": "[0, 1]", "simplex": "the closed simplex"}.get(
        lifted.domain, lifted.domain
    )


def _of_rows(lifted: Lifted) -> str:
    """Of a loss with a signature of its own: sizes, what the arguments range over, the labels that were read."""
    sizes = dict.fromkeys(f"{axis} = {size}" for _, axes, _ in lifted.arguments for axis, size in axes if axis)
    kinds: dict[str, list[str]] = {}
    for name, _, domain in lifted.arguments:
        if isinstance(domain, str):
            kinds.setdefault(domain, []).append(name)
    words = [", ".join(sizes), *(f"{', '.join(names)} in {domain}" for domain, names in kinds.items())]
    if labels := dict.fromkeys(" ".join(map(str, values)) for values, _ in lifted.labels if values):
        words.append(f"labels {' or '.join(labels)}")
    return "; ".join([*filter(None, words), "where the loss has a value"])


def prove(
    lifted: Lifted,
    prop: str,
    proof: Mapping[str, Any],
    *,
    message: str,
    params: Mapping[str, Any] | None = None,
    robust: bool = False,
    constants: Mapping[str, str] | None = None,
) -> Outcome | None:
    """The outcome ``proved`` if the verifier accepts the proof under a choice of constants, else None.

    Value, bounds and slack of the outcome are what the rule derives. ``params``, when given, must equal them. What
    rounding may cause (a jump of 1e-17) is asked to be ``robust``: the proof must hold for every choice. A choice of
    ``constants`` other than the usual ones is tried alone.
    """
    if robust and derive(lifted, prop, "refuted", proof) is None:  # reads the constants as intervals
        return None
    tried = choices(lifted.roots) if constants is None else [dict(constants)]
    for choice in tried:
        found = _attempt(lifted, prop, "proved", proof, choice)
        if found and (params is None or dict(params) == found[1].params):
            made, fact = found
            return proved(
                message, certificate=made, constants=choice, value=_number(fact.value), bounds=_numbers(fact.bounds),
                params={**fact.params, **lifted.ranges}, domain=_domain(lifted), n_classes=lifted.n_classes,
            )  # fmt: skip
    return None


def refute(
    lifted: Lifted,
    prop: str,
    proof: Mapping[str, Any],
    *,
    message: str,
    witness: dict[str, Any] | None,
    params: Mapping[str, Any] | None = None,
) -> Outcome | None:
    """The outcome ``refuted`` if the verifier accepts the proof for every choice of constants, else None."""
    found = _attempt(lifted, prop, "refuted", proof, {})
    if not found or (params is not None and dict(params) != found[1].params):
        return None
    made, fact = found
    return refuted(
        message, witness=witness, certificate=made, value=_number(fact.value), bounds=_numbers(fact.bounds),
        slack=_number(fact.slack), params={**fact.params, **lifted.ranges}, domain=_domain(lifted),
        n_classes=lifted.n_classes,
    )  # fmt: skip


def _number(x: Any) -> Any:
    """A derived number as Python float: ``"inf"`` and ``"p/q"`` are read, lists elementwise; a formula stays."""
    if isinstance(x, list):
        return [_number(y) for y in x]
    if isinstance(x, str):
        from fractions import Fraction

        if x in ("inf", "-inf"):
            return float(x)
        return float(Fraction(x)) if set(x) <= set("-0123456789/") else x
    return x


def _numbers(x: Any) -> Any:
    return None if x is None else _number(x)
