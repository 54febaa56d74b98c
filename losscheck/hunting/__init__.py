"""Hunting where floats depart from the mathematics: formats, directed inputs, exact thresholds, stable rewrites."""
