"""Addresses of the settings about mail: mailboxes, spam list, quarantine."""

from django.urls import path

from deskhand.workspace.views.settings import (
    mailbox_fetching,
    mailbox_providers,
    mailbox_sending,
    mailbox_sign_in,
    mailboxes,
    quarantine,
    spam_list,
)

urlpatterns = [
    path("settings/mailboxes", mailboxes.mailboxes, name="settings_mailboxes"),
    path("settings/mailboxes/new", mailboxes.new_mailbox, name="settings_new_mailbox"),
    path("settings/mailboxes/<int:mailbox_id>", mailboxes.mailbox, name="settings_mailbox"),
    path("settings/mailboxes/<int:mailbox_id>/activity", mailboxes.activity, name="settings_mailbox_activity"),
    path("settings/mailboxes/<int:mailbox_id>/imap", mailbox_fetching.imap, name="settings_mailbox_imap"),
    path("settings/mailboxes/<int:mailbox_id>/imap/test", mailbox_fetching.test, name="settings_mailbox_imap_test"),
    path("settings/mailboxes/<int:mailbox_id>/imap/end", mailbox_fetching.end, name="settings_mailbox_imap_end"),
    path("settings/mailboxes/<int:mailbox_id>/sign-in", mailbox_sign_in.sign_in, name="settings_sign_in"),
    path("settings/mailboxes/<int:mailbox_id>/sign-in/start", mailbox_sign_in.start, name="settings_sign_in_start"),
    path("settings/mailboxes/<int:mailbox_id>/sign-in/end", mailbox_sign_in.end, name="settings_sign_in_end"),
    path("settings/mailbox-sign-in", mailbox_sign_in.agreed, name="settings_sign_in_agreed"),
    path("settings/mailboxes/<int:mailbox_id>/provider", mailbox_providers.provider, name="settings_provider"),
    path(
        "settings/mailboxes/<int:mailbox_id>/provider/address",
        mailbox_providers.address,
        name="settings_provider_address",
    ),
    path("settings/mailboxes/<int:mailbox_id>/provider/end", mailbox_providers.end, name="settings_provider_end"),
    path("settings/mailboxes/<int:mailbox_id>/sending", mailbox_sending.sending, name="settings_sending"),
    path("settings/mailboxes/<int:mailbox_id>/sending/test", mailbox_sending.test, name="settings_sending_test"),
    path("settings/mailboxes/<int:mailbox_id>/sending/mail", mailbox_sending.mail, name="settings_sending_mail"),
    path("settings/mailboxes/<int:mailbox_id>/sending/end", mailbox_sending.end, name="settings_sending_end"),
    path("settings/spam-list", spam_list.spam, name="settings_spam"),
    path("settings/spam-list/<int:listing_id>/removal", spam_list.removal, name="settings_spam_removal"),
    path("settings/quarantine", quarantine.listing, name="settings_quarantine"),
    path("settings/quarantine/<int:mail_id>/release", quarantine.release, name="settings_quarantine_release"),
    path("settings/quarantine/<int:mail_id>/deletion", quarantine.deletion, name="settings_quarantine_deletion"),
]
