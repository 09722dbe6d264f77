"""What happens to the portal's own rows when two accounts of one person become one."""

# Treatments of a relation to a person. See `jst/merges.py`, which walks them.
MOVE = "move"  # the row belongs to the kept account from now on
KEEP = "keep"  # history: it stays with the closed account, as the chain of events recorded it
REFUSE = "refuse"  # where the closed account has such a row, the two are not merged

# Every relation to a person, `app.Model.field` → treatment; a test fails where one is missing.
RELATIONS = {
    "portal.Event.actor": KEEP,
    "portal.AccessRecord.person": KEEP,
    "portal.Message.recipient": KEEP,
    # ORE's groups are given by administrators, never inherited.
    "portal.User_groups.user": REFUSE,
    "portal.User_user_permissions.user": REFUSE,
    "admin.LogEntry.user": KEEP,
    # Addresses have a rule of their own: a proven one becomes a second address of the kept account.
    "account.EmailAddress.user": KEEP,
    # Passwords, second factors and sessions of the closed account die with it.
    "mfa.Authenticator.user": KEEP,
    "usersessions.UserSession.user": KEEP,
}
