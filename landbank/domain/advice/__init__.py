"""All that is said about an answer beyond the ranked list: what to relax, how sure the order is, what to ask first.

`advise.advise` brings it together. Nothing here changes an answer; the matching does not know of this folder.
"""
