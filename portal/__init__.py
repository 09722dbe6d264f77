"""The ground every other app stands on.

Users, the workflow engine, the chain of events, the outbox, background jobs, the base
of the admin and the look. Knows nothing of local governments or plans: what those
apps offer reaches it by convention (see `portal.conventions`).
"""
