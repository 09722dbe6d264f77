"""The registers that can be imported, by the word of the command.

Each is called as `IMPORTS[source](path, apply=…, set_aside=…, by=…, progress=…)` and returns a Report.
`progress(percent, sentence)` is called now and then, never inside the transaction that writes.
"""

from jst.imports.exams import import_exams
from jst.imports.offices import import_offices
from jst.imports.people import import_population
from jst.imports.schools import import_rspo
from jst.imports.units import import_terc

IMPORTS = {
    "terc": import_terc,
    "jst": import_offices,
    "rspo": import_rspo,
    "population": import_population,
    "exams": import_exams,
}
