"""The mail a message of the conversation came as: whole, with its quote and the fields of its header that matter."""

from django.http import Http404, HttpResponseBase
from django.views.decorators.http import require_GET

from deskhand.accounts.roles import Permission
from deskhand.mail.queries.details import InboundDetail, original_of
from deskhand.web.access import for_agents
from deskhand.web.framing import framed_page
from deskhand.web.viewers import DeskRequest
from deskhand.workspace.pages import page
from deskhand.workspace.screen import seen_ticket


@for_agents(Permission.CLIENTS_CONTACT_DETAILS)
@require_GET
def original(request: DeskRequest, number: int, public_id: str) -> HttpResponseBase:
    """Show the mail."""
    mail = _original(request, number, public_id)
    may_download = request.agent.may(Permission.SETTINGS_MANAGE)
    context = {"mail": mail, "number": number, "public_id": public_id, "may_download": may_download}
    return page(request, "workspace/original.html", context, section="inbox")


@for_agents(Permission.CLIENTS_CONTACT_DETAILS)
@require_GET
def original_body(request: DeskRequest, number: int, public_id: str) -> HttpResponseBase:
    """Answer with the mail's own layout, for a frame that runs nothing."""
    mail = _original(request, number, public_id)
    if not mail.html:
        raise Http404
    return framed_page(mail.body, query=request.GET)


def _original(request: DeskRequest, number: int, public_id: str) -> InboundDetail:
    mail = original_of(seen_ticket(request.agent, number).pk, public_id)
    if mail is None:
        raise Http404
    return mail
