"""An improper loss is not strictly proper: the contrapositive of ``strictly_proper_is_proper``."""

from losscheck.theorem import Theorem

THEOREM = Theorem(
    name="improper_is_not_strictly_proper",
    kinds=frozenset({"probability", "simplex"}),
    premises=(("proper", False),),
    conclusion=("strictly_proper", False),
    statement="If some truth does not minimise its conditional risk, it is not the only minimiser either.",
    reference="T. Gneiting, A. E. Raftery (2007). Strictly proper scoring rules, prediction, and estimation. JASA 102.",
)
