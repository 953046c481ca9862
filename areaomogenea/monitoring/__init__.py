"""How the portal is doing: what it logs, whom it tells of errors, and what those who look after it can ask it."""
