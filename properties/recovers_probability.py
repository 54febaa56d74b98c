r"""Recovers probability: the class probabilities can be read off a score that minimises the conditional risk.

Margin and binary losses: every :math:`\eta \in (0, 1)` has a finite minimiser of
:math:`\eta\,\ell(z, 1) + (1-\eta)\,\ell(z, 0)`, and no score minimises it for two different eta. K classes, with
``link="softmax"``: for every interior p each minimising sequence of the conditional risk has softmax(z_n) -> p.
Several labels: one score for each, as for binary losses, and eta is the vector of the labels' probabilities. Soft
labels: p is the mean of their law.

* ``proved``: the slopes of the two sides balance along a monotone link that runs from 0 to 1; K classes: theorems.
* ``refuted``: two eta with a common minimiser (symmetric and even losses, breakpoints), or one eta without any.

References: A. Buja, W. Stuetzle, Y. Shen (2005), Loss functions for binary class probability estimation;
M. D. Reid, R. C. Williamson (2010), Composite binary losses.
"""

from __future__ import annotations

from losscheck.lifting.lifted import Lifted
from losscheck.property import theory
from losscheck.theorems import (
    by_reduction,
    miscalibrated_labels,
    recovers_by_link,
    unrecoverable_by_minimisers,
    unrecoverable_by_symmetry,
)
from losscheck.theorems.recovers_logits import recovers
from losscheck.verdict import Outcome, not_applicable, undecided

NOT_LINEAR = "The loss is not shown to be linear in the soft label, with hard labels that decide it."
NO_SUM = "The loss is not shown to be a sum over the labels whose parts decide it."
KINDS = ("margin", "binary", "signed", "logits", "soft", "multilabel")


@theory(kinds=KINDS, title="The minimising score determines the class probabilities", params={"link": None})
def recovers_probability(lifted: Lifted, link: str | None = None) -> Outcome:
    """Decide recovery of probabilities; losses of logits are asked with the softmax link."""
    if lifted.kind == "logits":
        return recovers(lifted, link or "softmax")
    if lifted.kind == "soft":
        made = by_reduction.attempt(lifted, "recovers_probability", recovers_probability, link=link)
        return made or undecided(NOT_LINEAR, reason="no theorem applies", params={"link": link})
    if link is not None:
        return not_applicable(f"link={link!r} is asked of losses of logits; a single score has a link of its own")
    if lifted.kind == "multilabel":
        made = by_reduction.attempt(lifted, "recovers_probability", recovers_probability)
        made = made or miscalibrated_labels.unheard(lifted, "recovers_probability")
        return made or undecided(NO_SUM, reason="no theorem applies")
    return (
        unrecoverable_by_symmetry.refuted(lifted)  # cheap, and links of symmetric losses are dear to search
        or recovers_by_link.attempt(lifted)
        or unrecoverable_by_minimisers.refuted(lifted)
        or undecided("No link was shown, and no two eta that share a minimiser.", reason="no theorem applies")
    )
