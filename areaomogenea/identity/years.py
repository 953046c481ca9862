"""Years that the body has known."""

FIRST_YEAR = 2004  # Consorzio.IT was founded; nothing here can be older
LAST_YEAR = 2100  # of what somebody plans
