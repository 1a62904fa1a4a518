"""Every address of the product."""

from django.urls import URLPattern, URLResolver, include, path

from deskhand.web.access import require_declared

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("deskhand.web.urls")),
    path("workspace/", include("deskhand.workspace.urls")),
    path("", include("deskhand.portal.urls")),
]
require_declared(urlpatterns)

handler400 = "deskhand.project.errors.bad_request"
handler403 = "deskhand.project.errors.permission_denied"
handler404 = "deskhand.project.errors.not_found"
handler500 = "deskhand.project.errors.server_error"
