#!/usr/bin/env python
"""Run a command of the portal; the operator's list is in the README."""

import os
import sys

# Promised to operators and still to come; each answers plainly instead of looking like a typing mistake.
NOT_YET = {"export", "backup", "restore", "retention", "snapshot"}


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    if len(sys.argv) > 1 and sys.argv[1] in NOT_YET:
        sys.stderr.write(f"{sys.argv[1]}: not available yet\n")
        sys.exit(2)
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
