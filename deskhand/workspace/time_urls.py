"""Addresses of time on a ticket, and of alerts."""

from django.urls import path

from deskhand.workspace.views import on_call, ticket_time

urlpatterns = [
    path("on-call", on_call.on_call, name="on_call"),
    path("tickets/<int:number>/acknowledgement", on_call.acknowledgement, name="acknowledgement"),
    path("tickets/<int:number>/time", ticket_time.time, name="ticket_time"),
    path("tickets/<int:number>/estimates", ticket_time.estimates, name="estimates"),
    path("tickets/<int:number>/estimates/withdrawal", ticket_time.withdrawal, name="estimate_withdrawal"),
]
