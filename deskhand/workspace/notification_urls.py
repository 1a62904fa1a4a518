"""Addresses of notifications: the list behind the bell, reading, and one's own choices."""

from django.urls import path

from deskhand.workspace.views import notifications, on_call

urlpatterns = [
    path("notifications", notifications.notices, name="notifications"),
    path("notifications/bell", notifications.bell, name="notifications_bell"),
    path("notifications/reading", notifications.reading_all, name="notifications_reading"),
    path("notifications/<int:notification_id>/reading", notifications.reading, name="notification_reading"),
    path("tickets/<int:number>/on-call", on_call.taking_on, name="taking_on"),
    path("profile/notifications", notifications.choices, name="notification_choices"),
]
