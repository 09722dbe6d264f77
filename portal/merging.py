"""What happens to the portal's own rows when two accounts of one person become one."""

# Treatments of a relation to a person. See `jst/merges.py`, which walks them.
MOVE = "move"  # the row belongs to the kept account from now on
KEEP = "keep"  # history: it stays with the closed account, as the chain of events recorded it
OWN_RULE = "own rule"  # neither: `jst/merges.py` has a rule for it, or it dies with the account
REFUSE = "refuse"  # where the closed account has such a row, the two are not merged

# Every relation to a person, `app.Model.field` → treatment; a test fails where one is missing.
RELATIONS = {
    "portal.Event.actor": KEEP,
    "portal.AccessRecord.person": KEEP,
    "portal.PersonEvent.person": KEEP,
    "portal.ClauseReading.person": KEEP,
    "portal.Message.recipient": KEEP,
    # ORE's groups are given by administrators, never inherited.
    "portal.User_groups.user": REFUSE,
    "portal.User_user_permissions.user": REFUSE,
    "admin.LogEntry.user": KEEP,
    # A proven address becomes a second address of the kept account.
    "account.EmailAddress.user": OWN_RULE,
    # Passwords, second factors and sessions of the closed account die with it.
    "mfa.Authenticator.user": OWN_RULE,
    "usersessions.UserSession.user": OWN_RULE,
}
