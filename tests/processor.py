"""Seconds of the processor: a busy machine lengthens those of the clock."""

import gc
import resource
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass
class Cost:
    """Of this process, and of the processes that it has waited for."""

    own: float = 0
    of_children: float = 0


def used(who):
    usage = resource.getrusage(who)
    return usage.ru_utime + usage.ru_stime


@contextmanager
def timed():
    """with timed() as cost: what the block costs; no garbage is looked for meanwhile, ours or of tests before."""
    cost = Cost()
    gc.disable()
    own, of_children = used(resource.RUSAGE_SELF), used(resource.RUSAGE_CHILDREN)
    try:
        yield cost
    finally:
        cost.own = used(resource.RUSAGE_SELF) - own
        cost.of_children = used(resource.RUSAGE_CHILDREN) - of_children
        gc.enable()
