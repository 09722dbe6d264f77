"""Prints the performance table, on the data at hand."""

import json

from django.core.management.base import BaseCommand, CommandError

from portal import benchmark

COLUMNS = f"{'page':<58}{'÷ F2':>7}{'goal':>7}{'':>8}{'ms':>8}{'queries':>9}{'rows':>7}{'bytes':>8}"


def line(row):
    """Return one row of the table."""
    if "ratio" not in row:
        why = f"answered {row['status']}" if "status" in row else "no such data here"
        return f"{row['page']:<58}{'–':>7}{row['goal']:>7}  {why}"
    # Goals hold with a tenth more.
    met = "met" if row["ratio"] <= row["goal"] * 1.1 else "missed"
    figures = f"{row['ms']:>8}{row['queries']:>9}{row['rows']:>7}{row['bytes']:>8}"
    return f"{row['page']:<58}{row['ratio']:>7}{row['goal']:>7}{met:>8}{figures}"


class Command(BaseCommand):
    help = "Measure the portal's pages beside an empty page (F1) and a plain list of fifty rows (F2)."

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true", help="print one JSON document")

    def handle(self, **options):
        figures = benchmark.run()
        if options["json"]:
            self.stdout.write(json.dumps(figures, ensure_ascii=False))
        else:
            self.stdout.write(f"F1 {figures['f1_ms']} ms, F2 {figures['f2_ms']} ms")
            self.stdout.write(f"F2 is {figures['f2_over_f1']} F1\n\n{COLUMNS}")
            for row in figures["pages"]:
                self.stdout.write(line(row))
        wrong = [row for row in figures["pages"] if "status" in row and "ratio" not in row]
        if wrong:
            failed = ", ".join(f"{row['page']} ({row['status']})" for row in wrong)
            raise CommandError(f"These pages did not answer as they should: {failed}.")
