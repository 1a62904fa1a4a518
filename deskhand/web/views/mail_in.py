"""Where mail providers post the mail they received for a mailbox."""

import logging

from django.db import Error
from django.http import HttpResponse, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from deskhand.core.secrets import SecretUnreadable
from deskhand.mail.actions.taking_posts import SwitchedOff, account_at, take_post
from deskhand.mail.parsing import DEFAULT_LIMITS
from deskhand.mail.posts import NotTheirs, Post, PostUnreadable
from deskhand.mail.sns import SnsAway
from deskhand.web.access import open_to_everyone
from deskhand.web.viewers import DeskRequest

MOST_BYTES = 2 * DEFAULT_LIMITS.message_bytes
"""Providers pack mail (JSON, base64) and post what they read in it beside."""
logger = logging.getLogger(__name__)


@csrf_exempt
@open_to_everyone
@require_POST
def post(request: DeskRequest, provider: str, token: str) -> HttpResponseBase:
    """Take in a posted mail: 200 once it is stored durably, 503 where the provider is to try again."""
    account = account_at(provider, token)
    if account is None:
        return _said(404, "Not found.")
    body = request.read(MOST_BYTES + 1)
    if len(body) > MOST_BYTES:
        return _said(413, "The mail is too large.")
    headers = {name.lower(): value for name, value in request.headers.items()}
    try:
        take_post(account, Post(headers, body), at=request.act.at)
    except NotTheirs:
        return _said(401, "Not proven.")
    except (PostUnreadable, SnsAway, SwitchedOff, SecretUnreadable) as error:
        logger.warning("a post of %s was not taken: %s", account.provider, type(error).__name__)
        return _said(503, "Not now.")
    except Error:
        logger.exception("a posted mail could not be stored; its provider will try again")
        return _said(503, "Not now.")
    return _said(200, "Taken.")


def _said(status: int, words: str) -> HttpResponse:
    return HttpResponse(words, status=status, content_type="text/plain; charset=utf-8")
