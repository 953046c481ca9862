"""What is due and when people meet, for any publication; and the calendars that tell it."""
