"""What it means to publish: status and hour, verbs, versions, merge, links that show what is not out yet."""
