"""Array functions the catalogue's losses share, for NumPy and torch alike (through array-api-compat).

Each is written the way that neither overflows nor cancels; a loss that is *known* for its naive form writes that form
out itself.
"""

from losscheck.arrays.at_label import at_label
from losscheck.arrays.centred import centred
from losscheck.arrays.clip import clip
from losscheck.arrays.erf import erf
from losscheck.arrays.is_label import is_label
from losscheck.arrays.log_sigmoid import log_sigmoid
from losscheck.arrays.log_softmax import log_softmax
from losscheck.arrays.logsumexp import logsumexp
from losscheck.arrays.logsumexp_others import logsumexp_others
from losscheck.arrays.margins import margins
from losscheck.arrays.max_others import max_others
from losscheck.arrays.ratio import ratio
from losscheck.arrays.relu import relu
from losscheck.arrays.row_distance import row_distance
from losscheck.arrays.sigmoid import sigmoid
from losscheck.arrays.signs import signs
from losscheck.arrays.softmax import softmax
from losscheck.arrays.softplus import softplus
from losscheck.arrays.sum_others import sum_others
from losscheck.arrays.unit_rows import unit_rows
from losscheck.arrays.xlogy import xlogy

__all__ = [
    "at_label",
    "centred",
    "clip",
    "erf",
    "is_label",
    "log_sigmoid",
    "log_softmax",
    "logsumexp",
    "logsumexp_others",
    "margins",
    "max_others",
    "ratio",
    "relu",
    "row_distance",
    "sigmoid",
    "signs",
    "softmax",
    "softplus",
    "sum_others",
    "unit_rows",
    "xlogy",
]
