"""Deskhand: a support desk and client portal for agencies."""

__version__ = "0.1.0"
