"""Configurations of auth0-deploy-cli, as its version 8 writes and reads them: a directory or one YAML file.

Only actions, action modules and triggers are read. Source: its own readers (src/context/directory/handlers and
src/context/yaml/handlers) and its examples.
"""
