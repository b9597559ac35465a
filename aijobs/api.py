"""Jobs over the API: ask for a map, watch the job, cancel it."""

from uuid import UUID

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from catalog.models import Song
from foundation import ratelimits
from foundation.errors import NotFound, SignInNeeded
from foundation.http.idempotency import idempotent
from maps.states import Difficulty

from .selectors import job_data, job_for, job_to_cancel
from .services import cancel_job, request_map
from .states import JobState, Stage

_NO_STORE = {"Cache-Control": "no-store"}


class GenerateRequest(serializers.Serializer):
    difficulty = serializers.ChoiceField(Difficulty.choices, default=Difficulty.EXPERT)


class StageAnswer(serializers.Serializer):
    name = serializers.ChoiceField(Stage.choices)
    label = serializers.CharField()  # type: ignore[assignment]
    progress = serializers.FloatField(min_value=0, max_value=1)
    state = serializers.ChoiceField(["waiting", "active", "done", "failed"])


class ErrorAnswer(serializers.Serializer):
    code = serializers.CharField()
    detail = serializers.CharField()


class JobAnswer(serializers.Serializer):
    """A job: `progress` of the whole from 0 to 1, `queue_position` 1 for the next in line."""

    id = serializers.UUIDField()
    state = serializers.ChoiceField(JobState.choices)
    stage = serializers.ChoiceField(Stage.choices, allow_null=True)
    progress = serializers.FloatField(min_value=0, max_value=1)
    stages = StageAnswer(many=True)
    queue_position = serializers.IntegerField(allow_null=True)
    eta_ms = serializers.IntegerField(allow_null=True)
    map = serializers.UUIDField(allow_null=True)
    song = serializers.UUIDField()
    error = ErrorAnswer(allow_null=True)
    note = serializers.CharField(allow_null=True)
    attempt = serializers.IntegerField()


class GenerateView(APIView):
    @extend_schema(
        request=GenerateRequest,
        responses={
            202: JobAnswer,
            402: OpenApiResponse(description="`quota_exhausted`: the plan holds no run any more."),
            403: OpenApiResponse(description="`recording_not_yours`: bring your own file of the song first."),
            409: OpenApiResponse(
                description="`verified_map_exists` (with `map`) or `job_active` (with `job`)."
            ),
        },
        summary="Have the AI make a map of a song",
    )
    @idempotent
    def post(self, request: Request, song_id: UUID) -> Response:
        if not request.user.is_authenticated:
            raise SignInNeeded("sign_in_needed", "Drop your file of this song first, or sign in.")
        ratelimits.take("generate", request._request)
        asked = GenerateRequest(data=request.data)
        asked.is_valid(raise_exception=True)
        song = Song.objects.filter(pk=song_id).first()
        if song is None:
            raise NotFound("not_found", "There is no such song.")
        job = request_map(song, request.user, asked.validated_data["difficulty"])
        return Response(
            job_data(job), status.HTTP_202_ACCEPTED, headers={"Location": f"/api/v1/jobs/{job.pk}"}
        )


class JobView(APIView):
    @extend_schema(responses=JobAnswer, summary="A job")
    def get(self, request: Request, job_id: UUID) -> Response:
        return Response(job_data(job_for(request.user, job_id)), headers=_NO_STORE)


class CancelView(APIView):
    @extend_schema(
        request=None,
        responses={
            200: JobAnswer,
            409: OpenApiResponse(description="`job_complete` or `job_failed`: it has ended."),
        },
        summary="Cancel a job",
    )
    @idempotent
    def post(self, request: Request, job_id: UUID) -> Response:
        job = job_to_cancel(request.user, job_id)
        cancel_job(job.pk)
        job.refresh_from_db()
        return Response(job_data(job), headers=_NO_STORE)
