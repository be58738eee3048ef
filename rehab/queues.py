"""Which task waits in which queue: what is urgent never stands behind what is slow.

A process of its own for each but the clock, which the workers of days and of
mails both listen to: kombu takes from the queues of a worker in turn, so a
tick waits for one task at most.
"""

CLOCK, DAYS, MAILS, SLOW = "clock", "days", "mails", "slow"
QUEUES = (CLOCK, DAYS, MAILS, SLOW)
#: Worker -> what it listens to. Every queue has one.
WORKERS = {DAYS: (DAYS, CLOCK), MAILS: (MAILS, CLOCK), SLOW: (SLOW,)}
#: What is not named here waits among the slow: it may take as long as it likes.
QUEUE_OF = {
    "programs.tasks.tick": CLOCK,
    "programs.tasks.watch_flags": CLOCK,
    "rehab.tasks.watch_site": CLOCK,
    "programs.tasks.close_range": DAYS,
    "programs.tasks.close_demo_day": DAYS,
    "programs.tasks.send_due": MAILS,
    "accounts.tasks.send_account_mail": MAILS,
    "accounts.tasks.carry_out_hand_overs": SLOW,
    "accounts.tasks.forget_counts": SLOW,
    "programs.tasks.keep_no_longer": SLOW,
    "rehab.tasks.count_decisions": SLOW,
}
