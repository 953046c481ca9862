"""What the sheets of a communiqué tell besides what all publications do: nothing."""


def context(communique, in_full):
    return {}
