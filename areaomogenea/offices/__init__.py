"""Whom one calls: offices with their hours, and the people who answer for them."""
