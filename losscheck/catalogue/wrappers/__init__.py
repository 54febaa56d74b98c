"""Wrappers: functions that make a loss out of a loss. What comes out is a `losscheck.Loss`, and audits like any other.

>>> from losscheck.catalogue.wrappers import label_smoothing, temperature
>>> label_smoothing(temperature("cross_entropy", 2.0), 0.1).name
'label_smoothing(temperature(cross_entropy, 2), 0.1)'
"""

from losscheck.catalogue.wrappers.aggregation import cvar, flooding, kl_robust, spectral_risk
from losscheck.catalogue.wrappers.bags import bag_instance
from losscheck.catalogue.wrappers.black_box import expected_loss, squared_sample_loss
from losscheck.catalogue.wrappers.canonical import canonical
from losscheck.catalogue.wrappers.class_weights import class_weights
from losscheck.catalogue.wrappers.distance_aware import distance_aware
from losscheck.catalogue.wrappers.ensemble_derivative import ensemble_derivative
from losscheck.catalogue.wrappers.group_robust import group_robust
from losscheck.catalogue.wrappers.holistic import holistic
from losscheck.catalogue.wrappers.label_margin import angular_margin, label_margin
from losscheck.catalogue.wrappers.label_smoothing import label_smoothing
from losscheck.catalogue.wrappers.logit_adjustment import logit_adjustment
from losscheck.catalogue.wrappers.logit_clip import logit_clip
from losscheck.catalogue.wrappers.mixup import mixup
from losscheck.catalogue.wrappers.noise_correction import backward_correction, forward_correction
from losscheck.catalogue.wrappers.normalised import normalised
from losscheck.catalogue.wrappers.self_distillation import self_distillation
from losscheck.catalogue.wrappers.temperature import temperature
from losscheck.catalogue.wrappers.two_sided_margin import two_sided_margin
from losscheck.catalogue.wrappers.verified import expressive, smooth_adversarial
from losscheck.catalogue.wrappers.weighted_sum import active_passive, weighted_sum, with_reverse

__all__ = [
    "active_passive",
    "angular_margin",
    "backward_correction",
    "bag_instance",
    "canonical",
    "class_weights",
    "cvar",
    "distance_aware",
    "ensemble_derivative",
    "expected_loss",
    "expressive",
    "flooding",
    "forward_correction",
    "group_robust",
    "holistic",
    "kl_robust",
    "label_margin",
    "label_smoothing",
    "logit_adjustment",
    "logit_clip",
    "mixup",
    "normalised",
    "self_distillation",
    "smooth_adversarial",
    "spectral_risk",
    "squared_sample_loss",
    "temperature",
    "two_sided_margin",
    "weighted_sum",
    "with_reverse",
]
