"""What a fingerprint made in the browser finds, before a byte of the song has left its machine."""

from django.conf import settings
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from catalog.api import CandidateAnswer
from catalog.selectors import recognised
from foundation import ratelimits
from maps.api import MapAnswer
from maps.selectors import maps_of
from maps.states import MapStatus


class FingerprintSent(serializers.Serializer):
    fingerprint = serializers.CharField(
        max_length=100_000, help_text="Chromaprint's compressed text, as fpcalc gives."
    )
    duration_ms = serializers.IntegerField(min_value=1, max_value=settings.UPLOAD_MAX_DURATION_S * 1000)


class IdentifyAnswer(serializers.Serializer):
    recording = serializers.UUIDField(
        allow_null=True, help_text="Null where we know the song only in another cut."
    )
    song = serializers.UUIDField(allow_null=True)
    verified_maps = MapAnswer(many=True)
    candidates = CandidateAnswer(many=True)


class IdentifyView(APIView):
    @extend_schema(request=FingerprintSent, responses=IdentifyAnswer, summary="Do we know this sound?")
    def post(self, request: Request) -> Response:
        ratelimits.take("identify", request._request)
        sent = FingerprintSent(data=request.data)
        sent.is_valid(raise_exception=True)
        known, candidates = recognised(**sent.validated_data)
        maps = maps_of(known.recording.song).filter(status=MapStatus.VERIFIED) if known else ()
        return Response(
            {
                "recording": known.recording.pk if known and known.is_same_recording else None,
                "song": known.recording.song_id if known else None,
                "verified_maps": MapAnswer(maps, many=True).data,
                "candidates": [candidate.as_data() for candidate in candidates],
            }
        )
