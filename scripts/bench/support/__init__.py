"""What several measurements share: invented runners, their diaries, a server of their own."""
