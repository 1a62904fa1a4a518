"""The Jinja environment of both faces: what every template may call, and what every page knows.

Times arrive aware and in UTC; filters show them in the current time zone (django.utils.timezone.activate). None reads
the clock: relative times are counted from `now` in the template's context, so import macros `with context`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.messages import get_messages
from django.http import HttpRequest
from django.template.backends.utils import csrf_input
from django.templatetags.static import static
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.functional import SimpleLazyObject
from jinja2 import StrictUndefined, pass_context
from jinja2.runtime import Context

from deskhand.accounts.models import Desk
from deskhand.core import dates, durations, names, sizes
from deskhand.project.macros import PageEnvironment
from deskhand.ui.assets import asset, asset_imports
from deskhand.ui.branding import accent_version, icon_version
from deskhand.ui.icons import icon
from deskhand.web.addresses import address_of


def environment(**options: Any) -> PageEnvironment:
    """Return the environment for Django's Jinja2 backend. Undefined names raise instead of showing nothing."""
    options["undefined"] = StrictUndefined
    jinja = PageEnvironment(**{"autoescape": True, "trim_blocks": True, "lstrip_blocks": True, **options})
    jinja.globals.update(asset=asset, asset_imports=asset_imports, icon=icon, static=static, url=address_of)
    jinja.filters.update(
        ago=_since(dates.relative_time),
        ago_short=_since(dates.relative_time_short),
        day_and_time=_since(dates.day_and_time),
        told=_told,
        due_time=_since(dates.due_time),
        short_day=_day(dates.short_day),
        day_heading=_day(dates.day_heading),
        exact=lambda moment: dates.exact_time(timezone.localtime(moment)),
        clock=lambda moment: dates.clock_time(timezone.localtime(moment)),
        iso=lambda moment: timezone.localtime(moment).isoformat(timespec="seconds"),
        duration=durations.duration,
        logged_time=durations.logged_time,
        time_left=durations.time_left,
        file_size=sizes.file_size,
        initials=names.initials,
        accent_version=accent_version,
        icon_version=lambda desk: icon_version(desk.name, desk.accent, desk.logo_version),
        hue=lambda key: names.avatar_hue(str(key)),
    )
    return jinja


def shared_context(request: HttpRequest) -> dict[str, Any]:
    """Return what every page knows. Nothing here queries until a template asks for it.

    `desk` (accounts.Desk), `viewer` (the signed-in User or a false value), `viewer_key` (a name for this person's data
    in the browser), `theme` ("light", "dark" or "" for the system's), `hotkeys` ("on" or "off"), `now` (the moment of
    `request.act`, where the route has one), `flashes()` (messages to show once). The token of forms is one a page.
    """
    viewer = SimpleLazyObject(lambda: _viewer(request))
    return {
        "now": act.at if (act := getattr(request, "act", None)) else timezone.now(),
        "csrf_input": SimpleLazyObject(lambda: csrf_input(request)),
        "desk": SimpleLazyObject(Desk.current),
        "viewer": viewer,
        "viewer_key": SimpleLazyObject(lambda: _viewer_key(viewer)),
        "theme": SimpleLazyObject(lambda: _theme(request, viewer)),
        "hotkeys": SimpleLazyObject(lambda: "on" if getattr(viewer, "uses_shortcuts", True) else "off"),
        "flashes": lambda: _flashes(request),
    }


@dataclass(frozen=True)
class _Told:
    """A moment as a page tells it."""

    iso: str
    exact: str
    words: str


_STYLES: dict[str, Callable[[datetime, datetime], str]] = {
    "long": dates.relative_time,
    "short": dates.relative_time_short,
    "clock": lambda moment, _: dates.clock_time(moment),
    "day": dates.day_and_time,
}


@pass_context
def _told(context: Context, moment: datetime, style: str) -> _Told:
    """Return everything that `time_ago` (ui/basics.html) shows: the reader's zone is asked for once."""
    zone = timezone.get_current_timezone()
    local, now = moment.astimezone(zone), _now(context).astimezone(zone)
    return _Told(local.isoformat(timespec="seconds"), dates.exact_time(local), _STYLES[style](local, now))


def _since(show: Callable[[datetime, datetime], str]) -> Callable[[Context, datetime], str]:
    @pass_context
    def filter_moment(context: Context, moment: datetime) -> str:
        return show(timezone.localtime(moment), timezone.localtime(_now(context)))

    return filter_moment


def _day(show: Callable[[date, date], str]) -> Callable[[Context, date], str]:
    @pass_context
    def filter_day(context: Context, day: date) -> str:
        local = timezone.localtime(day).date() if isinstance(day, datetime) else day
        return show(local, timezone.localtime(_now(context)).date())

    return filter_day


def _now(context: Context) -> datetime:
    now = context.resolve("now")
    if not isinstance(now, datetime):
        raise TypeError(f"{context.name} counts time without `now`: import its macros with context.")
    return now


def _viewer(request: HttpRequest) -> object:
    user = getattr(request, "user", None)
    return user if user is not None and user.is_authenticated else ""


def _viewer_key(viewer: object) -> str:
    if not viewer:
        return ""
    return salted_hmac("deskhand.ui.viewer", str(getattr(viewer, "pk", ""))).hexdigest()[:12]


def _theme(request: HttpRequest, viewer: object) -> str:
    chosen = request.COOKIES.get("theme") or getattr(viewer, "theme", "")
    return chosen if chosen in {"light", "dark"} else ""


def _flashes(request: HttpRequest) -> list[dict[str, str]]:
    return [
        {"text": str(message), "level": message.level_tag, "undo": _undo_address(message.extra_tags or "")}
        for message in get_messages(request)
    ]


def _undo_address(tags: str) -> str:
    return tags.removeprefix("undo:") if tags.startswith("undo:/") else ""
