"""One intake, in a process of its own that is killed at a named place: `python -m tests.dying_intake UPLOAD PLACE`.

PLACE is a function by dotted path; the process dies by SIGKILL where that would be called.
"""

import os
import signal
import sys
from typing import Any
from unittest.mock import patch
from uuid import UUID

import django


def die(*_: Any, **__: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    django.setup()
    from catalog.intake import take_in

    with patch(sys.argv[2], die):
        take_in(UUID(sys.argv[1]))
