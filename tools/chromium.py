"""See to it that browser tests have a Chromium: the machine's, or Debian's if it can be installed without asking."""

from __future__ import annotations

import os
import shutil
import subprocess

NAMES = ("chromium", "chromium-browser", "google-chrome")


def find() -> str | None:
    """The path of a Chromium, if there is one."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def ensure() -> str | None:
    """The path of a Chromium, installed now if need be and possible."""
    if find() or os.geteuid() != 0 or not shutil.which("apt-get"):
        return find()
    print("Installing Chromium for the browser tests …", flush=True)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (
        ["apt-get", "update", "-qq"],
        ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"],
    ):
        done = subprocess.run(command, env=quiet, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        if done.returncode:
            print(done.stderr)
            break
    return find()


if __name__ == "__main__":
    if ensure() is None:
        print(
            "No Chromium here and none could be installed: browser tests are skipped. Debian: apt-get install chromium"
        )
