"""Reads that screens need."""
