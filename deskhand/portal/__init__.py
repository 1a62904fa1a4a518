"""The clients' interface, in HTML: calm, branded, phone-friendly. No tables, no rules.

Everything shown passes through `tickets.client_view`; team messages and notes cannot be imported here.
"""
