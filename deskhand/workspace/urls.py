"""Addresses of the workspace, all below /workspace/. Verbs are sub-resources that take a POST."""

from django.urls import path

from deskhand.workspace.views import inbox

app_name = "workspace"
urlpatterns = [
    path("", inbox.home, name="home"),
    path("inbox", inbox.inbox, name="inbox"),
]
