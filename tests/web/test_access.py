import pytest
from django.http import HttpRequest, HttpResponse
from django.urls import path

from deskhand.web.access import RouteWithoutAccess, open_to_everyone, require_declared
from deskhand.web.viewers import DeskRequest


def undeclared(request: HttpRequest) -> HttpResponse:
    return HttpResponse("anyone?")


@open_to_everyone
def declared(request: DeskRequest) -> HttpResponse:
    return HttpResponse("anyone")


def test_a_route_that_declares_nobody_stops_the_start() -> None:
    with pytest.raises(RouteWithoutAccess, match="/open-door"):
        require_declared([path("fine", declared), path("open-door", undeclared)])


def test_declared_routes_pass() -> None:
    require_declared([path("fine", declared)])
