"""The licence of all that is published: CC BY 4.0, as the legal notes say."""

LICENCE = "https://creativecommons.org/licenses/by/4.0/"
DEED = f"{LICENCE}deed.it"  # the same in plain Italian, for people
