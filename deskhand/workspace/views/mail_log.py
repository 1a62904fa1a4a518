"""The mail log: every mail that came in or went out, and how far it got."""

from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_GET

from deskhand.accounts.roles import Permission
from deskhand.mail.queries.details import inbound_detail, outbound_detail, raw_mail
from deskhand.mail.queries.log import Direction, LogCursor, mail_log
from deskhand.web.access import for_agents
from deskhand.web.framing import framed_page
from deskhand.web.paging import links, place_in, words_in
from deskhand.web.viewers import DeskRequest
from deskhand.workspace.views.settings.pages import settings_page

SECTION = "mail_log"


@for_agents(Permission.MAIL_LOG_VIEW)
@require_GET
def log(request: DeskRequest) -> HttpResponseBase:
    """List the mail, newest first, narrowed by words and direction."""
    words, after = words_in(request.GET), place_in(request.GET, LogCursor)
    asked = request.GET.get("way", "")
    try:
        direction = Direction(asked) if asked else None
    except ValueError as error:
        raise BadRequest("In or out.") from error
    found = mail_log(search=words, direction=direction, after=after)
    here = reverse("workspace:mail_log")
    ways = links(here, after, found.next_cursor, q=words, way=asked)
    context = {"list": found, "words": words, "direction": asked, "here": here}
    return settings_page(request, "mail_log.html", context | ways, section=SECTION)


@for_agents(Permission.MAIL_LOG_VIEW)
@require_GET
def came_in(request: DeskRequest, mail_id: int) -> HttpResponseBase:
    """Show a mail that came in: what it says, and what became of it."""
    mail = inbound_detail(mail_id)
    if mail is None:
        raise Http404
    may_download = request.agent.may(Permission.SETTINGS_MANAGE)
    return settings_page(request, "mail_in.html", {"mail": mail, "may_download": may_download}, section=SECTION)


@for_agents(Permission.MAIL_LOG_VIEW)
@require_GET
def went_out(request: DeskRequest, mail_id: int) -> HttpResponseBase:
    """Show a mail that went out: what it says, and how far it came with each recipient."""
    mail = outbound_detail(mail_id)
    if mail is None:
        raise Http404
    return settings_page(request, "mail_out.html", {"mail": mail}, section=SECTION)


@for_agents(Permission.MAIL_LOG_VIEW)
@require_GET
def body_in(request: DeskRequest, mail_id: int) -> HttpResponse:
    """Answer with the HTML of a mail that came in, for a frame that runs nothing."""
    mail = inbound_detail(mail_id)
    if mail is None or not mail.html:
        raise Http404
    return framed_page(mail.body, query=request.GET)


@for_agents(Permission.MAIL_LOG_VIEW)
@require_GET
def body_out(request: DeskRequest, mail_id: int) -> HttpResponse:  # noqa: ARG001 (the route's shape)
    """Answer with the HTML of a mail that went out, for a frame that runs nothing."""
    mail = outbound_detail(mail_id)
    if mail is None or not mail.html:
        raise Http404
    return framed_page(mail.html)


@for_agents(Permission.SETTINGS_MANAGE)
@require_GET
def raw(request: DeskRequest, mail_id: int) -> HttpResponse:  # noqa: ARG001 (the route's shape)
    """Send a mail as it came, to be saved."""
    content = raw_mail(mail_id)
    if content is None:
        raise Http404
    response = HttpResponse(content, content_type="message/rfc822")
    response["Content-Disposition"] = f'attachment; filename="mail-{mail_id}.eml"'
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
