"""A nonnegative loss is bounded below, by 0."""

from losscheck.theorem import Theorem

THEOREM = Theorem(
    name="nonnegative_is_bounded_below",
    kinds=frozenset({"margin", "binary", "signed", "probability", "logits", "simplex", "multilabel", "soft"}),
    premises=(("nonnegative", True),),
    conclusion=("bounded_below", True),
    statement="0 is a lower bound.",
    reference="immediate",
)
