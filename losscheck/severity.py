"""How much an outcome matters: the claims table, then the property's own judgement.

A fact is no fault: a refuted theory property nobody claimed is a note. A violated claim is an error, a claim left open
a warning. A behaviour that breaks carries the severity its property gives it, a warning where it gives none.
"""

from __future__ import annotations

from losscheck.claim import Standing
from losscheck.verdict import Outcome, Severity, Verdict

_UNCLAIMED = {
    Verdict.PROVED: Severity.NONE,
    Verdict.SUPPORTED: Severity.NONE,
    Verdict.NOT_APPLICABLE: Severity.NONE,
    Verdict.UNDECIDED: Severity.NOTE,
    Verdict.UNSUPPORTED: Severity.NOTE,
    Verdict.REFUTED: Severity.NOTE,
    Verdict.ERROR: Severity.WARNING,  # a defect of ours says nothing about the loss; the command line exits 4
}


def severity(outcome: Outcome, layer: str, standing: Standing | None, *, waived: bool = False) -> Severity:
    """Return the severity of ``outcome``; ``standing`` is None where nothing is claimed.

    >>> from losscheck.verdict import refuted
    >>> severity(refuted("not convex at 1/2", witness={}), "theory", None).value
    'note'
    """
    if standing is Standing.VIOLATED:
        found = Severity.ERROR
    elif standing is Standing.OPEN:
        found = Severity.WARNING
    elif standing is Standing.MET:
        found = Severity.NOTE if outcome.verdict is Verdict.REFUTED else Severity.NONE
    elif outcome.verdict is Verdict.REFUTED and layer == "behaviour":
        found = outcome.severity or Severity.WARNING
    else:
        found = _UNCLAIMED[outcome.verdict]
    return Severity.NOTE if waived and found in (Severity.ERROR, Severity.WARNING) else found
