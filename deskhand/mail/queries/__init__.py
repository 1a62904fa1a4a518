"""Reads of mail: the log, one mail in full, and how far each message of a ticket came."""
