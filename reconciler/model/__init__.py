"""The nouns: frozen, hashable, JSON in and out. No I/O, no clock, no environment, no logging."""
