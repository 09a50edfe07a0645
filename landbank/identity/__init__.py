"""How somebody proves who they are: passwords, one-time codes, secrets and seals, and OpenID Connect.

Knows no table, page or person: only bytes, texts and, for OpenID Connect, the organisation's service. The libraries of
cryptography are used here alone.
"""
