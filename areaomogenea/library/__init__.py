"""Pictures and files: what is uploaded, checked, stored, and made in its sizes."""
