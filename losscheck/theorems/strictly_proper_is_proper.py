"""A strictly proper loss is proper: the only minimiser is a minimiser."""

from losscheck.theorem import Theorem

THEOREM = Theorem(
    name="strictly_proper_is_proper",
    kinds=frozenset({"probability", "simplex"}),
    premises=(("strictly_proper", True),),
    conclusion=("proper", True),
    statement="If the truth is the only minimiser of every conditional risk, it is a minimiser of every one.",
    reference="T. Gneiting, A. E. Raftery (2007). Strictly proper scoring rules, prediction, and estimation. JASA 102.",
)
