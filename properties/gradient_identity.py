r"""Gradient identity: the gradient in the scores is a map minus the label.

.. math:: \nabla_z \ell(z, y) = s(z) - e_y \qquad \text{with one map } s \text{ for all labels,}

wherever the loss is differentiable: the form of Fenchel-Young (canonical) losses, of which cross-entropy is that of
softmax. ``map="softmax"`` asks for that map.

* ``proved``: the :math:`\ell(z, y) + z_y` are one function up to constants, an exact identity (``softmax``: the
  logarithm of the sum of exponentials).
* ``refuted``: a small box on which a derivative differs, for every choice of the float constants.

References: M. Blondel, A. Martins, V. Niculae (2020), Learning with Fenchel-Young losses.
"""

from __future__ import annotations

from losscheck.lifting.lifted import Lifted
from losscheck.property import theory
from losscheck.proving import prove
from losscheck.theorems import by_threshold, derivative_witness
from losscheck.verdict import Outcome, undecided


@theory(kinds=("logits",), title="The gradient is a map minus the label", params={"map": None})
def gradient_identity(lifted: Lifted, map: str | None = None) -> Outcome:
    """Decide the identity.

    Raises
    ------
    ValueError
        When the map is not "softmax".
    """
    if map not in (None, "softmax"):
        raise ValueError(f"map={map!r} is not known; give 'softmax', or None for any map")
    message = f"The gradient is {map or 'one map of the scores'} minus the label: an exact identity."
    proof = {"rule": "gradient_identity", "map": map}
    return (
        derivative_witness.no_identity(lifted, map)
        or (by_threshold.attempt(lifted, "gradient_identity") if map is None else None)
        or prove(lifted, "gradient_identity", proof, message=message)
        or undecided("No derivative was seen to differ, and the identity was not shown.", params={"map": map})
    )
