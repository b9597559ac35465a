"""A version as a file to take along."""

from django.http import HttpResponse
from django.utils.text import slugify

from .models import MapVersion
from .selectors import bsm_of


def bsm_download(version: MapVersion) -> HttpResponse:
    """The `.bsm` file of a version as a download with a speaking name."""
    song = version.drum_map.song
    name = slugify(f"{song.artist} {song.title}") or "map"
    response = HttpResponse(bsm_of(version), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{name}-v{version.number}.bsm"'
    response["ETag"] = f'"{version.sha256}"'
    return response
