"""Renders what the stages of a pipeline tell: comments, step summaries, checks, annotations."""
