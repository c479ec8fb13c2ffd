"""Runs JavaScript: the Node processes, and the host that runs inside them."""
