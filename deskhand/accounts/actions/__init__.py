"""Writes of this app, one module a topic."""
