"""Addresses of what the portal tells clients."""

from django.urls import path

from deskhand.workspace.views.settings import portal

urlpatterns = [
    path("settings/portal", portal.portal, name="settings_portal"),
    path("settings/portal/help", portal.new_section, name="settings_new_help"),
    path("settings/portal/help/reset", portal.reset, name="settings_help_reset"),
    path("settings/portal/help/<str:public_id>", portal.section, name="settings_help"),
    path("settings/portal/help/<str:public_id>/place", portal.place, name="settings_help_place"),
    path("settings/portal/help/<str:public_id>/removal", portal.removal, name="settings_help_removal"),
]
