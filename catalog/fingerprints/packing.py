"""A fingerprint's codes as bytes: ours for storing, and Chromaprint's own compressed text.

A code is 32 bits for about an eighth of a second of sound. Chromaprint's compression writes each code as the
bits that differ from the code before (the first from 0): the distances between the bits that are set, in 3
bits each, a 0 ending the code; a distance of 7 or more is written as 7, and what is over 7 in 5 bits in a
second list behind the first. Both lists fill bytes from the low bit up. Before them stand the algorithm (1
byte) and the number of codes (3 bytes). Source: Chromaprint, src/fingerprint_compressor.cpp and
fingerprint_decompressor.cpp.
"""

import base64
import binascii
import re

import numpy as np

HEADER_BYTES = 4
LARGEST_SHORT_DISTANCE = 7
# Twenty minutes at 8.07 codes a second, and some.
MOST_CODES = 12_000


class InvalidFingerprint(ValueError):
    """What was sent is no fingerprint; the message says why."""


def codes_to_bytes(codes: np.ndarray) -> bytes:
    """Codes as stored: little endian, 4 bytes each."""
    return np.asarray(codes, np.uint32).astype("<u4").tobytes()


def codes_from_bytes(stored: bytes | memoryview) -> np.ndarray:
    """uint32 (codes,) of what `codes_to_bytes` gave."""
    return np.frombuffer(bytes(stored), "<u4").astype(np.uint32)


def compress(codes: np.ndarray, algorithm: int) -> str:
    """The text that AcoustID and fpcalc use: compressed, base64 for URLs, without padding."""
    codes = np.asarray(codes, np.uint32)
    changes = codes ^ np.concatenate(([np.uint32(0)], codes[:-1]))
    bits = np.unpackbits(changes.astype("<u4").view(np.uint8).reshape(-1, 4), axis=1, bitorder="little")
    code, bit = np.nonzero(bits)
    is_first = np.diff(code, prepend=-1) > 0
    distances = bit + 1 - np.where(is_first, 0, np.concatenate(([0], bit[:-1] + 1)))
    ends = np.searchsorted(code, np.arange(len(codes)), side="right")
    short = np.insert(np.minimum(distances, LARGEST_SHORT_DISTANCE), ends, 0)
    over = distances[distances >= LARGEST_SHORT_DISTANCE] - LARGEST_SHORT_DISTANCE
    header = bytes([algorithm]) + len(codes).to_bytes(3, "big")
    return base64.urlsafe_b64encode(header + _pack(short, 3) + _pack(over, 5)).rstrip(b"=").decode()


def decompress(text: str) -> tuple[np.ndarray, int]:
    """(codes as uint32, algorithm) of a compressed fingerprint; else raises `InvalidFingerprint`."""
    packed = _from_base64(text)
    if len(packed) < HEADER_BYTES:
        raise InvalidFingerprint("The fingerprint is too short to be one.")
    algorithm, count = packed[0], int.from_bytes(packed[1:HEADER_BYTES], "big")
    if not 0 < count <= MOST_CODES:
        raise InvalidFingerprint(f"A fingerprint holds 1 to {MOST_CODES} codes; this one announces {count}.")

    body = packed[HEADER_BYTES:]
    short = _unpack(body, 3)
    ends = np.flatnonzero(short == 0)
    if len(ends) < count:
        raise InvalidFingerprint("The fingerprint breaks off.")
    short = short[: ends[count - 1] + 1]
    is_long = short == LARGEST_SHORT_DISTANCE
    over = _unpack(body[(3 * len(short) + 7) // 8 :], 5)
    if len(over) < is_long.sum():
        raise InvalidFingerprint("The fingerprint breaks off.")

    distances = short.astype(np.int64)
    distances[is_long] += over[: is_long.sum()]
    is_end = short == 0
    total = np.cumsum(distances)
    code = np.cumsum(is_end) - is_end
    before = np.concatenate(([0], total[is_end]))[code]
    bit = (total - before - 1)[~is_end]
    if len(bit) and bit.max() > 31:
        raise InvalidFingerprint("The fingerprint is damaged: a code has more than 32 bits.")
    changes = np.zeros(count, np.uint32)
    np.bitwise_or.at(changes, code[~is_end], np.uint32(1) << bit.astype(np.uint32))
    return np.bitwise_xor.accumulate(changes), algorithm


def _from_base64(text: str) -> bytes:
    text = text.strip().rstrip("=")
    if not re.fullmatch(r"[A-Za-z0-9_-]+", text):
        raise InvalidFingerprint("The fingerprint isn't in Chromaprint's text form (base64 for URLs).")
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error:
        raise InvalidFingerprint("The fingerprint breaks off.") from None


def _pack(values: np.ndarray, width: int) -> bytes:
    """Numbers of `width` bits in a row, low bit first, padded to a byte."""
    bits = np.unpackbits(values.astype(np.uint8)[:, None], axis=1, count=width, bitorder="little")
    return np.packbits(bits.ravel(), bitorder="little").tobytes()


def _unpack(packed: bytes, width: int) -> np.ndarray:
    bits = np.unpackbits(np.frombuffer(packed, np.uint8), bitorder="little")
    whole = bits[: len(bits) // width * width].reshape(-1, width)
    return np.packbits(whole, axis=1, bitorder="little").ravel()
