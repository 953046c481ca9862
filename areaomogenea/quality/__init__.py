"""What is to be mended before readers see it, and what could be better: checks, suggestions, links."""
