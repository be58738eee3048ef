"""A mixed load on the whole product: does it hold for minutes what it can do for seconds?"""
