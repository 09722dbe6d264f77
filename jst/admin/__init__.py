"""The admin of registers, editions, teams and experts; each module registers its own pages."""

from . import experts, programme, registers, teams

__all__ = ["experts", "programme", "registers", "teams"]
