"""Measurements of the product against its limits, in one run: `uv run python -m benchmarks`."""
