"""Symmetry and the triangle inequality make a divergence nonnegative."""

from losscheck.theorem import Theorem

THEOREM = Theorem(
    name="symmetric_and_triangle_is_nonnegative",
    kinds=frozenset({"divergence"}),
    premises=(("symmetric_arguments", True), ("triangle_inequality", True)),
    conclusion=("nonnegative", True),
    statement="0 <= d(a, a), as d(a, a) <= 2 d(a, a), and d(a, a) <= d(a, b) + d(b, a) = 2 d(a, b).",
    reference="immediate",
)
