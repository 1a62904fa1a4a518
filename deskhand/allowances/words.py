"""What a plan grants, in words both faces use."""

from deskhand.allowances.ledger import Rollover
from deskhand.allowances.models import Overage, Plan
from deskhand.core.durations import MINUTES_PER_HOUR, duration


def grant_in_words(plan: Plan) -> str:
    """Return "8 hours a month", "7h 30m a month" or "No limit"."""
    if plan.is_unlimited:
        return "No limit"
    hours, rest = divmod(plan.minutes_per_month, MINUTES_PER_HOUR)
    if rest:
        return f"{duration(plan.minutes_per_month)} a month"
    return f"{hours} hour{'' if hours == 1 else 's'} a month"


def rollover_in_words(plan: Plan) -> str:
    """Return a sentence on what becomes of unused time; nothing for a plan without a limit."""
    if plan.is_unlimited:
        return ""
    match Rollover(plan.rollover):
        case Rollover.NONE:
            return "Unused time does not carry over."
        case Rollover.CAPPED:
            return f"Up to {duration(plan.cap_minutes)} of unused time carries over to the next month."
        case Rollover.EXPIRING:
            months = plan.expires_after_months
            return f"Unused time carries over and expires after {months} month{'' if months == 1 else 's'}."


def overage_in_words(plan: Plan) -> str:
    """Return a sentence on work beyond the minutes; nothing for a plan without a limit."""
    if plan.is_unlimited:
        return ""
    return {
        Overage.ALLOWED: "Work beyond that is done and shown as over.",
        Overage.NEEDS_APPROVAL: "Work beyond that needs the client's approval.",
        Overage.STOP: "Work beyond that is not possible.",
    }[Overage(plan.overage)]
