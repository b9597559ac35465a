"""How large a chart may be. Far beyond any song, so that only what is broken or hostile is refused."""

LARGEST_BYTES = 32 * 1024 * 1024
MOST_NOTES = 100_000  # a busy song has 5,000, an hour of fast metal 60,000
MOST_MARKS = 20_000
MOST_FLAGS = 16  # of one note
MOST_COMPONENTS = 200  # of one kit
MOST_TAGS = 100

LONGEST_MS = 24 * 60 * 60 * 1000  # a day
SLOWEST_BPM, FASTEST_BPM = 1, 2000
FARTHEST_TICK = 3_000_000_000  # a day at the fastest tempo

LONGEST_ID = 64  # characters: ids, components, flags
LONGEST_NAME = 500  # title, artist, creator, file name
LONGEST_TEXT = 20_000  # description
