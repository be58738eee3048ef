"""The demonstration: invented people whose diaries went through the real services."""
