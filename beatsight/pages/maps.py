"""The page of a map: see it, hear it, take it along."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.requests import PersonRequest
from catalog.selectors import may_hear
from maps.chart.summary import notes_by_bar, summarise
from maps.files import bsm_download
from maps.selectors import chart_of, map_by_id, version_of
from maps.sounds import sounds_of


@require_safe
def play(request: PersonRequest, map_id: UUID) -> HttpResponse:
    drum_map = map_by_id(map_id)
    version = version_of(drum_map)
    chart = chart_of(version)
    can_hear = drum_map.recording is not None and may_hear(request.person, drum_map.recording)
    response = render(
        request,
        "pages/map.html",
        {
            "drum_map": drum_map,
            "version": version,
            "song": drum_map.song,
            "audio": sounds_of(drum_map) if can_hear else None,
            "can_hear": can_hear,
            "download_url": reverse("map_download", args=[drum_map.pk]),
            "ai": (chart.editor or {}).get("aiGenerationMetadata"),
            "summary": summarise(chart),
            "notes_by_bar": list(notes_by_bar(chart)),
        },
    )
    response["Cache-Control"] = "private, no-store"  # it holds signed addresses
    return response


@require_safe
def download(request: PersonRequest, map_id: UUID) -> HttpResponse:
    return bsm_download(version_of(map_by_id(map_id)))
