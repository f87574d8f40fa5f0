"""Measurements of the workbench beside the plain way of doing the same; `benchmarks/bench.py` runs them."""
