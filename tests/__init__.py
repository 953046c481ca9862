"""The suite. Most garbage goes without a search; the one for the rest took a sixth of the time, so it is rare here."""

import gc

gc.set_threshold(100_000, 20, 20)
