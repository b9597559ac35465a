"""Songs, and the jobs that make their maps."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from aijobs import services as jobs
from aijobs.models import Job
from aijobs.selectors import active_job_of, job_data, may_watch
from billing.selectors import quota_of
from catalog.models import Recording, Song
from catalog.selectors import may_hear, songs_found
from foundation import ratelimits
from foundation.errors import Forbidden
from maps.selectors import maps_of, verified_map_of
from maps.states import Difficulty


@require_safe
def song_list(request: HttpRequest) -> HttpResponse:
    search = request.GET.get("search", "")[:200]
    page = Paginator(songs_found(search), 30).get_page(request.GET.get("page"))
    return render(request, "pages/songs.html", {"page": page, "search": search})


@require_safe
def song(request: HttpRequest, song_id: UUID) -> HttpResponse:
    person = request.person  # type: ignore[attr-defined]
    found = get_object_or_404(Song, pk=song_id)
    recordings = list(found.recordings.all())
    mine = _recording_to_map(person, recordings)
    active = next((job for recording in recordings if (job := active_job_of(recording))), None)
    verified = verified_map_of(found, Difficulty.EXPERT)
    return render(
        request,
        "pages/song.html",
        {
            "song": found,
            "recordings": recordings,
            "maps": maps_of(found),
            "active_job": active if active and may_watch(person, active) else None,
            "verified_map": verified,
            "quota": quota_of(person),
            "can_generate": mine is not None and verified is None and active is None,
            "can_edit": person.is_authenticated and found.added_by_id == person.pk,
        },
    )


@require_POST
def generate(request: HttpRequest, song_id: UUID) -> HttpResponse:
    person = request.person  # type: ignore[attr-defined]
    found = get_object_or_404(Song, pk=song_id)
    ratelimits.take("generate", request)
    recording = _recording_to_map(person, list(found.recordings.all()))
    if recording is None:
        raise Forbidden("not_yours_to_hear", "Bring your own file of this song first; then it can be listened to.")
    return redirect(jobs.request_map(recording, by=person))


@require_safe
def job(request: HttpRequest, job_id: UUID) -> HttpResponse:
    found = _own_job(request, job_id)
    return render(request, "pages/job.html", {"job": job_data(found), "song": found.recording.song})


@require_POST
def cancel(request: HttpRequest, job_id: UUID) -> HttpResponse:
    found = _own_job(request, job_id)
    jobs.cancel_job(found.pk, by=request.person)  # type: ignore[attr-defined]
    return redirect(found)


def _own_job(request: HttpRequest, job_id: UUID) -> Job:
    found = get_object_or_404(Job.objects.select_related("recording__song"), pk=job_id)
    if not may_watch(request.person, found):  # type: ignore[attr-defined]
        raise Http404
    return found


def _recording_to_map(person: Any, recordings: list[Recording]) -> Recording | None:
    """The recording that this person may have listened to: the newest with a sound that they may hear."""
    audible = [each for each in recordings if each.audio_key and may_hear(person, each)]
    return audible[-1] if audible else None
