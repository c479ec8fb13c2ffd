"""USE CASES: one verb of the command line = one file = one async function."""
