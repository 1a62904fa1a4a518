"""Addresses both interfaces share."""

from django.urls import path

from deskhand.web.views import brand, drafts, files, health, mail_in, pictures, preferences, sign_in

app_name = "web"
urlpatterns = [
    path("sign-in", sign_in.sign_in, name="sign_in"),
    path("sign-in/password", sign_in.password, name="sign_in_password"),
    path("sign-in/sent", sign_in.sent, name="sign_in_sent"),
    path("sign-in/link/<str:token>", sign_in.link, name="sign_in_link"),
    path("sign-out", sign_in.sign_out, name="sign_out"),
    path("uploads", files.upload, name="upload"),
    path("files/<str:public_id>", files.download, name="file"),
    path("files/<str:public_id>/inline", files.show, name="file_inline"),
    path("drafts", drafts.new_ticket_draft, name="new_ticket_draft"),
    path("drafts/<int:number>/<str:audience>", drafts.ticket_draft, name="draft"),
    path("preferences/theme", preferences.theme, name="theme"),
    path("brand.css", brand.stylesheet, name="brand"),
    path("brand/logo", brand.logo, name="logo"),
    path("pictures/<str:key>", pictures.picture, name="picture"),
    path("favicon.ico", brand.icon, name="icon"),
    path("mail/in/<str:provider>/<str:token>", mail_in.post, name="mail_in"),
    path("mail/in/<str:provider>/<str:token>/mime", mail_in.post, name="mail_in_mime"),
    path("healthz", health.alive, name="alive"),
    path("readyz", health.ready, name="ready"),
]
