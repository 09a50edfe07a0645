"""landbank against its limits and its peers, as ratios in one run: `python -m benchmarks`."""
