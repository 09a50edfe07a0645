"""What is done without anybody asking: checks that follow changes, nightly work, and mail.

The queue stands in PostgreSQL (landbank/store/queue.py), so a job survives whoever does it. This room knows the queue's
library and nothing else does: `work.py` says what each job does, `registry.py` lists them with their times, and
`worker.py` does them, in a thread of `landbank up` or as `landbank worker`.
"""

from landbank.jobs.mail_setup import mail_server, stop_tokens
from landbank.jobs.registry import JOBS, Job
from landbank.jobs.workplace import Workplace, open_workplace

__all__ = ["JOBS", "Job", "Workplace", "mail_server", "open_workplace", "stop_tokens"]
