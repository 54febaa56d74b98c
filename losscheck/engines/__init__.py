"""Readings that search: floats, boxes, breakpoints, linear programs. What they find is proved by the verifier."""
