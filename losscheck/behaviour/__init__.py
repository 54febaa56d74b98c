"""Calling a loss and measuring what it does: samples, hazards, values, gradients, reductions, thresholds."""
