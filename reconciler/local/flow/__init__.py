"""Runs the actions of a trigger in order, and keeps what happened."""
