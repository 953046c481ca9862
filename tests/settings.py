"""The settings of a fresh clone, whatever the .env of this computer says; what is in the environment still counts."""

import os

ENV = {
    "DEBUG": "1",
    "HTTPS": "0",
    "SECRET_KEY": "a-key-for-tests-and-nothing-else",
    "SECOND_FACTOR_KEY": "t" * 43,
}
for name, value in ENV.items():
    os.environ.setdefault(name, value)

from areaomogenea.settings import *  # noqa: E402, F403 (the environment comes first)
