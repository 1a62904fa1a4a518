"""Addresses of clients and their people, and of opening a ticket for one."""

from django.urls import path

from deskhand.workspace.views import clients, contacts, new_ticket

urlpatterns = [
    path("tickets/new", new_ticket.new_ticket, name="new_ticket"),
    path("clients", clients.clients, name="clients"),
    path("clients/new", clients.new_client, name="new_client"),
    path("clients/<str:public_id>", clients.client, name="client"),
    path("clients/<str:public_id>/edit", clients.edit_client, name="edit_client"),
    path("clients/<str:public_id>/note", clients.client_note, name="client_note"),
    path("clients/<str:public_id>/people/new", contacts.new_contact, name="new_contact"),
    path("contacts", contacts.contacts, name="contacts"),
    path("contacts/matches", contacts.matches, name="contact_matches"),
    path("contacts/<int:contact_id>", contacts.contact, name="contact"),
    path("contacts/<int:contact_id>/client", contacts.contact_client, name="contact_client"),
    path("contacts/<int:contact_id>/access", contacts.contact_access, name="contact_access"),
    path("contacts/<int:contact_id>/sign-in-link", contacts.contact_link, name="contact_link"),
]
