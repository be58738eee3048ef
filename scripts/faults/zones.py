"""Where the runners of a run live. Apart from what needs Django: the lanes draw from it as well."""

#: Both clock changes lie in the run for some of them; the odd offsets are here on purpose.
ZONES = (
    "UTC",
    "Europe/London",
    "Europe/Berlin",
    "Australia/Lord_Howe",
    "Pacific/Chatham",
    "Africa/Casablanca",
    "Pacific/Kiritimati",
    "Asia/Kathmandu",
    "America/New_York",
    "America/St_Johns",
    "Pacific/Honolulu",
    "Asia/Shanghai",
)
#: Every so manieth runner is reminded, is seen by a physiotherapist, follows the clinic's own programme.
REMINDED, SEEN, OWN = 10, 6, 8
