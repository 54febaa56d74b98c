"""Every property of every loss is a test of its own; what is known to fail is expected to, and says why."""

from shop.losses import hinge, logistic, naive_logistic

from losscheck.testing import AuditSuite, assert_property, parametrize_with_audits

QUICK = {"kind": "margin", "effort": "quick"}


@parametrize_with_audits([logistic, hinge], **QUICK)
def test_losses(check):
    """Nothing of what losscheck asks goes wrong."""
    check()


class TestNaive(AuditSuite):
    """The same as a class; `strict` makes the test fail on the day the code is repaired."""

    losses = (naive_logistic,)
    arguments = QUICK
    expected_failures = {"value_finite": "exp(-v) overflows below v = -709"}


def test_what_we_promise():
    """Facts that the rest of the code relies on, each proved."""
    assert assert_property(logistic, "lipschitz", **QUICK).value == 1
    assert_property(hinge, "differentiable", holds=False, **QUICK)
