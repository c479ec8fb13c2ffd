"""The verbs: pure functions from model to model."""
