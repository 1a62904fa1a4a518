"""Writes of mail, one module a topic."""
