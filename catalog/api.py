"""Uploads and songs over the API."""

import hashlib
from typing import Any, cast
from uuid import UUID

import orjson
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.utils.cache import get_conditional_response
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.filters import OrderingFilter
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.requests import PersonRequest
from accounts.services import person_of
from foundation import ratelimits
from foundation.errors import NotFound, SignInNeeded
from foundation.http.idempotency import idempotent

from . import services
from .genres import Genre
from .models import Song
from .naming import LONGEST_TITLE
from .selectors import song_by_id, song_data, songs_for, upload_data, upload_of
from .states import SongStatus, UploadState


class UploadAnnounced(serializers.Serializer):
    filename = serializers.CharField(allow_blank=True, help_text="As it is called on the sender's machine.")
    size = serializers.IntegerField(help_text="Bytes; exactly as many must be sent.")
    content_type = serializers.CharField(allow_blank=True, default="", max_length=200)
    sha256 = serializers.CharField(
        allow_blank=True, default="", max_length=64, help_text="Compared, if given."
    )


class UploadTicket(serializers.Serializer):
    """Where to send the bytes: one request with this method, address and headers. Then complete the upload."""

    id = serializers.UUIDField()
    state = serializers.ChoiceField(UploadState.choices)
    method = serializers.CharField()
    url = serializers.URLField()
    fields_ = serializers.DictField(child=serializers.CharField(), help_text="Empty for a PUT.")
    headers = serializers.DictField(child=serializers.CharField())
    expires_at = serializers.DateTimeField()

    def get_fields(self) -> dict[str, Any]:
        # A serializer has an attribute of this name already.
        return {name.rstrip("_"): field for name, field in super().get_fields().items()}


class CandidateAnswer(serializers.Serializer):
    title = serializers.CharField()
    artist = serializers.CharField()
    score = serializers.FloatField(min_value=0, max_value=1)
    source = serializers.ChoiceField(["catalogue", "acoustid", "tags", "filename"])  # type: ignore[assignment]
    recording_mbid = serializers.CharField(allow_null=True)


class ReasonAnswer(serializers.Serializer):
    code = serializers.CharField()
    detail = serializers.CharField()


class UploadAnswer(serializers.Serializer):
    id = serializers.UUIDField()
    state = serializers.ChoiceField(UploadState.choices)
    reason = ReasonAnswer(allow_null=True, help_text="Why it was rejected.")
    recording = serializers.UUIDField(allow_null=True)
    song = serializers.UUIDField(allow_null=True)
    candidates = CandidateAnswer(many=True)
    filename = serializers.CharField()
    size = serializers.IntegerField()


class SongLine(serializers.ModelSerializer):
    class Meta:
        model = Song
        fields = (
            "id",
            "title",
            "artist",
            "genre",
            "bpm",
            "status",
            "is_confirmed",
            "created_at",
            "updated_at",
        )


class RecordingOfSong(serializers.Serializer):
    id = serializers.UUIDField()
    duration_ms = serializers.IntegerField()
    is_freely_licensed = serializers.BooleanField()


class SongAnswer(SongLine):
    recordings = RecordingOfSong(many=True)

    class Meta(SongLine.Meta):
        fields = (*SongLine.Meta.fields, "recordings")  # type: ignore[assignment]


class SongsAsked(serializers.Serializer):
    search = serializers.CharField(
        required=False, allow_blank=True, max_length=200, help_text="In title or artist."
    )
    status = serializers.ChoiceField(SongStatus.choices, required=False)
    genre = serializers.ChoiceField(Genre.choices, required=False)


class SongMended(serializers.Serializer):
    """What is left out stays as it is; a song that is sent `{}` is confirmed as it is."""

    title = serializers.CharField(required=False, help_text=f"At most {LONGEST_TITLE} characters.")
    artist = serializers.CharField(
        required=False, allow_blank=True, help_text=f"At most {LONGEST_TITLE} characters."
    )
    genre = serializers.ChoiceField(Genre.choices, required=False, allow_blank=True)


