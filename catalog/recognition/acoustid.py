"""AcoustID's lookup service: candidates from a fingerprint, at a rate that all processes share.

One AcoustID is often attached to several recordings, among them other songs by mistake; the service's order says
nothing about which is meant. So each is ranked by the fingerprint's score and by how near its length comes to the
file's, and a little by how many people submitted it.
"""

import logging
import time
from typing import Any

import acoustid
import redis
from django.conf import settings

from catalog.fingerprints import Fingerprint
from catalog.naming import tidy

from .candidates import Candidate

log = logging.getLogger(__name__)

# AcoustID answers within a second; a person is waiting, and the file's own tags are the next source.
ANSWER_WITHIN_S = 8
LONGEST_WAIT_FOR_A_TURN_S = 10
# Up to here two lengths are the same recording, from there on they are different cuts.
SAME_LENGTH_S, OTHER_LENGTH_S = 3.0, 20.0


class AcoustIDUnavailable(Exception):
    """The service couldn't be asked, or its answer made no sense."""


def look_up(heard: Fingerprint) -> list[Candidate]:
    """Candidates for a fingerprint, unranked among other sources. Raises `AcoustIDUnavailable`."""
    _wait_for_a_turn()
    acoustid.set_base_url(settings.ACOUSTID_URL.removesuffix("lookup"))
    try:
        answer = acoustid.lookup(
            settings.ACOUSTID_API_KEY,
            heard.compressed,
            round(heard.duration_ms / 1000),
            meta=["recordings", "sources"],
            timeout=ANSWER_WITHIN_S,
        )
        if answer.get("status") != "ok":
            raise AcoustIDUnavailable(str(answer.get("error", answer))[:300])
        return [
            candidate
            for result in answer["results"]
            for recording in result.get("recordings", ())
            if (candidate := _candidate(float(result["score"]), recording, heard.duration_ms / 1000))
        ]
    except acoustid.AcoustidError as error:
        raise AcoustIDUnavailable(str(error)) from error
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise AcoustIDUnavailable(f"An answer that makes no sense: {error!r}.") from error


def _candidate(score: float, recording: dict[str, Any], duration_s: float) -> Candidate | None:
    title = tidy(recording.get("title") or "")
    if not title:
        return None
    artists = "".join(each["name"] + each.get("joinphrase", "") for each in recording.get("artists") or ())
    weighed = score * _closeness(recording.get("duration"), duration_s) * _backing(recording.get("sources"))
    return Candidate(title, tidy(artists), round(min(weighed, 1.0), 3), "acoustid", recording.get("id"))


def _closeness(duration_s: float | None, ours_s: float) -> float:
    """1 for the same length, down to 0.3 for another cut; 0.8 where MusicBrainz doesn't know the length."""
    if not duration_s:
        return 0.8
    away = (abs(duration_s - ours_s) - SAME_LENGTH_S) / (OTHER_LENGTH_S - SAME_LENGTH_S)
    return 1.0 - 0.7 * min(max(away, 0.0), 1.0)


def _backing(sources: int | None) -> float:
    """0.9 for a recording that one person submitted, near 1 for one that many did."""
    return 1.0 - 0.1 / max(sources, 1) if sources else 1.0


def _wait_for_a_turn() -> None:
    """Return when a request may go out: over all processes the turns lie a third of a second apart."""
    clock = redis.Redis.from_url(settings.CACHE_ADDRESS)
    apart_ms = -(-1000 // settings.ACOUSTID_REQUESTS_PER_S)
    give_up_at = time.monotonic() + LONGEST_WAIT_FOR_A_TURN_S
    try:
        while not clock.set("beatsight:acoustid-turn", 1, nx=True, px=apart_ms):
            if time.monotonic() > give_up_at:
                raise AcoustIDUnavailable("Too many are waiting for AcoustID.")
            time.sleep(max(clock.pttl("beatsight:acoustid-turn"), 1) / 1000)
    except redis.RedisError as error:
        raise AcoustIDUnavailable("The rate can't be kept without Redis.") from error
    finally:
        clock.close()
