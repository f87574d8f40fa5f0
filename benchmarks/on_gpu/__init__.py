"""What `benchmarks/gpu.py` measures on a GPU, one module a kind of measurement."""
