"""Maps and versions over the API."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.cache import get_conditional_response
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from catalog.selectors import may_hear
from foundation.errors import Forbidden, Malformed

from .files import bsm_download
from .models import DrumMap, MapVersion
from .selectors import chart_of, map_by_id, version_of
from .sounds import sounds_of


class SongInMap(serializers.Serializer):
    id = serializers.UUIDField()
    title = serializers.CharField()
    artist = serializers.CharField()


class MapAnswer(serializers.ModelSerializer):
    """A map with the facts of its newest version."""

    song = SongInMap()
    version = serializers.IntegerField(source="number")
    note_count = serializers.IntegerField()
    bpm = serializers.FloatField()
    duration_ms = serializers.IntegerField()
    confidence = serializers.FloatField(allow_null=True)
    difficulty = serializers.FloatField()

    class Meta:
        model = DrumMap
        fields = (
            "id", "song", "recording", "difficulty_label", "status", "is_canonical", "version", "note_count", "bpm",
            "duration_ms", "confidence", "difficulty", "created_at",
        )  # fmt: skip


class VersionAnswer(serializers.ModelSerializer):
    class Meta:
        model = MapVersion
        fields = (
            "number", "source", "note_count", "bpm", "duration_ms", "difficulty", "confidence", "model_version",
            "note", "job_id", "sha256", "created_at",
        )  # fmt: skip


class SoundsAnswer(serializers.Serializer):
    """Signed addresses that live for `expires_in_s`; null where there is no such sound."""

    song = serializers.CharField(allow_null=True)
    drums = serializers.CharField(allow_null=True)
    rest = serializers.CharField(allow_null=True)
    peaks = serializers.CharField(allow_null=True)
    expires_in_s = serializers.IntegerField()


class MapView(APIView):
    @extend_schema(responses=MapAnswer, summary="A map")
    def get(self, request: Request, map_id: UUID) -> Response:
        return Response(MapAnswer(map_by_id(map_id)).data)


class VersionsView(APIView):
    @extend_schema(responses=VersionAnswer(many=True), summary="A map's versions, the newest first")
    def get(self, request: Request, map_id: UUID) -> Response:
        return Response({"next": None, "previous": None, "results": VersionAnswer(
            map_by_id(map_id).versions.all(), many=True).data})  # fmt: skip


class VersionView(APIView):
    @extend_schema(
        responses={200: VersionAnswer, 304: OpenApiResponse(description="A version never changes.")},
        summary="One version",
        parameters=[OpenApiParameter("chart", bool, description="With the chart, its notes keyed by id.")],
    )
    def get(self, request: Request, map_id: UUID, number: int) -> HttpResponse:
        version = version_of(map_by_id(map_id), number)
        body: dict[str, Any] = dict(VersionAnswer(version).data)
        if request.query_params.get("chart", "").lower() in {"1", "true", "yes"}:
            body["chart"] = chart_of(version).as_object()
        etag = f'"{version.sha256}"'
        response = Response(body, headers={"ETag": etag, "Cache-Control": "private, no-cache"})
        return get_conditional_response(request._request, etag, response=response)  # type: ignore[arg-type, return-value]


class ExportView(APIView):
    @extend_schema(
        responses={(200, "application/json"): OpenApiResponse(description="The file")},
        summary="A version as a file",
        parameters=[OpenApiParameter("format", str, enum=["bsm"], description="The kind of file.")],
    )
    def get(self, request: Request, map_id: UUID, number: int) -> HttpResponse:
        kind = request.query_params.get("format", "bsm")
        if kind != "bsm":
            raise Malformed("format_unknown", f"There is no export as {kind[:40]!r}. Ask for format=bsm.")
        return bsm_download(version_of(map_by_id(map_id), number))

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:
        # `format` names the export here, not a renderer of the framework's
        return self.get_renderers()[0], "application/json"


class SoundsView(APIView):
    @extend_schema(responses=SoundsAnswer, summary="Where the map's song, stems and waveform can be heard")
    def get(self, request: Request, map_id: UUID) -> Response:
        drum_map = map_by_id(map_id)
        if drum_map.recording is None or not may_hear(request.user, drum_map.recording):
            raise Forbidden("not_yours_to_hear", "Only whoever brought this recording can hear it.")
        # whole addresses, as S3 gives them, for clients that know no page to resolve them against
        sounds = {
            name: request.build_absolute_uri(fact) if isinstance(fact, str) else fact
            for name, fact in sounds_of(drum_map).items()
        }
        return Response(sounds, headers={"Cache-Control": "private, no-store"})
