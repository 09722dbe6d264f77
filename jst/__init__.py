"""Who takes part: registers of units and schools, projects and editions, teams and experts.

Every membership, assignment and school covered is a dated fact, so that each number
can be asked for any day.
"""
