"""Mail: letters from templates, stop links, and the way to an SMTP server.

The room knows neither the database nor the queue: it writes a letter from plain values, and hands one over to a server.
Texts in it come from the inventory, so headers are built by the standard library's policy, which refuses a line break,
and HTML by templates that escape everything. No address is ever written into an error or a log.
"""

from landbank.mail.compose import Composer, Letter
from landbank.mail.send import Envelope, MailRefused, MailServer, Outcome, hand_over
from landbank.mail.stop_token import StopTokens

__all__ = [
    "Composer",
    "Envelope",
    "Letter",
    "MailRefused",
    "MailServer",
    "Outcome",
    "StopTokens",
    "hand_over",
]
