"""A programme document as somebody writes it: edits, differences, walks through it. Pure: no rows, no clock."""
