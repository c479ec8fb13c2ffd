"""The checks across documents: one file per subject, each a pure function to diagnostics."""
