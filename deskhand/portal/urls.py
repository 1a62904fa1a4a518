"""Addresses of the portal. Verbs are sub-resources that take a POST."""

from django.urls import path

from deskhand.portal.views import by_link, details, guest, maintenance, new_ticket, replies, ticket, tickets, verdicts

app_name = "portal"
urlpatterns = [
    path("", tickets.home, name="home"),
    path("tickets", tickets.home, name="tickets"),
    path("tickets/search", tickets.search, name="search"),
    path("tickets/closed", tickets.closed, name="closed"),
    path("tickets/new", new_ticket.new_ticket, name="new_ticket"),
    path("tickets/similar", new_ticket.similar, name="similar"),
    path("tickets/<int:number>", ticket.show, name="ticket"),
    path("tickets/<int:number>/opened", new_ticket.opened, name="opened"),
    path("tickets/<int:number>/messages", replies.reply, name="messages"),
    path("tickets/<int:number>/messages/<str:public_id>/body", ticket.message_body, name="message_body"),
    path("tickets/<int:number>/closing", replies.close, name="closing"),
    path("tickets/<int:number>/reopening", replies.reopen, name="reopening"),
    path("tickets/<int:number>/follow-ups", replies.follow_up, name="follow_ups"),
    path("tickets/<int:number>/files", ticket.attach, name="files"),
    path("tickets/<int:number>/participants", ticket.add_colleague, name="participants"),
    path("tickets/<int:number>/chasing", verdicts.chase, name="chasing"),
    path("tickets/<int:number>/estimates/<str:public_id>", verdicts.approval, name="approval"),
    path("tickets/<int:number>/rating", verdicts.rating, name="rating"),
    path("tickets/<int:number>/following", ticket.following, name="following"),
    path("t/<str:token>", guest.show, name="guest"),
    path("t/<str:token>/messages", guest.reply, name="guest_messages"),
    path("t/<str:token>/closing", guest.close, name="guest_closing"),
    path("t/<str:token>/messages/<str:public_id>/body", guest.message_body, name="guest_message_body"),
    path("t/<str:token>/files/<str:public_id>", guest.file, name="guest_file"),
    path("t/<str:token>/files/<str:public_id>/inline", guest.file_inline, name="guest_file_inline"),
    path("t/<str:token>/follow-ups", guest.follow_up, name="guest_follow_ups"),
    path("t/<str:token>/rating", guest.rating, name="guest_rating"),
    path("t/<str:token>/uploads", guest.upload, name="guest_upload"),
    path("t/<str:token>/sign-in", guest.sign_in, name="guest_sign_in"),
    path("approve/<str:token>", by_link.approval, name="approval_by_link"),
    path("rate/<str:token>", by_link.rating, name="rating_by_link"),
    path("unfollow/<str:token>", guest.unfollow, name="unfollow"),
    path("maintenance", maintenance.maintenance, name="maintenance"),
    path("maintenance/export", maintenance.export, name="maintenance_export"),
    path("details", details.details, name="details"),
    path("details/password", details.password, name="password"),
]
