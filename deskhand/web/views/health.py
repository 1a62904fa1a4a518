"""For load balancers: alive says that the process answers, ready that it can reach its database."""

from django.db import connection
from django.http import HttpResponse

from deskhand.web.access import open_to_everyone
from deskhand.web.viewers import DeskRequest


@open_to_everyone
def alive(request: DeskRequest) -> HttpResponse:  # noqa: ARG001
    """Answer 200."""
    return HttpResponse("alive\n", content_type="text/plain")


@open_to_everyone
def ready(request: DeskRequest) -> HttpResponse:  # noqa: ARG001
    """Answer 200 when the database answers; the middleware makes 503 of a lost one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ready\n", content_type="text/plain")
