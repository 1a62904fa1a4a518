"""Tables of promises: business hours, policies, clocks, the on-call list."""

from deskhand.sla.models.clocks import Clock, RecalculatedClock, Recalculation, TicketPolicy
from deskhand.sla.models.hours import BusinessHours, Holiday, HoursVersion, OpeningHours
from deskhand.sla.models.on_call import Alert, OnCall, OnCallSettings
from deskhand.sla.models.policies import Policy, PolicyVersion, TargetRow

__all__ = [
    "Alert",
    "BusinessHours",
    "Clock",
    "Holiday",
    "HoursVersion",
    "OnCall",
    "OnCallSettings",
    "OpeningHours",
    "Policy",
    "PolicyVersion",
    "RecalculatedClock",
    "Recalculation",
    "TargetRow",
    "TicketPolicy",
]
