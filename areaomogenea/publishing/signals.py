"""What this room announces; the higher rooms choose to listen."""

from django.dispatch import Signal

publication_redacted = Signal()  # sent after commit, with `publication`: whatever was made of it before is to go
publication_changed = Signal()  # sent after commit, with `publication`, when what readers may see has changed
