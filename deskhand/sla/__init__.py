"""Response promises: business hours and holidays, policies with their targets, and the clocks that run on tickets.

The arithmetic stands apart from the tables and knows no Django: `wall_times`, `calendars` and `working_time` say when
the desk works, `working_days` what "two working days" means, `targets` when something is due, and `clockwork` what
each thing that happens on a ticket does to its clocks. The tables keep what that arithmetic was given, in versions,
so that a promise once made can always be explained, and rebuilt from the ticket's events.
Not here: what becomes of a warning (notifications), and the words on a page (portal, workspace).
"""
