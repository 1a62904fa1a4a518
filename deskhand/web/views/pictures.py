"""The pictures of people, for who is signed in and may know the person."""

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_safe

from deskhand.accounts.actions.own_details import change_picture
from deskhand.accounts.models import Agent, User, UserPicture
from deskhand.clients.models import Contact
from deskhand.core.pictures import LARGEST_PORTRAIT_BYTES, UnusablePicture
from deskhand.web.access import for_people
from deskhand.web.sessions import TOO_MANY, within_limits
from deskhand.web.viewers import DeskRequest

_SANDBOX = "default-src 'none'; sandbox"


@for_people
@require_safe
def picture(request: DeskRequest, key: str) -> HttpResponseBase:
    """Answer with the picture; browsers keep it, as another picture has another address."""
    shown = UserPicture.objects.filter(user__picture_key=key, user__in=_seen_by(request.viewer)).first()
    if shown is None:
        raise Http404
    response = HttpResponse(bytes(shown.jpeg), content_type="image/jpeg")
    response["Cache-Control"] = "private, max-age=31536000, immutable"
    response["Content-Security-Policy"] = _SANDBOX
    return response


def keep_picture(request: DeskRequest, user: User) -> str:
    """Take the picture that `user` sent of themselves. Returns what is wrong with it, or nothing."""
    sent = request.FILES.get("picture")
    if not isinstance(sent, UploadedFile):
        return "Choose a picture first."
    if not within_limits(request, what="picture", address=user.email, act=request.act):
        return TOO_MANY
    try:
        change_picture(user=user, upload=sent.read(LARGEST_PORTRAIT_BYTES + 1), act=request.act)
    except UnusablePicture as error:
        return str(error)
    return ""


def _seen_by(viewer: Agent | Contact) -> Any:
    if isinstance(viewer, Agent):
        return User.objects.all()
    colleagues = Contact.objects.visible_to(viewer).values("user").order_by()
    return User.objects.filter(pk__in=Agent.objects.values("user").union(colleagues))
