"""What uniform noise costs at most, from the range of the class sum. Rule ``noise_excess_risk``."""

from __future__ import annotations

from typing import Any

from losscheck.certificate import q
from losscheck.lifting.lifted import Lifted
from losscheck.proving import prove
from losscheck.theorems import class_sum_bounds, class_sum_on_line, symmetric_by_identity
from losscheck.theorems.question import number
from losscheck.verdict import Outcome


def attempt(lifted: Lifted, params: dict[str, Any]) -> Outcome | None:
    """Enclose the bound, or None."""
    search = class_sum_bounds if lifted.kind == "logits" else class_sum_on_line
    sums = symmetric_by_identity.attempt(lifted) or search.attempt(lifted)
    if sums is None or sums.certificate is None:
        return None
    proof = {
        "rule": "noise_excess_risk", "params": params, "rate": q(number(params["rate"])),
        "premise": sums.certificate["proof"],
    }  # fmt: skip
    found = prove(lifted, "noise_excess_risk_bound", proof, message="")
    if found is None:
        return None
    ends = "one constant" if sums.value is None else "between {:.9g} and {:.9g}".format(*sums.value)
    return found.with_(
        message=f"The losses of all labels add up to {ends}, so noise of rate {params['rate']} costs at most "
        f"{found.value:.9g} of {params['side']} risk."
    )
