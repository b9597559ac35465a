"""The network: convolutions over the log-mel spectrum, then two bidirectional GRUs at half the frame rate.

One pass answers everything that the later stages ask: which group was struck, which drum of it, how hard,
and where the beats and bar lines are. The first convolution makes one step of two frames, and every step answers
for both of them: half the steps cost half the time, and the ear still tells frames of 10 ms apart.
"""

from typing import NamedTuple

import torch
from torch import Tensor, nn

from transcription.spectrum import BANDS
from transcription.units import DRUMS, GROUPS

FRAMES_BY_STEP = 2
CHANNELS = (32, 32, 48, 64)  # multiples of 16 fill a CPU's vector registers
STEP_WIDTH = 160
MEMORY = 128
ANSWER_WIDTH = 160


class Activations(NamedTuple):
    """Logits by frame, each (..., frames, n); velocities are already in 0..1."""

    drums: Tensor
    groups: Tensor
    beats: Tensor  # two columns: beat, bar line
    velocities: Tensor  # one column a group


class DrumNetwork(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.norm = nn.BatchNorm1d(BANDS)
        layers: list[nn.Module] = []
        before, bands = 1, BANDS
        for index, channels in enumerate(CHANNELS):
            size, stride = (5, FRAMES_BY_STEP) if index == 0 else (3, 1)
            layers += [
                nn.Conv2d(before, channels, size, (stride, 2), size // 2, bias=False),
                nn.BatchNorm2d(channels),
                nn.ReLU(True),
            ]
            before, bands = channels, (bands + 1) // 2
        self.convolutions = nn.Sequential(*layers)
        self.step = nn.Sequential(nn.Linear(before * bands, STEP_WIDTH), nn.ReLU(True), nn.Dropout(0.1))
        self.recurrence = nn.GRU(STEP_WIDTH, MEMORY, 2, batch_first=True, bidirectional=True, dropout=0.1)
        self.answer = nn.Sequential(nn.Linear(2 * MEMORY + STEP_WIDTH, ANSWER_WIDTH), nn.ReLU(True))
        self.drums = nn.Linear(ANSWER_WIDTH, FRAMES_BY_STEP * len(DRUMS))
        self.groups = nn.Linear(ANSWER_WIDTH, FRAMES_BY_STEP * len(GROUPS))
        self.beats = nn.Linear(ANSWER_WIDTH, FRAMES_BY_STEP * 2)
        self.velocities = nn.Linear(ANSWER_WIDTH, FRAMES_BY_STEP * len(GROUPS))

    def forward(self, spectrum: Tensor) -> Activations:
        """(batch, frames, bands) with an even number of frames → activations of (batch, frames, n)."""
        levelled = self.norm(spectrum.transpose(1, 2)).transpose(1, 2)
        maps = self.convolutions(levelled.unsqueeze(1))
        steps = self.step(maps.permute(0, 2, 1, 3).flatten(2))
        answer = self.answer(torch.cat([self.recurrence(steps)[0], steps], -1))

        def by_frame(head: nn.Linear) -> Tensor:
            return head(answer).unflatten(-1, (FRAMES_BY_STEP, -1)).flatten(1, 2)

        return Activations(
            by_frame(self.drums),
            by_frame(self.groups),
            by_frame(self.beats),
            by_frame(self.velocities).sigmoid(),
        )
