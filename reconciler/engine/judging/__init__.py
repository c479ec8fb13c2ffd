"""Whether what the code did is what a case expects, one part of the expectation a file."""
