"""Letters that no format of ours can hold: they come along unseen when texts are pasted."""

import re

# What XML 1.0 leaves out (2.2): control characters, halves of letters, and what is no letter at all.
UNSPEAKABLE = re.compile("[\x00-\x08\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
BREAK = re.compile("[\x0b\x0c]+")  # a new line or page within a paragraph, as word processors write it


def speakable(text):
    return UNSPEAKABLE.sub("", BREAK.sub(" ", text))
