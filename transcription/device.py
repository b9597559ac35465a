"""Where the network computes: on an NVIDIA card where torch finds one, else on the processor.

`BEATSIGHT_EAR_DEVICE` (`cpu` or `cuda`) decides for whoever knows better. Both give the same answers.
"""

import os

import torch

VARIABLE = "BEATSIGHT_EAR_DEVICE"


class DeviceMissing(Exception):
    """The message is the sentence that people read."""


def chosen_device() -> torch.device:
    """Raises `DeviceMissing` for a device that does not exist here."""
    wish = (os.environ.get(VARIABLE) or "").strip().lower()
    if wish not in ("", "cpu", "cuda"):
        raise DeviceMissing(f"{VARIABLE} is “{wish}”. Set it to cpu or cuda, or leave it empty.")
    if wish == "cuda" and not torch.cuda.is_available():
        raise DeviceMissing(
            f"{VARIABLE} asks for cuda, but torch finds no NVIDIA card here. Install torch's CUDA build and the "
            "card's driver, or set it to cpu."
        )
    if wish == "cpu" or not torch.cuda.is_available():
        return torch.device("cpu")
    # TF32 rounds convolutions and recurrences to ten bits, and then a card hears differently from a processor.
    torch.backends.cudnn.allow_tf32 = False
    return torch.device("cuda")
