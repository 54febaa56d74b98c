"""Array functions the catalogue's losses share, for NumPy and torch alike (through array-api-compat).

Each is written the way that neither overflows nor cancels; a loss that is *known* for its naive form writes that form
out itself.
"""

from losscheck.arrays.at_label import at_label
from losscheck.arrays.log_sigmoid import log_sigmoid
from losscheck.arrays.log_softmax import log_softmax
from losscheck.arrays.logsumexp import logsumexp
from losscheck.arrays.sigmoid import sigmoid
from losscheck.arrays.softmax import softmax
from losscheck.arrays.softplus import softplus

__all__ = ["at_label", "log_sigmoid", "log_softmax", "logsumexp", "sigmoid", "softmax", "softplus"]
