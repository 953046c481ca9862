"""Days and hours as the portal writes and reads them; for the rest Django's Italian formats count."""

DATE_FORMAT = "j F Y"  # 30 novembre 2026
TIME_FORMAT = "H:i"
DATETIME_FORMAT = "l j F Y, H:i"  # lunedì 30 novembre 2026, 04:37
YEAR_MONTH_FORMAT = "F Y"
MONTH_DAY_FORMAT = "j F"
SHORT_DATETIME_FORMAT = "d/m/Y, H:i"
TIME_INPUT_FORMATS = ["%H:%M", "%H.%M", "%H:%M:%S", "%H.%M.%S", "%H"]  # the first is the one that forms show
TIME_INPUT_FORMATS += [f"{word} {hour}" for word in ("ore", "alle") for hour in ("%H", "%H.%M", "%H:%M")]
DATE_INPUT_FORMATS = ["%d/%m/%Y", "%Y-%m-%d", "%d-%m-%Y", "%d.%m.%Y", "%Y/%m/%d", "%d/%m/%y", "%d-%m-%y", "%d.%m.%y"]
