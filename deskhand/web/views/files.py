"""Uploading files, and reading them where the viewer may see what they hang on."""

from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponseBase, JsonResponse, StreamingHttpResponse
from django.views.decorators.http import require_GET, require_POST

from deskhand.files.actions.storing import FileTooLarge, StorageUnavailable, store_upload, stream
from deskhand.files.models import File
from deskhand.tickets.queries.files import readable_file
from deskhand.web.access import for_people
from deskhand.web.viewers import DeskRequest

SANDBOX = "default-src 'none'; style-src 'none'; sandbox"


def described(file: File) -> dict[str, Any]:
    """Return what the composer needs to know of an upload."""
    return {
        "id": file.public_id,
        "name": file.name,
        "size": file.size_bytes,
        "content_type": file.content_type,
        "url": file.url,
    }


@for_people
@require_POST
def upload(request: DeskRequest) -> HttpResponseBase:
    """Keep one file for the composer it was dropped into."""
    return keep_upload(request)


def keep_upload(request: DeskRequest) -> HttpResponseBase:
    """Keep the file a composer sent for whoever acts, and answer with what the composer needs to know of it."""
    sent = request.FILES.get("file")
    if not isinstance(sent, UploadedFile):
        return JsonResponse({"error": "No file arrived. Choose it again."}, status=400)
    limit = settings.UPLOAD_LIMIT_BYTES
    try:
        file = store_upload(upload=sent, name=sent.name or "", limit_bytes=limit, act=request.act)
    except FileTooLarge as error:
        return JsonResponse({"error": str(error)}, status=413)
    except StorageUnavailable as error:
        return JsonResponse({"error": str(error)}, status=507)
    return JsonResponse(described(file), status=201)


@for_people
@require_GET
def download(request: DeskRequest, public_id: str) -> HttpResponseBase:
    """Send a file to be saved, never to be run."""
    return answer_with(_find(request, public_id), disposition="attachment")


@for_people
@require_GET
def show(request: DeskRequest, public_id: str) -> HttpResponseBase:
    """Send a picture to be shown; anything else is only to be saved."""
    file = _find(request, public_id)
    return answer_with(file, disposition="inline" if file.is_picture else "attachment")


def _find(request: DeskRequest, public_id: str) -> File:
    file = readable_file(request.viewer, public_id)
    if file is None:
        raise Http404
    return file


def answer_with(file: File, *, disposition: str) -> HttpResponseBase:
    """Answer with the bytes of a file the caller may read, sandboxed; `disposition` is "inline" or "attachment"."""
    response = StreamingHttpResponse(stream(file), content_type=file.content_type)
    response["Content-Length"] = str(file.size_bytes)
    response["Content-Disposition"] = f"{disposition}; filename*=UTF-8''{quote(file.name)}"
    response["Content-Security-Policy"] = SANDBOX
    response["Cache-Control"] = "private, max-age=3600"
    return response
