"""1,000 cases over 100 actions, by `reconciler test`, jest and `node --test`: `python -m benchmarks.cases`."""
