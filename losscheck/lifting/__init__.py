"""Code to graph: run a loss on symbolic arrays, fork at its branches, check the result against the code."""
