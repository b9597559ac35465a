"""Does an MPEG audio stream start here? Asked of MP3 files, which have no magic number.

Two bytes of sync word occur in any program or picture by chance, so several frames must follow one another
exactly where each one's header says that the next begins, with the same version, layer and sample rate.
"""

from typing import BinaryIO

# Some encoders and taggers leave padding between the tag and the first frame.
SEARCHED_BYTES = 64 * 1024
FRAMES_IN_A_ROW = 4
# Layer III, kbit/s by index, and sample rates in Hz by version bits. Source: ISO 11172-3 §2.4.2.3, ISO
# 13818-3.
MPEG1_KBITS = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
MPEG2_KBITS = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
RATES_HZ = {3: (44_100, 48_000, 32_000), 2: (22_050, 24_000, 16_000), 0: (11_025, 12_000, 8_000)}
LAYER_III = 1


def finds_mpeg_frames(file: BinaryIO) -> bool:
    """Whether consecutive Layer III frames begin within the next 64 KiB of `file`."""
    data = file.read(SEARCHED_BYTES + 8 * 1024)
    at = data.find(b"\xff")
    while 0 <= at < SEARCHED_BYTES:
        if _frames_follow(data, at):
            return True
        at = data.find(b"\xff", at + 1)
    return False


def _frames_follow(data: bytes, at: int) -> bool:
    kind = None
    for _ in range(FRAMES_IN_A_ROW):
        frame = _frame(data[at : at + 4])
        if frame is None or (kind is not None and frame[0] != kind):
            return False
        kind, length = frame
        at += length
    return True


def _frame(header: bytes) -> tuple[tuple[int, int], int] | None:
    """((version, rate in Hz), frame length in bytes) of a four-byte Layer III header, None if it is none."""
    if len(header) < 4 or header[0] != 0xFF or header[1] & 0xE0 != 0xE0:
        return None
    version, layer = header[1] >> 3 & 3, header[1] >> 1 & 3
    kbit_index, rate_index, padding = header[2] >> 4, header[2] >> 2 & 3, header[2] >> 1 & 1
    if version not in RATES_HZ or layer != LAYER_III or kbit_index in (0, 15) or rate_index == 3:
        return None
    rate_hz = RATES_HZ[version][rate_index]
    kbits = (MPEG1_KBITS if version == 3 else MPEG2_KBITS)[kbit_index]
    return (version, rate_hz), (144_000 if version == 3 else 72_000) * kbits // rate_hz + padding
