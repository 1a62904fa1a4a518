"""Requests for help: the ticket, its thread, its people and its labels.

Words: a *message* is an entry clients can read; a *team message* is a staff-only entry in its own table; the *note*
is the one editable staff-only field; a *status* has one of five fixed *kinds*, and behavior follows the kind.
Clients only ever see Open or Closed, through `client_view`. Not here: mail, allowances, clocks (higher apps).
"""
