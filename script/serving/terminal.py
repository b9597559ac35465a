"""Speaks to the person at the terminal: one line a fact, the part that speaks named in front."""


class StartRefused(Exception):
    """The site can't start; the message is the reason and the remedy, in plain words."""


def say(text: str, speaker: str = "beatsight") -> None:
    for line in text.splitlines() or [""]:
        print(f"{speaker:>10} │ {line}", flush=True)
