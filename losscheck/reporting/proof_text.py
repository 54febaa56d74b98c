"""A certificate to read: what is claimed, of what, under which constants, and the proof as a tree of lemmas."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator

from losscheck.finding import Finding
from losscheck.property import properties
from losscheck.reporting.proof import Budget, Step, steps

_ROLE = re.compile(r":\w+:`([^`]*)`|``(.*?)``", re.DOTALL)
WIDTH = 110
STEPS = 200


def as_proof(finding: Finding) -> str:
    """Return the proof of a certified finding as text.

    Raises
    ------
    ValueError
        When the finding has no certificate.
    """
    if finding.certificate is None:
        raise ValueError(f"{finding.id} is {finding.verdict} without a certificate; there is no proof to show")
    entry = properties().get(finding.property)
    where = f" on {finding.domain}" if finding.domain else ""
    lines = [f"{finding.id} is {finding.verdict}{where}"]
    lines += _wrapped(entry.title + "." if entry else "", "  ")
    lines += _wrapped(finding.message, "  ")
    for name, value in (("value", finding.value), ("bounds", finding.bounds), ("slack", finding.slack)):
        lines += [f"  {name} = {value}"] if value is not None else []
    lines += [f"  the constant {float.fromhex(x):.17g} is read as {r}" for x, r in sorted(finding.constants.items())]
    tree = steps(finding.certificate.get("proof"), Budget(STEPS))
    return "\n".join([*lines, "", *(_tree(tree, "1", "") if tree is not None else ["no proof is given"])])


def _wrapped(text: str, margin: str) -> list[str]:
    return textwrap.wrap(" ".join(text.split()), WIDTH, initial_indent=margin, subsequent_indent=margin)


def _tree(step: Step, number: str, margin: str) -> Iterator[str]:
    """Yield the lines of a step: rule, lemma, data, then what it rests on."""
    role = f"{step.role}: " if step.role else ""
    yield from _wrapped(f"{number}. {role}{step.title or step.rule} [{step.rule}]", margin)
    inside = margin + "   "
    for paragraph in step.lemma:
        for item in re.split(r"\n(?=[*-] )", paragraph):
            yield from _wrapped(_ROLE.sub(r"\1\2", item), inside + "| ")
    for key, text in step.data:
        yield from _wrapped(f"{key} = {text}", inside)
    for i, child in enumerate(step.below, 1):
        yield from _tree(child, f"{number}.{i}", inside)
    if step.omitted:
        yield f"{inside}and {step.omitted} more, in the certificate"
