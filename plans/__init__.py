"""The strategic plan: written by a team, judged by experts, decided by ORE.

Read `workflow.py` first: the tables of the processes. A version owns its content;
sending freezes it, a return opens the next one as a copy.
"""
