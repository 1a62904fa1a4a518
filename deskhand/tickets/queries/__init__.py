"""Reads that screens need, as frozen values."""
