"""The colour of a Comune, and the tones of it that can be read on each ground."""

ENOUGH = 4.5  # WCAG 2.2 AA, for text of any size
BLACK, WHITE = "#000000", "#ffffff"
GROUNDS = {"light": "#ffffff", "dark": "#12252b"}  # those of static/src/_embed.scss


def contrast(one: str, other: str) -> float:
    """From 1 to 21, as WCAG reckons it."""
    dark, bright = sorted(map(luminance, (one, other)))
    return (bright + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    shares = (part / 255 for part in channels(colour))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def channels(colour: str) -> list[int]:
    return [int(colour[at : at + 2], 16) for at in (1, 3, 5)]


def ink_on(ground: str) -> str:
    """Black or white, whichever reads better: always enough."""
    return max(BLACK, WHITE, key=lambda ink: contrast(ink, ground))


def readable(colour: str, ground: str) -> str:
    """The nearest tone of it that has enough contrast with the ground."""
    goal = channels(ink_on(ground))
    for step in range(21):
        mixed = (round(part + (far - part) * step / 20) for part, far in zip(channels(colour), goal, strict=True))
        tone = "#{:02x}{:02x}{:02x}".format(*mixed)
        if contrast(tone, ground) >= ENOUGH:
            return tone
    raise ValueError(f"Nothing can be read on {ground}.")


def sheet(colour: str) -> str:
    """CSS for a page and for a shadow tree alike."""
    tones = {f"accent-{name}": readable(colour, ground) for name, ground in GROUNDS.items()}
    tones = {"band": colour, "on-band": ink_on(colour)} | tones
    return f":root,:host{{{';'.join(f'--{name}:{tone}' for name, tone in tones.items())}}}"
