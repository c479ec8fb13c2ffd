"""TEMPLATES: actions that people start from, shipped as files."""
