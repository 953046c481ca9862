"""Words that suggest a topic, and where they stand in a text, however it writes them."""

import re
from dataclasses import dataclass

from areaomogenea.prose.passages import composed, fold, folded_words, hashtags, in_any_form, without_hashtags

NEVER = r"(?!)"
SHORTEST_ACRONYM = 3  # that the press writes with one capital: «Suap»


@dataclass(frozen=True)
class Passage:
    """A keyword met in a text; a weak one says little alone, outside a title."""

    start: int
    text: str
    is_weak: bool

    @property
    def end(self) -> int:
        return self.start + len(self.text)


@dataclass(frozen=True)
class Patterns:
    """Of folded text: as words, and run together as in a hashtag; acronyms want their capitals."""

    words: re.Pattern
    acronyms: re.Pattern
    run_together: re.Pattern
    is_weak: bool


def keyword_patterns(keywords: str) -> list[Patterns]:
    """Of the keywords, one a line, that say enough alone, and of those that do not."""
    lines = [line.strip() for line in keywords.splitlines()]
    strong = [line for line in lines if not line.endswith("?")]
    weak = [line.rstrip("? ") for line in lines if line.endswith("?")]
    return [_patterns(phrases, is_weak) for phrases, is_weak in [(strong, False), (weak, True)] if any(phrases)]


def _patterns(phrases, is_weak):
    phrases = [phrase for phrase in phrases if phrase.strip("* ")]
    acronyms = [phrase for phrase in phrases if phrase.rstrip("*").isupper()]
    others = [phrase for phrase in phrases if phrase not in acronyms]
    return Patterns(
        _whole_words(map(in_any_form, others)),
        _whole_words(map(_acronym, acronyms)),
        re.compile("|".join(in_any_form(phrase, "") for phrase in others) or NEVER),
        is_weak,
    )


def _whole_words(patterns):
    return re.compile(rf"(?<!\w)(?:{'|'.join(patterns) or NEVER})(?!\w)")


def _acronym(phrase):
    """With or without its dots: «C.E.R.»."""
    ending = r"\w*" if phrase.endswith("*") else ""
    return (
        r"\s+".join(r"\.?".join(map(re.escape, word)) for word in map(fold, folded_words(phrase.rstrip("*")))) + ending
    )


def passages(text: str, patterns: list[Patterns]) -> list[Passage]:
    text = composed(text)
    tags, text = [*hashtags(text)], without_hashtags(text)
    folded = fold(text)
    matches = []
    for pattern in patterns:
        matches += [
            Passage(match.start(), text[slice(*match.span())], pattern.is_weak)
            for match in pattern.words.finditer(folded)
        ]
        for match in pattern.acronyms.finditer(folded):
            written = text[slice(*match.span())]
            if has_its_capitals(written):
                matches.append(Passage(match.start(), written, pattern.is_weak))
        matches += [
            Passage(start, tag, pattern.is_weak) for start, tag, words in tags if is_named_by(tag, words, pattern)
        ]
    return sorted(matches, key=lambda passage: passage.start)


def has_its_capitals(written: str) -> bool:
    return written.isupper() or (len(written) >= SHORTEST_ACRONYM and written.istitle() and "." not in written)


def is_named_by(tag: str, words: str, patterns: Patterns) -> bool:
    folded = fold(words)
    return bool(
        patterns.words.search(folded)
        or patterns.run_together.fullmatch(fold(tag[1:]))
        or any(has_its_capitals(words[slice(*match.span())]) for match in patterns.acronyms.finditer(folded))
        or patterns.acronyms.fullmatch(fold(tag[1:]))
    )
