"""Hypothesis profiles: ``dev`` by hand, ``ci`` (the same examples in every run), ``fuzz`` for long searches."""

import os

from hypothesis import HealthCheck, settings

settings.register_profile("dev", max_examples=50, deadline=None)
settings.register_profile(
    "ci",
    max_examples=200,
    derandomize=True,
    deadline=None,
    database=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("fuzz", parent=settings.get_profile("dev"), max_examples=20_000)
os.environ["LOSSCHECK_CACHE"] = "off"  # what is tested is computed; the cache has tests of its own
settings.load_profile(os.getenv("HYPOTHESIS_PROFILE", "ci" if os.getenv("CI") else "dev"))
