"""A set of slides as it is drawn: large letters, a title and notes on each, a foot that tells the version."""

from django.utils import timezone
from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.util import Cm, Pt

ACCENT, INK, SOFT, TINT, WHITE = (
    RGBColor.from_string(code) for code in ("0B5A72", "182126", "49555C", "E4F0F3", "FFFFFF")
)
COLOURS = [RGBColor.from_string(code) for code in ("0B5A72", "D98E04", "5B8C5A", "8A4F7D", "6B7780")]
LANGUAGE = "pl-PL"
# 16:9, as projectors show.
WIDTH, HEIGHT = Cm(33.867), Cm(19.05)
EDGE, ROOM = Cm(1.6), Cm(30.667)
BODY_TOP, BODY_HEIGHT = Cm(3.8), Cm(13.2)
OPENING, POINTS, TITLE_ONLY = 0, 1, 5
# The least size of letters, and what texts and tables are set in.
LEAST, TEXT, CELLS = 18, 24, 18


class Deck:
    """The slides in their order. `foot` stands on each, in words."""

    def __init__(self, title, author, foot):
        self.file = Presentation()
        self.file.slide_width, self.file.slide_height = WIDTH, HEIGHT
        self.title, self.foot = title, foot
        known = self.file.core_properties
        known.title, known.author, known.subject = title[:255], author[:255], foot[:255]
        known.language, known.last_modified_by, known.keywords, known.comments = LANGUAGE, "", "", ""
        known.created = known.modified = timezone.now().replace(tzinfo=None, microsecond=0)

    def save(self, stream):
        self.file.save(stream)

    def slide(self, layout, title, notes):
        slide = self.file.slides.add_slide(self.file.slide_layouts[layout])
        heading = slide.shapes.title
        heading.left, heading.top, heading.width, heading.height = EDGE, Cm(0.8), ROOM, Cm(2.8)
        write(heading.text_frame, [title], 32 if len(title) < 70 else 24, ACCENT, bold=True)
        write(slide.notes_slide.notes_text_frame, notes.split("\n"), 12, INK)
        foot = slide.shapes.add_textbox(EDGE, Cm(17.5), ROOM, Cm(1.2))
        foot.name = "Footer"
        write(foot.text_frame, [self.foot], LEAST, SOFT)
        return slide

    def opening(self, words, notes):
        slide = self.slide(OPENING, self.title, notes)
        heading, under = slide.shapes.title, slide.placeholders[1]
        heading.top, heading.height = Cm(2.5), Cm(7.5)
        heading.text_frame.vertical_anchor = MSO_ANCHOR.BOTTOM
        under.left, under.top, under.width, under.height = EDGE, Cm(10.5), ROOM, Cm(5)
        size = next(size for most, size in ((60, 44), (140, 32), (10_000, 24)) if len(self.title) < most)
        write(heading.text_frame, [self.title], size, ACCENT, bold=True)
        write(under.text_frame, words, TEXT, INK)

    def points(self, title, words, notes):
        """A slide of points, each (level, words)."""
        slide = self.slide(POINTS, title, notes)
        body = slide.placeholders[1]
        body.left, body.top, body.width, body.height = EDGE, BODY_TOP, ROOM, BODY_HEIGHT
        write(body.text_frame, [text for _level, text in words], TEXT, INK, after=8)
        for paragraph, (level, _text) in zip(body.text_frame.paragraphs, words, strict=True):
            paragraph.level = level
            for run in paragraph.runs:
                run.font.bold = level == 0 and any(deeper for deeper, _text in words)

    def table(self, title, heads, rows, shares, notes):
        slide = self.slide(TITLE_ONLY, title, notes)
        shape = slide.shapes.add_table(
            len(rows) + 1, len(heads), EDGE, BODY_TOP, ROOM, Cm(1) * (len(rows) + 1)
        )
        shape.name = title
        for place, share in enumerate(shares):
            shape.table.columns[place].width = int(ROOM * share / sum(shares))
        for number, words in enumerate([heads, *rows]):
            for cell, text in zip(shape.table.rows[number].cells, words, strict=True):
                cell.fill.solid()
                cell.fill.fore_color.rgb = ACCENT if not number else TINT if number % 2 else WHITE
                write(cell.text_frame, [text], CELLS, INK if number else WHITE, bold=not number)

    def chart(self, title, categories, series, notes):
        """A chart that can be changed in the program that shows it: columns of the series upon each other."""
        slide = self.slide(TITLE_ONLY, title, notes)
        data = CategoryChartData(number_format="#,##0")
        data.categories = categories
        for name, values in series:
            data.add_series(name, values)
        kind = XL_CHART_TYPE.COLUMN_STACKED
        shape = slide.shapes.add_chart(kind, EDGE, BODY_TOP, ROOM, BODY_HEIGHT, data)
        shape.name = title
        # What a screen reader says instead of the picture: the sums, as the speaker tells them.
        shape._element.nvGraphicFramePr.cNvPr.set("descr", notes.split("\n\n")[0])
        chart = shape.chart
        chart.has_legend, chart.has_title = True, False
        chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
        chart.font.size, chart.font.color.rgb = Pt(LEAST), INK
        chart.plots[0].gap_width = 60
        for colour, drawn in zip(COLOURS, chart.plots[0].series, strict=False):
            drawn.format.fill.solid()
            drawn.format.fill.fore_color.rgb = colour


def write(frame, words, size, colour, *, bold=False, after=0):
    """Write each of the words as a paragraph of its own, in Polish for the speller."""
    frame.clear()
    frame.word_wrap = True
    for number, text in enumerate(words):
        paragraph = frame.add_paragraph() if number else frame.paragraphs[0]
        run = paragraph.add_run()
        run.text = text
        run.font.size, run.font.bold, run.font.color.rgb = Pt(size), bold, colour
        run._r.get_or_add_rPr().set("lang", LANGUAGE)
        paragraph.alignment, paragraph.space_after = PP_ALIGN.LEFT, Pt(after)
