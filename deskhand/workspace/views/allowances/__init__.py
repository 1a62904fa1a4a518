"""Allowances: a client's plans and ledger, statements, logged time."""
