"""EDGE: a tenant over the Management API v2. The provenance line is put on and taken off here only."""
