"""The losses of rows that the statistics of a row determine, as functions of a GPU.

Names, formulas and special values are those of the CPU kernels; tests hold the two to each other.
"""

import math
from typing import Any

from losscheck.kernels.cuda.reductions import device
from losscheck.kernels.cuda.statistics import Twin, not_a_number, not_finite


@device
def _certain(others: Any, own: Any) -> Any:
    """Cross-entropy from the sum over the others and the true logit, both relative to the largest."""
    e = math.exp(own)
    return math.log1p(others) if own >= 0 else math.log(others + e) - own


@device
def _softplus(v: Any) -> Any:
    return max(v, 0.0) + math.log1p(math.exp(-abs(v))) if v == v else v


@device
def _up(v: Any) -> Any:
    e = math.exp(-abs(v))
    return (1.0 if v >= 0 else e) / (1.0 + e)


def _others(d: Any, mine: Any, j: Any, row: Any, found: Any, p: Any) -> Any:
    return 0.0 if mine else math.exp(d)


def _logits(d: Any, mine: Any, j: Any, row: Any, found: Any, p: Any) -> Any:
    return d


def _cross_entropy(d: Any, mine: Any, j: Any, row: Any, found: Any, p: Any) -> Any:
    own, _, _ = row
    s, _, _ = found
    return _certain(s, own)


def _shares(d: Any, mine: Any, j: Any, row: Any, found: Any, p: Any) -> Any:
    own, _, _ = row
    s, _, _ = found
    return (-s if mine else math.exp(d)) / (s + math.exp(own))


def _stable(x: Any, i: Any, j: Any, a: Any) -> Any:
    size = abs(x)
    return math.log1p(size) if x >= 0 else (-math.log1p(size) if x < 0 else x), 1.0 / (1.0 + size)


def _distance(x: Any, i: Any, j: Any, a: Any) -> Any:
    return -a * math.log(x) if x > 0 else math.nan, -a / x if x > 0 else math.nan


def _cooled(x: Any, i: Any, j: Any, a: Any) -> Any:
    return x / a, 1.0 / a


def _cooled_hidden(x: Any, i: Any, j: Any, a: Any) -> Any:
    return -math.inf if i == j else x / a, 1.0 / a


def _smoothed(d: Any, mine: Any, j: Any, row: Any, found: Any, p: Any) -> Any:
    own, _, k = row
    s, t, _ = found
    a, _, _ = p
    return _certain(s, own) + (a * (own - t / k) if a > 0 and own > -math.inf else 0.0)


def _smoothed_slope(d: Any, mine: Any, j: Any, row: Any, found: Any, p: Any) -> Any:
    own, _, k = row
    s, _, _ = found
    a, _, _ = p
    return (a - s / (s + math.exp(own)) if mine else math.exp(d) / (s + math.exp(own))) - a / k


def _normalised(d: Any, mine: Any, j: Any, row: Any, found: Any, p: Any) -> Any:
    own, _, k = row
    s, t, _ = found
    a, b, _ = p
    loss = _certain(s, own)
    return a * loss / (k * (loss + (own - t / k))) - b * math.expm1(-loss)


def _normalised_slope(d: Any, mine: Any, j: Any, row: Any, found: Any, p: Any) -> Any:
    own, _, k = row
    s, t, _ = found
    a, b, _ = p
    loss = _certain(s, own)
    every = k * (loss + (own - t / k))
    up, down = math.exp(-loss), s / (s + math.exp(own))
    fixed = a * loss / every / every
    if mine:
        return -(down * (a / every + b * up) + fixed * (k * (1.0 - down) - 1.0))
    return (a / every + b * up - a * loss / every * (k / every)) * math.exp(d) / (s + math.exp(own)) + fixed


def _distance_mean(d: Any, mine: Any, j: Any, row: Any, found: Any, p: Any) -> Any:
    _, _, k = row
    return d / k


def _squares(d: Any, mine: Any, j: Any, row: Any, found: Any, p: Any) -> Any:
    _, _, k = row
    s, _, _ = found
    return (d - s) * (d - s) / k


def _standardised(d: Any, mine: Any, j: Any, row: Any, found: Any, p: Any) -> Any:
    own, _, _ = row
    s, t, _ = found
    a, b, _ = p
    return _softplus(a * (b - (own - s) / math.sqrt(t))) / a if t > 0 else math.nan


def _standardised_slope(d: Any, mine: Any, j: Any, row: Any, found: Any, p: Any) -> Any:
    own, _, k = row
    s, t, u = found
    a, b, _ = p
    if not t > 0:
        return math.nan
    u = (own - s) / math.sqrt(t)
    share = -_up(a * (b - u)) / math.sqrt(t)
    return share * ((1.0 if mine else 0.0) - 1.0 / k - u * ((d - s) / math.sqrt(t)) / k)


def _violations(d: Any, mine: Any, j: Any, row: Any, found: Any, p: Any) -> Any:
    own, _, _ = row
    r = 1.0 + (d - own)
    return r if r > 0 and not mine else 0.0


def _violated(d: Any, mine: Any, j: Any, row: Any, found: Any, p: Any) -> Any:
    own, _, _ = row
    return 1.0 if 1.0 + (d - own) > 0 and not mine else 0.0


def _first_statistic(d: Any, mine: Any, j: Any, row: Any, found: Any, p: Any) -> Any:
    s, _, _ = found
    return s


def _violated_slope(d: Any, mine: Any, j: Any, row: Any, found: Any, p: Any) -> Any:
    own, _, _ = row
    _, t, _ = found
    return -t if mine else (1.0 if 1.0 + (d - own) > 0 else 0.0)


