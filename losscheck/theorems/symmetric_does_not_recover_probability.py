"""A symmetric margin loss does not recover the probability: its risk has the same minimisers for all eta > 1/2."""

from losscheck.theorem import Theorem

THEOREM = Theorem(
    name="symmetric_does_not_recover_probability",
    kinds=frozenset({"margin"}),
    premises=(("symmetric", True),),
    conclusion=("recovers_probability", False),
    statement=(
        "With phi(-v) = C - phi(v) the conditional risk is (2 eta - 1) phi(v) + (1 - eta) C: for every eta > 1/2 its "
        "minimisers are those of phi, one set for all eta, and if that set is empty no eta > 1/2 has a minimiser."
    ),
    reference="Ghosh, Manwani, Sastry (2015). Making risk minimization tolerant to label noise. Neurocomputing 160.",
)
