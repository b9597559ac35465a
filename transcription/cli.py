"""`python -m transcription SONG -o MAP.bsm`: the ear for people, and with `--serve` for the worker."""

import argparse
import json
import logging
import os
import sys
from pathlib import Path

import torch

from transcription import weights
from transcription.device import DeviceMissing
from transcription.failures import failure_of
from transcription.pipeline import Request, Result, transcribe
from transcription.serve import serve
from transcription.stored_weights import DamagedWeights

THREADS = 2  # more do not make these small layers faster


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m transcription", description="Writes the drum map of a song."
    )
    parser.add_argument(
        "song", type=Path, nargs="?", help="WAV, MP3, FLAC, Ogg, Opus or M4A, up to 20 minutes"
    )
    parser.add_argument("-o", "--output", type=Path, metavar="MAP.bsm", help="default: beside the song")
    parser.add_argument(
        "--stems", type=Path, metavar="DIR", help="write the separated drums and the rest here"
    )
    parser.add_argument("--peaks", type=Path, metavar="FILE.json", help="write the waveform's outline here")
    parser.add_argument(
        "--report", type=Path, metavar="FILE.json", help="write what was done, and how long it took"
    )
    parser.add_argument("--title")
    parser.add_argument("--artist")
    parser.add_argument("--serve", action="store_true", help="answer JSON requests on stdin (for the worker)")
    options = parser.parse_args(arguments)
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING)
    torch.set_num_threads(min(THREADS, os.cpu_count() or 1))
    if options.song is None and not options.serve:
        parser.error("which song? Name a file.")
    try:
        return serve() if options.serve else _listen_once(options)
    except (DamagedWeights, DeviceMissing) as fault:
        print(fault, file=sys.stderr)
        return 1


def _listen_once(options: argparse.Namespace) -> int:
    output = options.output or options.song.with_suffix(".bsm")
    request = Request(options.song, output, options.stems, options.peaks, options.title, options.artist)
    ear = weights.load()
    try:
        result = transcribe(request, ear, _show_progress)
    except FileNotFoundError as missing:
        print(f"\nThere is no file {missing.filename}.", file=sys.stderr)
        return 1
    except Exception as error:
        failure = failure_of(error)
        if failure.code == "internal":
            raise
        print(f"\n{failure.detail}", file=sys.stderr)
        return 1
    if options.report:
        options.report.write_text(json.dumps(result.as_object(), indent=1) + "\n")
    print(f"\r{_account(result, output)}")
    return 0


def _show_progress(stage: str, progress: float) -> None:
    if sys.stderr.isatty():
        print(f"\r{stage:<12}{progress:>5.0%}", end="", file=sys.stderr, flush=True)


def _account(result: Result, output: Path) -> str:
    total_s = sum(result.stage_seconds.values())
    sentences = [f"{output}: {result.notes} notes in {total_s:.1f} s."]
    sentences += [sentence for sentence in (result.summary, result.separation_note) if sentence]
    return " ".join(sentences)
