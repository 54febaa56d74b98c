"""The losses of a team that sells things."""
