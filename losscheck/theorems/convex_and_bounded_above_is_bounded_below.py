"""A convex function on the whole line that is bounded above is constant, hence bounded below."""

from losscheck.theorem import Theorem

THEOREM = Theorem(
    name="convex_and_bounded_above_is_bounded_below",
    kinds=frozenset({"margin"}),
    premises=(("convex", True), ("bounded_above", True)),
    conclusion=("bounded_below", True),
    statement="A convex real function on R with a strictly positive or negative secant grows without bound along it.",
    reference="R. T. Rockafellar (1970). Convex Analysis, Corollary 8.6.2.",
)
