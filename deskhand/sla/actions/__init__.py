"""Changes to business hours, policies, clocks and the on-call list."""
