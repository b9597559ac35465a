import os
import sys

# Before torch is imported: a worker shares its cores, so threads that wait must not spin.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

from transcription.cli import main  # noqa: E402

sys.exit(main())
