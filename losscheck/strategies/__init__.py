"""Hypothesis strategies for losses: margins, logits, points of the simplex, labels, whole batches, float hazards.

>>> from losscheck import strategies
>>> strategies.batches("z:(N,K):real y:(N,):index", n_classes=3).example()  # doctest: +SKIP
{'z': array([[...]]), 'y': array([...])}
"""

from losscheck.strategies.batches import batches as batches
from losscheck.strategies.hazard_floats import hazard_floats as hazard_floats
from losscheck.strategies.labels import labels as labels
from losscheck.strategies.labels import soft_labels as soft_labels
from losscheck.strategies.scores import logits as logits
from losscheck.strategies.scores import margins as margins
from losscheck.strategies.simplex_points import simplex_points as simplex_points
