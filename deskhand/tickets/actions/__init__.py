"""Writes of this app, one module a topic. Every action locks the ticket, checks, writes and records."""
