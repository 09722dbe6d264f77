"""The pages of teams and the page on which an invited person joins one."""
