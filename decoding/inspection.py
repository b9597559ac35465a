"""A file's facts, or the reason why it is refused, from decoding the whole of it once.

Headers lie and files break off, so nothing is taken from a header that can be counted: the duration is the
number of samples that really came out, and it is held against what the header promised.
"""

import os
import re
from dataclasses import dataclass

from decoding.container import Container, sniff
from decoding.failures import DecodingFailed, broken, clock, not_audio
from decoding.promises import check_promises
from decoding.sandbox import run_ffmpeg

LONGEST_S = 1200
SHORTEST_S = 3.0
# Dithered digital silence peaks near -90 dBFS, the quietest commercial masters above -20.
SILENCE_PEAK_DBFS = -60.0
# How much shorter than promised is still whole: encoder delay and padding, and headers that were rounded.
MISSING_S, MISSING_RATIO = 1.0, 0.02
# Undecodable packets: an odd junk frame in an MP3 is common and inaudible; one every five seconds is not.
BAD_PACKETS, BAD_PACKETS_PER_S = 10, 0.2

PROMISED = re.compile(r"^\[info\]   Duration: (\d+):(\d\d):(\d\d\.\d+)", re.M)
NO_SOUND = "matches no streams"
GUESSED = "Estimating duration from bitrate"
CODEC = re.compile(r"^\[info\]   Stream #0:\d+ -> #0:0 \((\w+)", re.M)
DECODED_FORMAT = re.compile(r"^\[info\]   Stream #0:0.*: Audio: pcm_\w+, (\d+) Hz, ([\w.() ]+),", re.M)
SAMPLES = re.compile(r"^\[Parsed_volumedetect_\d+ @ \w+\] \[info\] n_samples: (\d+)", re.M)
PEAK = re.compile(r"^\[Parsed_volumedetect_\d+ @ \w+\] \[info\] max_volume: (-?\d+\.\d+|-inf) dB", re.M)
BAD_PACKET = re.compile(r"\[error\] (?:Error submitting packet to decoder|Decoding error)")


@dataclass(frozen=True)
class AudioFacts:
    """`duration_ms` is counted from decoded samples; `promised_ms` is the header's claim, if it makes one."""

    container: str
    codec: str
    content_type: str
    duration_ms: int
    promised_ms: int | None
    sample_rate_hz: int
    channels: int
    peak_dbfs: float

    @property
    def is_silent(self) -> bool:
        return self.peak_dbfs < SILENCE_PEAK_DBFS


def inspect(path: str | os.PathLike[str], max_duration_s: float = LONGEST_S) -> AudioFacts:
    """Facts of a song that is whole, audible and of a length we take; `DecodingFailed` for any other."""
    if os.path.getsize(path) == 0:
        raise DecodingFailed("empty", "The file is empty: it has no bytes. Choose the song's file again.")
    container = sniff(path)
    if container is None:
        raise not_audio()
    check_promises(path, container)

    # A little more than we take is enough to know that it is too long.
    run = run_ffmpeg(
        path,
        container.demuxer,
        ("-af", "volumedetect", "-f", "null", "pipe:1"),
        input_options=("-t", str(max_duration_s + 5)),
    )
    run.output.close()
    facts = _facts(run.log, container.name, container.content_type)
    if facts is None and NO_SOUND in run.log:
        raise not_audio()
    if facts is None:
        raise broken("The file starts like a song, but no sound can be read from it.")
    if facts.duration_ms > max_duration_s * 1000:
        raise DecodingFailed(
            "too_long",
            f"The song is longer than {clock(max_duration_s)}. Cut it to the part you play and send that.",
        )
    _check_whole(run.log, facts.duration_ms / 1000, facts.promised_ms)
    if facts.duration_ms < SHORTEST_S * 1000:
        raise DecodingFailed(
            "too_short", f"The file holds less than {SHORTEST_S:.0f} seconds of sound. Send the whole song."
        )
    if facts.is_silent:
        raise DecodingFailed("silent", "The file holds only silence. Check the recording and send it again.")
    return facts


def _facts(log: str, container: str, content_type: str) -> AudioFacts | None:
    """What the log says; None if nothing was decoded. The last match counts: a tag may imitate others."""
    formats, codecs = DECODED_FORMAT.findall(log), CODEC.findall(log)
    samples = sum(map(int, SAMPLES.findall(log)))
    if not (formats and codecs and samples):
        return None
    rate_hz, channels = int(formats[-1][0]), _channels(formats[-1][1])
    return AudioFacts(
        container=container,
        codec=codecs[-1],
        content_type=content_type,
        duration_ms=round(1000 * samples / (rate_hz * channels)),
        promised_ms=_promised_ms(log),
        sample_rate_hz=rate_hz,
        channels=channels,
        peak_dbfs=max(map(float, PEAK.findall(log)), default=float("-inf")),
    )


def damage(path: str | os.PathLike[str], container: Container, log: str, decoded_s: float) -> str | None:
    """What is missing or broken in a file that could be decoded, for people; None where it is whole.

    `log` is ffmpeg's, `decoded_s` what came out of the whole file.
    """
    try:
        check_promises(path, container)
        _check_whole(log, decoded_s, _promised_ms(log))
    except DecodingFailed as failure:
        return failure.detail
    return None


def _check_whole(log: str, decoded_s: float, promised_ms: int | None) -> None:
    if promised_ms is not None:
        promised_s = promised_ms / 1000
        if promised_s - decoded_s > max(MISSING_S, MISSING_RATIO * promised_s):
            raise broken(
                f"The file is damaged or breaks off: "
                f"only {clock(decoded_s)} of {clock(promised_s)} can be read."
            )
    bad_packets = len(BAD_PACKET.findall(log))
    if bad_packets > max(BAD_PACKETS, BAD_PACKETS_PER_S * decoded_s):
        raise broken(f"The file is damaged in {bad_packets} places.")


def _promised_ms(log: str) -> int | None:
    """The header's claim, where it makes one of its own."""
    promised = PROMISED.search(log)
    return _milliseconds(*promised.groups()) if promised and GUESSED not in log else None


def _milliseconds(hours: str, minutes: str, seconds: str) -> int:
    return round(1000 * (int(hours) * 3600 + int(minutes) * 60 + float(seconds)))


def _channels(layout: str) -> int:
    """ffmpeg's name of a channel layout as a number: "stereo", "5.1(side)", "3 channels"."""
    named = {"mono": 1, "stereo": 2, "downmix": 2, "quad": 4, "hexagonal": 6, "octagonal": 8}
    numbers = [int(number) for number in re.findall(r"\d+", layout)]
    return named.get(layout.split("(")[0]) or sum(numbers) or 1
