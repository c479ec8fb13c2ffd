"""The checks of code: each with bad and good files, and its page."""
