"""The running average of a network's weights, which hears better than the weights of any one step."""

import torch
from torch import nn


@torch.no_grad()
def follow(averaged: nn.Module, network: nn.Module, keep: float) -> None:
    """Moves the average a little towards the weights; what counts is copied."""
    for mean, current in zip(averaged.state_dict().values(), network.state_dict().values(), strict=True):
        if mean.dtype.is_floating_point:
            mean.lerp_(current, 1 - keep)
        else:
            mean.copy_(current)
