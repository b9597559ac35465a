"""The network: convolutions over the log-mel spectrum, then two bidirectional GRUs at half the frame rate.

One pass answers everything that the later stages ask: which group was struck, which drum of it, how hard,
and where the beats and bar lines are.
"""

from typing import NamedTuple

import torch
from torch import Tensor, nn

from transcription.spectrum import BANDS
from transcription.units import DRUMS, GROUPS

CHANNELS = (32, 32, 48, 64)  # multiples of 16 fill a CPU's vector registers
FRAME_WIDTH = 144
MEMORY = 112


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
            width = 5 if index == 0 else 3
            layers += [
                nn.Conv2d(before, channels, (3, width), (1, 2), (1, width // 2), bias=False),
                nn.BatchNorm2d(channels),
                nn.ReLU(True),
            ]
            before, bands = channels, (bands + 1) // 2
        self.convolutions = nn.Sequential(*layers)
        self.frame = nn.Sequential(nn.Linear(before * bands, FRAME_WIDTH), nn.ReLU(True), nn.Dropout(0.1))
        # Two frames make one step: the recurrence is what costs on a CPU.
        self.join = nn.Linear(2 * FRAME_WIDTH, FRAME_WIDTH)
        self.recurrence = nn.GRU(FRAME_WIDTH, MEMORY, 2, batch_first=True, bidirectional=True, dropout=0.1)
        self.split = nn.Linear(2 * MEMORY, 2 * MEMORY)
        self.answer = nn.Sequential(nn.Linear(MEMORY + FRAME_WIDTH, 112), nn.ReLU(True))
        self.drums = nn.Linear(112, len(DRUMS))
        self.groups = nn.Linear(112, len(GROUPS))
        self.beats = nn.Linear(112, 2)
        self.velocities = nn.Linear(112, len(GROUPS))

    def forward(self, spectrum: Tensor) -> Activations:
        """(batch, frames, bands) with an even number of frames → activations of (batch, frames, n)."""
        levelled = self.norm(spectrum.transpose(1, 2)).transpose(1, 2)
        maps = self.convolutions(levelled.unsqueeze(1))
        frames = self.frame(maps.permute(0, 2, 1, 3).flatten(2))
        batch, count, width = frames.shape
        steps = torch.relu(self.join(frames.reshape(batch, count // 2, 2 * width)))
        memory = torch.relu(self.split(self.recurrence(steps)[0])).reshape(batch, count, MEMORY)
        answer = self.answer(torch.cat([memory, frames], -1))
        return Activations(
            self.drums(answer), self.groups(answer), self.beats(answer), self.velocities(answer).sigmoid()
        )
