"""The archive of everything about one person: its format, written and read. Pure: no rows, no clock.

``tables`` says what is in it, and everything else follows from that: what is
checked, the JSON Schema, the spreadsheets, and how rows become JSON and back.
"""

FORMAT = "rehab-personal-archive"
#: Raised when a reader of the former edition could misread the new one.
VERSION = 1
