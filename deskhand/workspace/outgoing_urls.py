"""Addresses about mail that goes out: the texts of automatic mail, undeliverable addresses, sending again."""

from django.urls import path

from deskhand.workspace.views import sending_again
from deskhand.workspace.views.settings import mail_texts, undeliverable

urlpatterns = [
    path("settings/texts", mail_texts.texts, name="settings_texts"),
    path("settings/texts/<str:kind>", mail_texts.text, name="settings_text"),
    path("settings/texts/<str:kind>/preview", mail_texts.preview, name="settings_text_preview"),
    path("settings/texts/<str:kind>/test", mail_texts.test, name="settings_text_test"),
    path("settings/texts/<str:kind>/reset", mail_texts.reset, name="settings_text_reset"),
    path("settings/undeliverable", undeliverable.undeliverable, name="settings_undeliverable"),
    path("settings/undeliverable/<int:row_id>/removal", undeliverable.removal, name="settings_undeliverable_removal"),
    path("tickets/<int:number>/deliveries", sending_again.deliveries, name="deliveries"),
]
