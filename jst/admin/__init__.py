"""The admin of registers, editions, teams and experts; each module registers its own pages."""

from . import experts, joining, programme, registers, teams

__all__ = ["experts", "joining", "programme", "registers", "teams"]