class UploadsView(APIView):
    @extend_schema(
        request=UploadAnnounced,
        responses={201: UploadTicket},
        summary="Ask where to send a song",
        parameters=[OpenApiParameter("Idempotency-Key", str, OpenApiParameter.HEADER)],
    )
    @idempotent
    def post(self, request: Request) -> Response:
        ratelimits.take("upload", request._request)
        announced = _valid(UploadAnnounced(data=request.data))
        owner = (
            request.user
            if request.user.is_authenticated
            else person_of(cast(PersonRequest, request._request))
        )
        upload, ticket = services.request_upload(owner, **announced)
        get_token(request._request)  # a guest who came without a page needs one from now on
        body = {
            "id": upload.pk,
            "state": upload.state,
            "method": ticket.method,
            "url": request.build_absolute_uri(ticket.url),
            "fields": ticket.fields,
            "headers": ticket.headers,
            "expires_at": upload.expires_at,
        }
        return Response(body, 201, headers={"Location": request.build_absolute_uri(f"uploads/{upload.pk}")})


class UploadCompleteView(APIView):
    @extend_schema(request=None, responses=UploadAnswer, summary="Say that the song's file was sent")
    def post(self, request: Request, upload_id: UUID) -> Response:
        if not request.user.is_authenticated:
            raise SignInNeeded("sign_in_needed", "Nobody is signed in, and this browser brought no song.")
        return Response(upload_data(services.complete_upload(upload_id, by=request.user)))


class UploadView(APIView):
    @extend_schema(responses=UploadAnswer, summary="What has become of an upload")
    def get(self, request: Request, upload_id: UUID) -> Response:
        upload = upload_of(request.user, upload_id)
        if upload is None:
            raise NotFound("not_found", "There is no such upload, or it isn't yours.")
        return Response(upload_data(upload))


class SongsView(GenericAPIView):
    """Songs that somebody has named, and those that the asker brought."""

    queryset = Song.objects.none()
    serializer_class = SongLine
    filter_backends = [OrderingFilter]
    ordering_fields = ["created_at", "updated_at", "title", "artist"]
    ordering = ["-created_at"]

    @extend_schema(parameters=[SongsAsked], responses=SongLine(many=True), summary="The catalogue")
    def get(self, request: Request) -> Response:
        asked = _valid(SongsAsked(data=request.query_params))
        songs = self.filter_queryset(songs_for(request.user, **asked))
        # Rows as they are: a serializer would cost three times as much as the query.
        return self.get_paginated_response(self.paginate_queryset(songs.values(*SongLine.Meta.fields)))


class SongView(APIView):
    @extend_schema(
        responses={200: SongAnswer, 304: OpenApiResponse(description="It hasn't changed.")},
        summary="A song and its recordings",
        parameters=[OpenApiParameter("If-None-Match", str, OpenApiParameter.HEADER)],
    )
    def get(self, request: Request, song_id: UUID) -> HttpResponse:
        data = song_data(song_by_id(song_id))
        etag = f'"{hashlib.sha256(orjson.dumps(data)).hexdigest()[:32]}"'
        response = Response(data, headers={"ETag": etag, "Cache-Control": "private, no-cache"})
        return get_conditional_response(request._request, etag, response=response)  # type: ignore[arg-type, return-value]

    @extend_schema(request=SongMended, responses=SongAnswer, summary="Confirm or mend what a song is")
    def patch(self, request: Request, song_id: UUID) -> Response:
        if not request.user.is_authenticated:
            raise SignInNeeded("sign_in_needed", "Sign in to say what a song is.")
        mended = _valid(SongMended(data=request.data))
        return Response(song_data(services.confirm_song(song_by_id(song_id), by=request.user, **mended)))


def _valid(asked: serializers.Serializer) -> dict[str, Any]:
    asked.is_valid(raise_exception=True)
    return asked.validated_data
