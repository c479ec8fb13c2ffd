"""EDGE: the embedded tenant, which speaks the Management API and runs Actions for real on Node."""
