"""Maintenance allowances: minutes granted per period, work logged against them, and what is left.

Words: a *plan* grants a client minutes per calendar month; an *entry* is a plus or minus in the append-only ledger; a
*time entry* is work logged; a *top-up* is a block of minutes bought beside the plan; a *lot* is minutes that can be
used until a date. A balance is never stored: `ledger.settle` computes it from the entries.
Not here: who may see it (interfaces), how tickets move (tickets).
"""
