r"""Forward correction of class-conditional noise: fitting noisy labels through the noise recovers clean probabilities.

Noise turns label y into j with probability ``T[y][j]``: clean law p, noisy law ``T'p``. The corrected loss of a report
q is that of ``T'q``.

- ``proper`` (probabilities, simplex): if l is strictly proper (premise) and T is invertible, then for every p of the
  closed simplex ``E_{j ~ T'p} l(T'q, j)`` is least at ``T'q = T'p`` only, so at q = p only.
- ``link`` (logits, q = softmax(z), corrected scores ``log(T'q)``): let every minimising sequence of every interior law
  have its softmax converge to the law (premise ``recovers_probability``), let l be continuous (no branches, defined
  everywhere) and invariant under shifts of all scores, and T invertible. Then no column of T is 0, ``r = T'p`` is
  interior for interior p, and ``log r`` attains the infimum of the risk under r: a minimising sequence, shifted to
  ``log softmax``, converges to it. So the infimum over corrected scores is the same, a minimising sequence of them is
  one of all scores, ``T' softmax(z_n) -> T'p``, and ``softmax(z_n) -> p``.
- ``lost``: if ``a'T = 0``, a != 0, then ``T'(p + e a) = T'p``: two clean laws with the same corrected risks, whatever
  the loss, so not both are recovered.

Proof node: ``{"rule": "forward_correction", "params": {"transition": ...}, "transition": [[...]], "way": "proper" |
"link", "inverse": [[...]], "premise": proof}`` or ``{..., "way": "lost", "lost": [...]}``.
"""

from __future__ import annotations

from typing import Any

from losscheck.verifier.certificate import Case, expect
from losscheck.verifier.corrections import asked, invertible, lost
from losscheck.verifier.points import defined_everywhere, whole_domain
from losscheck.verifier.softmax import shift_invariant
from losscheck.verifier.terms import walk
from losscheck.verifier.verify import Checker, Fact

KINDS = ("probability", "logits", "simplex")


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check the premises and the matrix."""
    params, rows, way = dict(proof["params"]), asked(case, proof), proof["way"]
    if way == "lost":
        lost(rows, proof["lost"])
        return Fact("forward_recovers", holds=False, params=params)
    expect(invertible(rows, proof["inverse"]), "the inverse is not that of the transition")
    if way == "proper":
        expect(case.kind != "logits", "properness is about probabilities")
        checker.premise(proof["premise"], "strictly_proper")
        return Fact("forward_recovers", params=params)
    expect(way == "link" and case.kind == "logits", "nothing else follows")
    found = checker.premise(proof["premise"], "recovers_probability")
    expect(found.params == {"link": "softmax"}, "the premise is about another link")
    expect(not any(n.op == "where" for n in walk(*case.roots)), "a loss branches")
    value = whole_domain(case)
    expect(all(defined_everywhere(root, value) for root in case.roots), "a loss is not shown to be defined everywhere")
    expect(shift_invariant(case), "the loss is not shown invariant under shifts of all scores")
    return Fact("forward_recovers", params=params)
