"""Correctly rounded values and gradients of a lifted loss, from balls, in every format."""
