"""The portal's settings, with the addresses of `benchmarks.served`, and answers that name their process."""

from areaomogenea.settings import *  # noqa: F403
from areaomogenea.settings import MIDDLEWARE as OF_THE_PORTAL

ROOT_URLCONF = "benchmarks.served"
MIDDLEWARE = ["benchmarks.served.signed", *OF_THE_PORTAL]
