"""The admin of registers, editions, teams and experts; each module registers its own pages."""

from . import experts, joining, participants, programme, recruitment, registers, teams

__all__ = ["experts", "joining", "participants", "programme", "recruitment", "registers", "teams"]
