"""How well a transcription agrees with the truth: what teaching and benchmarks both measure by. Needs numpy only."""
