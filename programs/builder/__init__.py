"""A programme document as somebody writes it: edits, differences, walks. Pure: no rows, no clock."""
