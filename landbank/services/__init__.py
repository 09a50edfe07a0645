"""One verb a file: what landbank does for a person. Says what it needs as a Protocol.

Knows neither SQL nor HTTP, and never commits.
"""
