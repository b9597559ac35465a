"""Home, and the page of a file on its way in."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import PersonRequest
from aijobs.selectors import jobs_of
from billing.selectors import quota_of
from catalog.forms import SongForm
from catalog.models import Upload
from catalog.selectors import may_mend, upload_data
from catalog.services import confirm_song
from catalog.states import UploadState
from maps.selectors import latest_maps, verified_map_of
from maps.states import Difficulty

from .songs import ask_for_map, shown


@require_safe
def home(request: PersonRequest) -> HttpResponse:
    person = request.person
    refusal = upload_refusal(person)
    return render(
        request,
        "pages/home.html",
        {
            "my_jobs": [shown(job, person) for job in jobs_of(person)[:5]] if person.is_authenticated else [],
            "latest_maps": latest_maps(12),
            "maximum_mb": settings.UPLOAD_MAX_BYTES // 2**20,
            "maximum_minutes": settings.UPLOAD_MAX_DURATION_S // 60,
            "can_upload": not refusal,
            "upload_refusal": refusal,
        },
    )


@require_safe
def upload(request: PersonRequest, upload_id: UUID) -> HttpResponse:
    found = _own_upload(request, upload_id)
    return render(
        request, "pages/upload.html", _upload_context(request, found, SongForm(instance=_song_of(found)))
    )


@require_POST
def identify(request: PersonRequest, upload_id: UUID) -> HttpResponse:
    """The person confirms or types what the song is, or leaves it as it is."""
    found = _own_upload(request, upload_id)
    song = _song_of(found)
    if song is None or found.state != UploadState.IDENTIFIED:
        return redirect(found)
    if may_mend(request.person, song):
        form = SongForm(request.POST)
        if not form.is_valid():
            return render(request, "pages/upload.html", _upload_context(request, found, form), status=422)
        confirm_song(song, by=request.person, **form.cleaned_data)
    return redirect(ask_for_map(request, song) if request.POST.get("then") == "generate" else song)


def upload_refusal(person: Any) -> str:
    """Why this person may not bring a song now; empty when they may."""
    if person.is_authenticated and person.is_guest and quota_of(person).remaining == 0:
        return "You have tried your song as a guest. Sign up, it is free, and bring the next one."
    return ""


def _own_upload(request: PersonRequest, upload_id: UUID) -> Upload:
    person = request.person
    if not person.is_authenticated:
        raise Http404
    return get_object_or_404(Upload.objects.select_related("recording__song"), pk=upload_id, owner=person)


def _song_of(found: Upload) -> Any:
    return found.recording.song if found.recording else None


def _upload_context(request: PersonRequest, found: Upload, form: SongForm) -> dict[str, Any]:
    song = _song_of(found)
    return {
        "upload": upload_data(found),
        "song": song,
        "form": form,
        "may_mend": song is not None and may_mend(request.person, song),
        "verified_map": verified_map_of(song, Difficulty.EXPERT) if song else None,
        "can_upload": not upload_refusal(request.person),
    }
