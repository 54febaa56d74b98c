"""A symmetric margin loss that is bounded above is bounded below: phi(v) = C - phi(-v) >= C - sup phi."""

from losscheck.theorem import Theorem

THEOREM = Theorem(
    name="symmetric_and_bounded_above_is_bounded_below",
    kinds=frozenset({"margin"}),
    premises=(("symmetric", True), ("bounded_above", True)),
    conclusion=("bounded_below", True),
    statement="phi(v) + phi(-v) = C for every v, so phi(v) = C - phi(-v) >= C - sup phi.",
    reference="Ghosh, Manwani, Sastry (2015). Making risk minimization tolerant to label noise. Neurocomputing 160.",
)
