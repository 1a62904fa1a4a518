"""How every page of the portal is rendered: inside the frame with the desk's name and whom to ask."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from deskhand.accounts.models import Agent
from deskhand.clients.models import Contact
from deskhand.clients.queries.portal_words import announcement_for
from deskhand.core.zones import zone_named
from deskhand.mail.composing import main_sender
from deskhand.portal.maintenance import may_see
from deskhand.web.viewers import DeskRequest


@dataclass(frozen=True)
class ManagerCard:
    """The agent who looks after the client, as the card in the right-hand column shows them."""

    name: str
    title: str
    email: str
    phone: str
    picture: str

    def mail_href(self, subject: str = "") -> str:
        """Return a mail link; with the subject of a ticket, replies are found again by its number."""
        return f"mailto:{self.email}" + (f"?subject={quote(subject)}" if subject else "")


def page(request: DeskRequest, template: str, *, status: int = 200, **context: Any) -> HttpResponse:
    """Render a template that extends portal/layout.html."""
    contact = request.contact
    manager = contact.client.account_manager if contact.client else None
    frame = {
        "contact": contact,
        "may_see_maintenance": may_see(contact),
        "may_manage_people": contact.is_client_admin and contact.client is not None,
        "announcement": announcement_for(contact),
        "path": request.get_full_path(),
        "manager": _card(manager) if manager and manager.user.is_active else None,
        "desk_address": main_sender().address,
        "upload_limit": settings.UPLOAD_LIMIT_BYTES,
    }
    with timezone.override(zone_named(contact.time_zone or usual_zone(contact))):
        return render(request, template, frame | context, status=status)


def usual_zone(contact: Contact) -> str:
    """Return the IANA name of the zone times are shown in unless the contact chose one: the client's, or the desk's."""
    return (contact.client.time_zone if contact.client else "") or settings.TIME_ZONE


def _card(agent: Agent) -> ManagerCard:
    title = "" if agent.title.casefold() == "account manager" else agent.title  # the card says so already
    picture = agent.user.picture_key
    return ManagerCard(name=agent.name, title=title, email=agent.user.email, phone=agent.phone, picture=picture)
