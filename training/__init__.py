"""How the ear was taught: data, train, evaluate, export; see README.md."""

import os

# Before torch is imported: training runs beside other work, and threads that spin while they wait cost half of it.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
