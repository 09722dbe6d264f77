"""The text of a tagged PDF as a screen reader reads it: along the structure tree, without page furniture."""

import re

import pikepdf

CODES = re.compile(rb"<([0-9A-Fa-f]+)>")


def text_of(pdf):
    """Return the text of the document in the order of its structure tree."""
    pieces = {}
    fonts = {}
    for page in pdf.pages:
        for mark, text in marked_texts(page, fonts):
            key = (page.objgen, mark)
            pieces[key] = pieces.get(key, "") + text
    found = []
    walk(pdf.Root.StructTreeRoot.get("/K"), None, pieces, found)
    return "".join(found)


def walk(node, page, pieces, found):
    """Add the texts below a node of the structure tree to those found."""
    if isinstance(node, pikepdf.Array):
        for kid in node:
            walk(kid, page, pieces, found)
    elif isinstance(node, int):
        found.append(pieces.get((page, node), ""))
    elif isinstance(node, pikepdf.Dictionary):
        page = node.Pg.objgen if "/Pg" in node else page
        if "/MCID" in node:
            found.append(pieces.get((page, int(node.MCID)), ""))
        elif "/K" in node:
            walk(node.K, page, pieces, found)


def marked_texts(page, fonts):
    """Give (number of the marked content, text) for what is drawn on a page; artifacts are left out."""
    letters, marks = {}, []
    for operands, operator in pikepdf.parse_content_stream(page):
        name = str(operator)
        if name in {"BDC", "BMC"}:
            facts = operands[1] if len(operands) > 1 else {}
            is_content = isinstance(facts, pikepdf.Dictionary) and "/MCID" in facts
            # A mark without a number, as of a language, lies within another; an artifact hides what it holds.
            outer = marks[-1] if marks and str(operands[0]) != "/Artifact" else None
            marks.append(int(facts.MCID) if is_content else outer)
        elif name == "EMC":
            marks.pop()
        elif name == "Tf":
            letters = letters_of(page.Resources.Font[str(operands[0])], fonts)
        elif name in {"Tj", "TJ"} and marks and marks[-1] is not None:
            shown = operands[0] if name == "TJ" else [operands[0]]
            for codes in shown:
                if isinstance(codes, pikepdf.String):
                    yield marks[-1], decoded(bytes(codes), letters)


def decoded(codes, letters):
    return "".join(letters.get(codes[place : place + 2], "") for place in range(0, len(codes), 2))


def letters_of(font, fonts):
    """Return code → letters of a typeface, as its own table says; each is read once."""
    if font.objgen not in fonts:
        fonts[font.objgen] = read_table(font.ToUnicode.read_bytes())
    return fonts[font.objgen]


def read_table(table):
    letters = {}
    for block in re.findall(rb"beginbfchar(.*?)endbfchar", table, re.S):
        codes = [bytes.fromhex(code.decode()) for code in CODES.findall(block)]
        letters |= {
            code: value.decode("utf-16-be") for code, value in zip(codes[::2], codes[1::2], strict=True)
        }
    for block in re.findall(rb"beginbfrange(.*?)endbfrange", table, re.S):
        codes = [bytes.fromhex(code.decode()) for code in CODES.findall(block)]
        for first, last, value in zip(codes[::3], codes[1::3], codes[2::3], strict=True):
            for step in range(int.from_bytes(last) - int.from_bytes(first) + 1):
                code = (int.from_bytes(first) + step).to_bytes(2)
                letters[code] = chr(int.from_bytes(value) + step)
    return letters
