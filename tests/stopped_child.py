"""The program that opens a file, stopped before it does: until somebody lets it go on, the file is a slow one."""

import os
import runpy
import signal
from pathlib import Path

os.kill(os.getpid(), signal.SIGSTOP)
runpy.run_path(str(Path(__file__).parents[1] / "areaomogenea" / "sandbox" / "child.py"), run_name="__main__")