def _rival(d: Any, mine: Any, j: Any, row: Any, found: Any, p: Any) -> Any:
    return -math.inf if mine else d


def _first_rival(d: Any, mine: Any, j: Any, row: Any, found: Any, p: Any) -> Any:
    s, _, _ = found
    return float(-j) if not mine and d == s else -math.inf


def _gap(d: Any, mine: Any, j: Any, row: Any, found: Any, p: Any) -> Any:
    own, _, _ = row
    s, _, _ = found
    return max(0.0, 1.0 + (s - own)) if s > -math.inf else 0.0


def _gap_slope(d: Any, mine: Any, j: Any, row: Any, found: Any, p: Any) -> Any:
    own, _, _ = row
    s, t, _ = found
    if not (s > -math.inf and 1.0 + (s - own) > 0):
        return 0.0
    return -1.0 if mine else (1.0 if float(-j) == t else 0.0)


def _centred(d: Any, mine: Any, j: Any, row: Any, found: Any, p: Any) -> Any:
    s, _, _ = found
    return 0.0 if mine else max(0.0, 1.0 + (d - s))


def _centred_hit(d: Any, mine: Any, j: Any, row: Any, found: Any, p: Any) -> Any:
    return 1.0 if 1.0 + (d - found[0]) > 0 and not mine else 0.0


def _second_statistic(d: Any, mine: Any, j: Any, row: Any, found: Any, p: Any) -> Any:
    return found[1]


def _centred_slope(d: Any, mine: Any, j: Any, row: Any, found: Any, p: Any) -> Any:
    return (1.0 if 1.0 + (d - found[0]) > 0 and not mine else 0.0) - found[2] / row[2]


def _squared_others(d: Any, mine: Any, j: Any, row: Any, found: Any, p: Any) -> Any:
    return 0.0 if mine else (d + row[1]) ** 2


def _squentropy(d: Any, mine: Any, j: Any, row: Any, found: Any, p: Any) -> Any:
    return _certain(found[0], row[0]) + found[1] / max(row[2] - 1.0, 1.0)


def _squentropy_slope(d: Any, mine: Any, j: Any, row: Any, found: Any, p: Any) -> Any:
    whole = found[0] + math.exp(row[0])
    return -found[0] / whole if mine else math.exp(d) / whole + 2.0 / max(row[2] - 1.0, 1.0) * (d + row[1])


def _pair(d: Any, mine: Any, j: Any, row: Any, found: Any, p: Any) -> Any:
    a, b, _ = p
    v = a * d + b
    return _softplus(-v if mine else v)


def _pair_slope(d: Any, mine: Any, j: Any, row: Any, found: Any, p: Any) -> Any:
    a, b, _ = p
    v = a * d + b
    return -a * _up(-v) if mine else a * _up(v)


def _asymmetric(d: Any, mine: Any, j: Any, row: Any, found: Any, p: Any) -> Any:
    a, b, c = p
    if mine:
        weight = math.exp(-a * _softplus(d)) if a > 0 else 1.0
        return weight * _softplus(-d) if weight > 0 else 0.0
    rest = _up(d) - c
    if not rest > 0:
        return 0.0
    return rest**b * (_softplus(d) if c == 0 else -math.log(_up(-d) + c))


def _asymmetric_slope(d: Any, mine: Any, j: Any, row: Any, found: Any, p: Any) -> Any:
    a, b, c = p
    up, down = _up(d), _up(-d)
    if mine:
        weight = math.exp(-a * _softplus(d)) if a > 0 else 1.0
        return -weight * (a * (up * _softplus(-d) if up > 0 else 0.0) + down)
    rest = up - c
    if not rest > 0:
        return 0.0
    minus_log = _softplus(d) if c == 0 else -math.log(down + c)
    lead = b * rest ** (b - 1.0) * minus_log * up * down if down > 0 else 0.0
    return lead + rest**b * (up if c == 0 else up * down / (down + c))


_CONTRAST = (_others, _cross_entropy, _shares)
TWINS: dict[str, Twin] = {
    "stablemax": Twin(*_CONTRAST, enter=_stable),
    "harmonic": Twin(*_CONTRAST, enter=_distance),
    "info_nce": Twin(*_CONTRAST, enter=_cooled),
    "nt_xent": Twin(*_CONTRAST, enter=_cooled_hidden),
    "label_smoothing": Twin(_others, _smoothed, _smoothed_slope, _logits),
    "active_passive": Twin(_others, _normalised, _normalised_slope, _logits),
    "z_loss": Twin(_distance_mean, _standardised, _standardised_slope, _squares, undefined=not_finite),
    "weston_watkins": Twin(_violations, _first_statistic, _violated_slope, _violated),
    "lee_lin_wahba": Twin(
        _distance_mean, _second_statistic, _centred_slope, _centred, _centred_hit, undefined=not_finite
    ),
    "squentropy": Twin(_others, _squentropy, _squentropy_slope, _squared_others),
    "crammer_singer": Twin(_rival, _gap, _gap_slope, _first_rival, largest=(True, True, False)),
    "siglip": Twin(_pair, _first_statistic, _pair_slope, undefined=not_a_number, shifts=False),
    "asymmetric": Twin(_asymmetric, _first_statistic, _asymmetric_slope, undefined=not_a_number, targets=True),
    "multilabel_logistic": Twin(_pair, _first_statistic, _pair_slope, undefined=not_a_number, targets=True),
}
