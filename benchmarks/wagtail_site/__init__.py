"""A small site of Wagtail with the same news: what another portal on Django would cost, by the same method."""
