"""A symmetric margin loss that is bounded below is bounded above: phi(v) = C - phi(-v) <= C - inf phi."""

from losscheck.theorem import Theorem

THEOREM = Theorem(
    name="symmetric_and_bounded_below_is_bounded_above",
    kinds=frozenset({"margin"}),
    premises=(("symmetric", True), ("bounded_below", True)),
    conclusion=("bounded_above", True),
    statement="phi(v) + phi(-v) = C for every v, so phi(v) = C - phi(-v) <= C - inf phi.",
    reference="Ghosh, Manwani, Sastry (2015). Making risk minimization tolerant to label noise. Neurocomputing 160.",
)
