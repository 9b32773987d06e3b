"""Commands that measure speed and memory: ``python -m benchmarks``; JSON out, and a table."""
