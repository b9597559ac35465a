"""The numbers and names that every floor of the ear shares: rates, grids, drums and their groups."""

SAMPLE_RATE_HZ = 44_100  # what the model was trained at; cymbals need the band above 8 kHz
FRAMES_PER_SECOND = 100  # resolution of the model's activations
TICKS_PER_QUARTER = 960  # of the map format

# What the network tells apart, in the order of its outputs.
DRUMS = (
    "kick",
    "snare",
    "snare_rim",
    "hihat_closed",
    "hihat_pedal",
    "hihat_open",
    "tom_high",
    "tom_mid",
    "tom_low",
    "crash",
    "ride",
    "ride_bell",
    "china",
    "splash",
)
# A group decides whether something was struck, a drum within it says what. Percussion is heard so that
# a tambourine is not taken for a hi-hat; no drum of the kit belongs to it and no map shows it.
GROUPS = ("kick", "snare", "hihat", "tom", "cymbal", "percussion")
GROUP_OF_DRUM = (0, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4, 4, 4)


def ms_from_seconds(seconds: float) -> int:
    return round(seconds * 1000)
