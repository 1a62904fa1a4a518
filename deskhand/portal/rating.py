"""What a client says of a closed ticket, in the portal, by a guest's link and by the link of a mail."""

from collections.abc import Mapping

from django.contrib import messages

from deskhand.portal.ticket_boxes import RatingBox
from deskhand.tickets.actions.rating import COMMENT_LIMIT, RatingNotPossible, rate
from deskhand.tickets.models import Ticket, Verdict
from deskhand.web.viewers import DeskRequest

TOO_LATE = "This ticket can no longer be rated. Write to us if something is left to say."


def rating_said(sent: Mapping[str, str]) -> RatingBox:
    """Return what a form said, with errors where it cannot be kept."""
    verdict, comment = str(sent.get("verdict", "")), str(sent.get("comment", ""))
    is_known, is_short = verdict in Verdict.values, len(comment) <= COMMENT_LIMIT
    too_long = f"The comment is {len(comment):,} characters long; {COMMENT_LIMIT:,} fit."
    return RatingBox(
        verdict=verdict,
        comment=comment,
        verdict_errors=() if is_known else ("Choose “Good” or “Not good”.",),
        comment_errors=() if is_short else (too_long,),
    )


def keep_rating(request: DeskRequest, ticket: Ticket, said: RatingBox) -> bool:
    """Keep what was said, and return whether it still could be."""
    verdict = Verdict(said.verdict)
    try:
        rate(ticket_id=ticket.pk, contact=request.contact, verdict=verdict, comment=said.comment, act=request.act)
    except RatingNotPossible:
        return False
    return True


def tell_rated(request: DeskRequest, ticket: Ticket, said: RatingBox) -> None:
    """Keep what was said, and say how that went on the next page."""
    if keep_rating(request, ticket, said):
        messages.success(request, "Thank you for saying so.")
    else:
        messages.info(request, TOO_LATE)
