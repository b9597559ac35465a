import sys

from transcription.cli import main

sys.exit(main())
