"""Which drums count as one: three, five or ten classes, and the seven lanes of a map.

The ten are those of most annotated songs. What is finer counts as its class (a rim stroke as snare, a bell as ride,
china and splash as crash); what is no part of a drum kit counts nowhere.
"""

from transcription.score import LANES

TEN = (
    "kick", "snare", "hihat_closed", "hihat_pedal", "hihat_open", "tom_high", "tom_mid", "tom_low", "crash", "ride",
)  # fmt: skip
FINER = {
    "snare_rim": "snare", "hihat_half": "hihat_open", "ride_bell": "ride",
    "crash2": "crash", "china": "crash", "splash": "crash",
}  # fmt: skip
FIVE = ("kick", "snare", "hihat", "tom", "cymbal")
THREE = ("kick", "snare", "hihat")


def one_of_ten(drum: str) -> str | None:
    drum = FINER.get(drum, drum)
    return drum if drum in TEN else None


def one_of_five(drum: str) -> str | None:
    ten = one_of_ten(drum)
    if ten in ("crash", "ride"):
        return "cymbal"
    return ten.partition("_")[0] if ten else None


def one_of_three(drum: str) -> str | None:
    five = one_of_five(drum)
    return five if five in THREE else None


def lane_of(drum: str) -> int | None:
    ten = one_of_ten(drum)
    return LANES[ten] if ten else None


GROUPINGS = {"3": (THREE, one_of_three), "5": (FIVE, one_of_five), "10": (TEN, one_of_ten)}
