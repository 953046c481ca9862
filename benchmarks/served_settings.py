"""The portal's settings, with the addresses of `benchmarks.served`."""

from areaomogenea.settings import *  # noqa: F403

ROOT_URLCONF = "benchmarks.served"
