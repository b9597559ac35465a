"""`python -m script.installing SET`: installs one set and prints what the installer says, line by line."""

import sys

from script.installing.packages import InstallFailed, install

try:
    install(sys.argv[1], say=lambda line: print(line, flush=True))
except InstallFailed as failure:
    sys.exit(f"The packages could not be installed. The installer's last words:\n{failure}")
