"""The composite action and the workflow files: what they say, and what they do when each of their steps is run."""
