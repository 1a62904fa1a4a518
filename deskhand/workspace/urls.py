"""Addresses of the workspace, all below /workspace/. Verbs are sub-resources that take a POST."""

from django.urls import include, path

from deskhand.workspace.views import (
    assignment,
    following,
    inbox,
    messages,
    note,
    people,
    properties,
    status,
    tags,
    team_messages,
    ticket,
)

app_name = "workspace"
urlpatterns = [
    path("", inbox.home, name="home"),
    path("inbox", inbox.inbox, name="inbox"),
    path("tickets/<int:number>", ticket.show, name="ticket"),
    path("tickets/<int:number>/timeline", ticket.timeline, name="timeline"),
    path("tickets/<int:number>/details", ticket.details, name="ticket_details"),
    path("tickets/<int:number>/history", ticket.history, name="ticket_history"),
    path("tickets/<int:number>/row", ticket.row, name="row"),
    path("tickets/<int:number>/reading", ticket.reading, name="reading"),
    path("tickets/<int:number>/people", people.people, name="people"),
    path("tickets/<int:number>/messages", messages.messages, name="messages"),
    path("tickets/<int:number>/messages/<str:public_id>/body", ticket.body, name="message_body"),
    path("tickets/<int:number>/acceptance", messages.acceptance, name="acceptance"),
    path("tickets/<int:number>/team-messages", team_messages.team_messages, name="team_messages"),
    path("tickets/<int:number>/note", note.note, name="note"),
    path("tickets/<int:number>/assignment", assignment.assignment, name="assignment"),
    path("tickets/<int:number>/team", assignment.team, name="team"),
    path("tickets/<int:number>/following", following.following, name="following"),
    path("tickets/<int:number>/status", status.status, name="status"),
    path("tickets/<int:number>/closing", status.closing, name="closing"),
    path("tickets/<int:number>/reopening", status.reopening, name="reopening"),
    path("tickets/<int:number>/subject", properties.subject, name="subject"),
    path("tickets/<int:number>/priority", properties.priority, name="priority"),
    path("tickets/<int:number>/category", properties.category, name="category"),
    path("tickets/<int:number>/needed-by", properties.needed_by, name="needed_by"),
    path("tickets/<int:number>/due", properties.due, name="due"),
    path("tickets/<int:number>/tags", tags.tags, name="tags"),
    path("", include("deskhand.workspace.time_urls")),
    path("", include("deskhand.workspace.client_urls")),
    path("", include("deskhand.workspace.settings_urls")),
    path("", include("deskhand.workspace.mail_urls")),
    path("", include("deskhand.workspace.allowance_urls")),
    path("", include("deskhand.workspace.promise_urls")),
]
