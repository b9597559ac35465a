"""Which recording is this? Chromaprint fingerprints, their comparison, and an index of our own.

`chromaprint` makes a fingerprint of a file and reads one that a browser sends, `alignment` says whether two
fingerprints are the same recording, `index` finds the candidates among all that we have. No Django in here:
selectors feed it rows.
"""

from catalog.fingerprints.alignment import SAME_RECORDING_SCORE, Match, similarity
from catalog.fingerprints.chromaprint import Fingerprint, fingerprint, from_compressed
from catalog.fingerprints.index import Candidate, InMemoryIndex, RecordingIndex, StoredFingerprint
from catalog.fingerprints.packing import InvalidFingerprint, codes_from_bytes, codes_to_bytes

__all__ = [
    "SAME_RECORDING_SCORE",
    "Candidate",
    "Fingerprint",
    "InMemoryIndex",
    "InvalidFingerprint",
    "Match",
    "RecordingIndex",
    "StoredFingerprint",
    "codes_from_bytes",
    "codes_to_bytes",
    "fingerprint",
    "from_compressed",
    "similarity",
]
