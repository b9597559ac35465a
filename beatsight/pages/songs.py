"""Songs, and the jobs that make their maps."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.requests import PersonRequest
from accounts.services import person_of
from aijobs import services as jobs
from aijobs.models import Job
from aijobs.selectors import active_job_of, job_data, job_for, job_to_cancel, may_cancel, may_watch
from billing.selectors import quota_of
from catalog.models import Song
from catalog.selectors import may_hear, songs_found
from foundation import ratelimits
from maps.selectors import maps_of, verified_map_of
from maps.states import Difficulty


@require_safe
def song_list(request: PersonRequest) -> HttpResponse:
    search = request.GET.get("search", "")[:200]
    page = Paginator(songs_found(search), 30).get_page(request.GET.get("page"))
    return render(
        request, "pages/songs.html", {"songs": page.object_list, "page_obj": page, "search": search}
    )


@require_http_methods(["GET", "HEAD", "POST"])
def song(request: PersonRequest, song_id: UUID) -> HttpResponse:
    """A song with its maps; posting to it asks for a map."""
    found = get_object_or_404(Song, pk=song_id)
    if request.method == "POST":
        return redirect(ask_for_map(request, found))
    person = request.person
    recordings = list(found.recordings.all())
    active = next((job for recording in recordings if (job := active_job_of(recording))), None)
    verified = verified_map_of(found, Difficulty.EXPERT)
    can_hear_one = any(recording.audio_key and may_hear(person, recording) for recording in recordings)
    return render(
        request,
        "pages/song.html",
        {
            "song": found,
            "recordings": recordings,
            "maps": maps_of(found),
            "active_job": shown(active, person) if active and may_watch(person, active) else None,
            "verified_map": verified,
            "quota": quota_of(person),
            "can_generate": can_hear_one and verified is None and active is None,
        },
    )


@require_safe
def job(request: PersonRequest, job_id: UUID) -> HttpResponse:
    found = job_for(request.person, job_id)
    return render(
        request, "pages/job.html", {"job": shown(found, request.person), "song": found.recording.song}
    )


@require_POST
def cancel(request: PersonRequest, job_id: UUID) -> HttpResponse:
    return redirect(jobs.cancel_job(job_to_cancel(request.person, job_id).pk))


def ask_for_map(request: PersonRequest, found: Song) -> Job:
    """Ask for a map of a song, from a recording of it that this person may hear."""
    ratelimits.take("generate", request)
    return jobs.request_map(found, by=person_of(request))


def shown(job: Job, person: Any) -> dict[str, Any]:
    """A job as the API gives it, with its song for the page, and whether this person may cancel it."""
    return job_data(job) | {"song": job.recording.song, "may_cancel": may_cancel(person, job)}
