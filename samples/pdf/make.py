#!/usr/bin/env python3
"""Remake every PDF of samples/pdf/ from samples/pdf/sources/, with the text beside each.

Debian packages (apt-get install --no-install-recommends):
    qpdf mupdf-tools ghostscript poppler-utils pango1.0-tools paps enscript wkhtmltopdf fop
    ruby ruby-prawn php-cli php-tcpdf nodejs npm
    texlive-luatex texlive-xetex texlive-latex-base texlive-lang-european lmodern
    fonts-dejavu-core fonts-dejavu-extra fonts-liberation
Python packages (pip install):
    pymupdf xhtml2pdf pikepdf matplotlib fonttools pillow pyphen
Node packages (npm install --prefix DIR, then set NODE_PATH=DIR/node_modules):
    pdfkit pdf-lib jspdf jspdf-autotable

Usage: python3 make.py [part of a name ...]     remake all, or the files with that in their name
       python3 make.py check [part ...]         compare pdftotext's words with the text (needs poppler-utils)

A source (sources/NAME.src) is one block a line:
    # title          ## heading       - bullet        |cell|cell     table row
    [x] ticked  [ ] not ticked        (x) chosen  ( ) not chosen     =label=value  text field
    ~label~value  field of several lines               <label<value<option;option  list to choose from
    ===  new page    @header text     @footer text    ({n} is the page number)
Any other line is a paragraph. NAME.txt is made from the source, never from the PDF: header, blocks
and footer page by page, cells separated by a tab, boxes as the character that is drawn (for form
fields: U+2612 when on, U+2610 when off), then the notes (annotations) of the page.

Dates and identifiers are fixed, so a second run on the same machine gives the same bytes, except for
the three files with AES encryption (random keys): pdfkit-veiligheidsplan, qpdf-eigenaar-aes256, qpdf-wachtwoord.
"""
import base64
import calendar
import dataclasses
import hashlib
import html
import io
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import textwrap
import time
import unicodedata
import zlib

HERE = pathlib.Path(__file__).resolve().parent
SOURCES = HERE / "sources"
LIBERATION = "/usr/share/fonts/truetype/liberation/Liberation"
DEJAVU = "/usr/share/fonts/truetype/dejavu/DejaVu"
DAY = (2024, 12, 20)  # date of making, put in every file
PASSWORD = "zonnebloem-2024"
OWNER = "eigenaar-2024"
AUTHOR = "signaalbril voorbeelden"


# ---------------------------------------------------------------- sources and expected text

@dataclasses.dataclass
class Block:
    kind: str
    text: str = ""
    cells: list = None
    on: bool = False
    label: str = ""
    options: list = None


@dataclasses.dataclass
class Doc:
    name: str
    pages: list
    header: str = ""
    footer: str = ""

    @property
    def title(self):
        return next(b.text for b in self.pages[0] if b.text)

    def job(self, **more):
        """What the drawing scripts in other languages get."""
        pages = [[{k: v for k, v in dataclasses.asdict(b).items() if v is not None} for b in page] for page in self.pages]
        return {"pages": pages, "header": self.header, "footer": self.footer, "title": self.title,
                "date": "%04d-%02d-%02d" % DAY, "id": hashlib.md5(self.name.encode()).hexdigest().upper(), **more}


def load(name):
    doc = Doc(name, [[]])
    for line in (SOURCES / (name + ".src")).read_text(encoding="utf-8").splitlines():
        line = line.strip()
        if not line:
            continue
        if line == "===":
            doc.pages.append([])
            continue
        if line.startswith("@header "):
            doc.header = line[8:]
            continue
        if line.startswith("@footer "):
            doc.footer = line[8:]
            continue
        if line.startswith("# "):
            block = Block("title", line[2:])
        elif line.startswith("## "):
            block = Block("heading", line[3:])
        elif line.startswith("- "):
            block = Block("bullet", line[2:])
        elif line[:4] in ("[x] ", "[ ] "):
            block = Block("tick", line[4:], on=line[1] == "x")
        elif line[:4] in ("(x) ", "( ) "):
            block = Block("radio", line[4:], on=line[1] == "x")
        elif line[0] == "|":
            block = Block("row", cells=line[1:].split("|"))
        elif line[0] == "=":
            label, text = line[1:].split("=")
            block = Block("field", text, label=label)
        elif line[0] == "~":
            label, text = line[1:].split("~")
            block = Block("area", text, label=label)
        elif line[0] == "<":
            label, text, options = line[1:].split("<")
            block = Block("choice", text, label=label, options=options.split(";"))
        else:
            block = Block("par", line)
        doc.pages[-1].append(block)
    return doc


def expected(doc, boxes="\u2612\u2610", notes=()):
    """The text as a careful reader would type it over, one paragraph a line."""
    lines = []
    for number, page in enumerate(doc.pages, 1):
        if doc.header:
            lines.append(doc.header.replace("{n}", str(number)))
        for b in page:
            if b.kind == "row":
                lines.append("\t".join(b.cells).rstrip("\t"))
            elif b.kind in ("tick", "radio"):
                lines.append(f"{boxes[0] if b.on else boxes[1]} {b.text}")
            elif b.kind in ("field", "area", "choice"):
                lines.append(f"{b.label}: {b.text}")
            elif b.kind == "bullet":
                lines.append("\u2022 " + b.text)
            else:
                lines.append(b.text)
        if doc.footer:
            lines.append(doc.footer.replace("{n}", str(number)))
    return "\n".join([*lines, *notes]) + "\n"


def hyphens():
    import pyphen

    return pyphen.Pyphen(lang="nl_NL", left=2, right=3)


def soft(doc):
    """A copy of the document with soft hyphens where words may break."""
    book = hyphens()

    def spread(text):
        return re.sub(r"[^\W\d_]{6,}", lambda m: book.inserted(m[0], "\u00ad"), text) if text else text

    pages = [[dataclasses.replace(b, text=spread(b.text), cells=b.cells and [spread(c) for c in b.cells])
              if b.kind in ("par", "bullet", "row") else b for b in page] for page in doc.pages]
    return dataclasses.replace(doc, pages=pages)


# ---------------------------------------------------------------- tools

def run(*command, **options):
    done = subprocess.run([str(c) for c in command], capture_output=True, **options)
    if done.returncode:
        sys.exit(f"{command[0]} failed: {(done.stderr + done.stdout).decode(errors='replace')[-1500:]}")
    return done.stdout


def settle(data, name):
    """Give dates and identifiers of a finished PDF fixed values of the same length."""
    day = ("%04d%02d%02d120000" % DAY).encode()
    data = re.sub(rb"(Date\s*\(D:)\d{14}", lambda m: m[1] + day, data)
    data = re.sub(rb"(Date>)\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", lambda m: m[1] + b"%04d-%02d-%02dT12:00:00" % DAY, data)
    digest = hashlib.md5(name.encode()).hexdigest().encode()

    def ids(match):
        return re.sub(rb"[0-9A-Fa-f]{32}", lambda m: digest if m[0].lower() == m[0] else digest.upper(), match[0])

    data = re.sub(rb"/ID\s*\[\s*<[0-9A-Fa-f]{32}>\s*<[0-9A-Fa-f]{32}>", ids, data)
    return re.sub(rb"(uuid:)[0-9a-f-]{36}", lambda m: m[1] + b"00000000-0000-4000-8000-" + digest[:12], data)


def widths_of(path):
    """Advance widths of a font file, in thousandths of the size."""
    from fontTools.ttLib import TTFont

    font = TTFont(path)
    table, metrics, unit = font.getBestCmap(), font["hmtx"].metrics, font["head"].unitsPerEm
    return {chr(c): metrics[g][0] * 1000 / unit for c, g in table.items()}


def subset(path, text, out):
    """A font file with only the characters of the text (made for embedding)."""
    from fontTools import subset as cutter

    options = cutter.Options(layout_features=[], notdef_outline=True, recalc_timestamp=False, name_IDs=[1, 2, 3, 4, 6],
                             drop_tables=["GSUB", "GPOS", "GDEF", "kern", "DSIG", "FFTM", "MATH"])
    font = cutter.load_font(path, options)
    cut = cutter.Subsetter(options)
    cut.populate(text=text + " -\u2022")
    cut.subset(font)
    font.save(out)
    return out


def every_character(doc):
    return "".join(sorted(set(expected(doc) + expected(doc).upper() + "0123456789")))


def page_html(doc, boxes="\u2612\u2610", page=0):
    """The blocks of one page as HTML."""
    out, rows = [], []

    def flush():
        if rows:
            out.append("<table>" + "".join("<tr>" + "".join(f"<td>{html.escape(c)}</td>" for c in r) + "</tr>" for r in rows) + "</table>")
            rows.clear()

    for b in doc.pages[page]:
        if b.kind == "row":
            rows.append(b.cells)
            continue
        flush()
        tag = {"title": "h1", "heading": "h2"}.get(b.kind, "p")
        mark = (boxes[0] if b.on else boxes[1]) + " " if b.kind == "tick" else "\u2022 " if b.kind == "bullet" else ""
        out.append(f"<{tag}>{mark}{html.escape(b.text, quote=False)}</{tag}>")
    flush()
    return "\n".join(out)


# ---------------------------------------------------------------- producers in other languages

def node(script, doc, work, **more):
    out = work / "out.pdf"
    run("node", SOURCES / script, out, input=json.dumps(doc.job(**more)).encode())
    return out.read_bytes()


def pdfkit_groepsverslag(doc, work):
    """Two columns of justified lines with hyphens; headings letter-spaced."""
    face = Face("", widths_of(LIBERATION + "Serif-Regular.ttf"), "")
    pages = typeset(dataclasses.replace(doc, header="", footer=""), face, width=215, left=56, size=10.5, top=770, book=hyphens(), justify=True)
    for lines in pages:
        split = next(i for i, l in enumerate(lines) if i >= len(lines) // 2 and lines[i - 1].y - l.y > 15 and not lines[i - 1].bold)
        drop = lines[0].y - lines[split].y
        for l in lines[split:]:
            l.x, l.y = 312, l.y + drop
    return node("draw_pdfkit.js", doc, work, lines=[[dataclasses.asdict(l) for l in page] for page in pages]), expected(doc)


def pdfkit_veiligheidsplan(doc, work):
    fonts = {k: str(subset(f"{LIBERATION}Serif-{s}.ttf", every_character(doc), work / (k + ".ttf")))
             for k, s in (("font", "Regular"), ("bold", "Bold"))}
    return node("draw_pdfkit.js", doc, work, owner=OWNER, **fonts), expected(doc)


def pdf_lib_aanmeldformulier(doc, work):
    return node("draw_pdflib.js", doc, work, appearances=True, objectstreams=False), expected(doc)


def pdf_lib_screening(doc, work):
    """Fields without appearance streams: a viewer must draw the values itself."""
    import pikepdf

    data = node("draw_pdflib.js", doc, work, appearances=True, objectstreams=False)
    with pikepdf.open(io.BytesIO(data)) as pdf:
        form = pdf.Root.AcroForm
        form.NeedAppearances = True
        for annot in pdf.pages[0].Annots:
            parent = annot.get("/Parent", annot)
            if parent.get("/FT", annot.get("/FT")) in ("/Tx", "/Ch") and "/AP" in annot:
                del annot.AP
        out = io.BytesIO()
        pdf.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True)
    return out.getvalue(), expected(doc)


def jspdf_verzuimbrief(doc, work):
    return node("draw_jspdf.js", doc, work, tablehead=True), expected(doc)


def jspdf_tijdlijn(doc, work):
    fonts = {k: str(subset(f"{DEJAVU}SansCondensed{s}.ttf", every_character(doc), work / (k + ".ttf")))
             for k, s in (("font", ""), ("bold", "-Bold"))}
    side = "Vertrouwelijk, alleen voor ketenpartners"
    return node("draw_jspdf.js", doc, work, side=side, **fonts), side + "\n" + expected(doc)


def tcpdf_vragenlijst(doc, work):
    out = work / "out.pdf"
    run("php", SOURCES / "draw_tcpdf.php", out, input=json.dumps(doc.job()).encode())
    return out.read_bytes(), expected(doc, boxes="\u2714\u274f")


def prawn_verzuimtabel(doc, work):
    out = work / "out.pdf"
    run("ruby", SOURCES / "draw_prawn.rb", out, input=json.dumps(doc.job()).encode())
    return out.read_bytes(), expected(doc)


# ---------------------------------------------------------------- Python producers

def pymupdf_politiemutatie(doc, work):
    """Pages that a viewer turns: the text is drawn sideways, so that it stands upright on screen."""
    import pymupdf

    pdf = pymupdf.open()
    pdf.set_metadata({"author": AUTHOR, "title": doc.title})
    wide = widths_of(LIBERATION + "Sans-Regular.ttf")
    for number, (blocks, turn) in enumerate(zip(doc.pages, (90, 270)), 1):
        page = pdf.new_page(width=420, height=595)
        page.set_rotation(turn)

        def put(x, y, text, size, font="helv"):
            page.insert_text(pymupdf.Point(x, y) * page.derotation_matrix, text, fontsize=size, fontname=font, rotate=turn)

        y = 50
        for b in blocks:
            size = 15 if b.kind == "title" else 11
            for line, _ in wrap(b.text, wide, size, 495):
                put(50, y, line, size, "hebo" if b.kind == "title" else "helv")
                y += size * 1.4
            y += 6
        put(50, 395, doc.footer.replace("{n}", str(number)), 8)
    return pdf.tobytes(garbage=3, deflate=True), expected(doc)


def pymupdf_evaluatie(doc, work):
    import pymupdf

    pdf = pymupdf.open()
    pdf.set_metadata({"author": AUTHOR, "title": doc.title})
    page = pdf.new_page()
    css = "* {font-family: serif; font-size: 11.5px;} h1 {font-size: 20px;} p {text-align: justify;}"
    page.insert_htmlbox(pymupdf.Rect(60, 30, 535, 50), f"<p>{doc.header}</p>", css=css)
    page.insert_htmlbox(pymupdf.Rect(60, 60, 535, 560), page_html(doc), css=css)
    page.insert_htmlbox(pymupdf.Rect(60, 790, 535, 810), f"<p>{doc.footer.replace('{n}', '1')}</p>", css=css)
    notes = ["Bespreken met voogd vóór 1 oktober", "De neef heet volgens Mats Dré; achternaam onbekend.",
             "Tweede keer dat dit in een verslag staat."]
    page.add_freetext_annot(pymupdf.Rect(60, 640, 330, 660), notes[0], fontsize=11, fontname="helv", text_color=(0.7, 0, 0))
    page.add_text_annot(pymupdf.Point(545, 250), notes[1])
    mark = page.add_highlight_annot(page.search_for("neef van 20 jaar"))
    mark.set_info(content=notes[2])
    mark.update()
    for annot in page.annots():
        annot.set_info(title="pleegzorg", creationDate="D:20241220120000Z", modDate="D:20241220120000Z")
    pdf.subset_fonts()
    return pdf.tobytes(garbage=4, deflate=True), expected(doc, notes=notes)


def pymupdf_aanvulling(doc, work):
    """Saved, opened again, added to, and saved as an incremental update."""
    import pymupdf

    out = work / "out.pdf"
    pdf = pymupdf.open()
    pdf.set_metadata({"author": AUTHOR, "title": doc.title})
    page = pdf.new_page(height=500)
    wide = widths_of(LIBERATION + "Serif-Regular.ttf")

    def put(page, y, text, size, font="tiro"):
        for line, _ in wrap(text, wide, size, 475):
            page.insert_text((60, y), line, fontsize=size, fontname=font)
            y += size * 1.35
        return y + 8

    y = 60
    for b in doc.pages[0]:
        y = put(page, y, b.text, 16 if b.kind == "title" else 11.5, "tibo" if b.kind == "title" else "tiro")
    pdf.save(out)
    pdf.close()
    pdf = pymupdf.open(out)
    added = ("Aanvulling 18 november 2024. De huisbaas meldt dat er 's nachts bezoek komt. Lauri zegt dat hij 'gastheer' is "
             "en dat hij de helft mag houden.")
    put(pdf[0], y + 10, added, 11.5)
    pdf.saveIncr()
    pdf.close()
    return out.read_bytes(), expected(doc) + added + "\n"


def xhtml2pdf_intake(doc, work):
    from reportlab import rl_config
    rl_config.invariant = 1
    from xhtml2pdf import pisa

    css = """@page { size: a4; margin: 70pt 60pt 70pt 60pt;
      @frame h { -pdf-frame-content: kop; top: 30pt; left: 60pt; width: 475pt; height: 20pt; }
      @frame f { -pdf-frame-content: voet; bottom: 25pt; left: 60pt; width: 475pt; height: 20pt; } }
      body { font-family: Helvetica; font-size: 10.5pt; } h1 { font-size: 17pt; } h2 { font-size: 12pt; }
      table { border: 0.5pt solid #888; } td { padding: 3pt; border: 0.5pt solid #888; vertical-align: top; }"""
    body = "<pdf:nextpage />".join(page_html(doc, page=i) for i in range(len(doc.pages)))
    page = (f"<html><head><title>{doc.title}</title><meta name='author' content='{AUTHOR}'><style>{css}</style></head><body>"
            f"<div id='kop'>{doc.header}</div><div id='voet'>{doc.footer.replace('{n}', '<pdf:pagenumber />')}</div>{body}</body></html>")
    out = io.BytesIO()
    pisa.CreatePDF(page, dest=out)
    return out.getvalue(), expected(doc)


def pikepdf_brief(doc, work):
    """Objects built with pikepdf; a content stream in several parts that break inside a paragraph."""
    import pikepdf

    face = Face("/F1", widths_of(LIBERATION + "Serif-Regular.ttf"), "cp1252")
    parts = [page_content(page, {False: face, True: face}) for page in typeset(doc, face)]
    pdf = pikepdf.new()
    font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name("/Times-Roman"),
                              Encoding=pikepdf.Name.WinAnsiEncoding)
    pdf.add_blank_page(page_size=(420, 595))
    page = pdf.pages[0]
    page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=pdf.make_indirect(font)))
    lines = parts[0].split(b"\n")
    third = len(lines) // 3
    page.Contents = pikepdf.Array([pdf.make_stream(b"\n".join(lines[i:i + third]) + b"\n") for i in range(0, len(lines), third)])
    pdf.docinfo["/Author"] = AUTHOR
    pdf.docinfo["/Producer"] = "pikepdf"
    out = io.BytesIO()
    pdf.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate, compress_streams=True, deterministic_id=True)
    return out.getvalue(), expected(doc)


def matplotlib_pdf(doc, fonttype):
    import matplotlib
    matplotlib.use("pdf")
    from matplotlib import pyplot

    matplotlib.rcParams.update({"pdf.fonttype": fonttype, "font.family": "DejaVu Sans", "pdf.compression": 6})
    figure = pyplot.figure(figsize=(6.5, 4.6))
    rows = [b for b in doc.pages[0] if b.kind == "row"]
    most = max(int(b.cells[1]) for b in rows)
    y, drawn = 0.93, False
    for b in doc.pages[0]:
        if b.kind == "row":
            bar = figure.add_axes([0.28, y - 0.012, 0.5 * int(b.cells[1]) / most, 0.045])
            bar.set_facecolor("#88a8c8"), bar.set_xticks([]), bar.set_yticks([])
            figure.text(0.08, y, b.cells[0], fontsize=10)
            figure.text(0.22, y, b.cells[1], fontsize=10)
            y -= 0.075
            drawn = True
        else:
            y -= 0.02 if drawn else 0
            drawn = False
            figure.text(0.08, y, b.text, fontsize=15 if b.kind == "title" else 10, weight="bold" if b.kind == "title" else "normal")
            y -= 0.09 if b.kind == "title" else 0.065
    out = io.BytesIO()
    figure.savefig(out, format="pdf", metadata={"Author": AUTHOR, "Title": doc.title, "CreationDate": None})
    pyplot.close(figure)
    return out.getvalue()


def matplotlib_text(doc):
    """Lines of a figure are separate texts, but those that run on are one paragraph to a reader."""
    return re.sub(r"(samen|twee)\n", r"\1 ", expected(doc))


def matplotlib_verzuimgrafiek(doc, work):
    return matplotlib_pdf(doc, 3), matplotlib_text(doc)


def matplotlib_leefgroep(doc, work):
    return matplotlib_pdf(doc, 42), matplotlib_text(doc)


# ---------------------------------------------------------------- command-line producers

def wkhtmltopdf_signalenlijst(doc, work):
    page = work / "page.html"
    css = ("body {font-family: 'DejaVu Sans'; font-size: 11pt} h1 {letter-spacing: 3px} table {border-collapse: collapse} "
           "td {border: 1px solid #777; padding: 4px; width: 33%; vertical-align: top}")
    page.write_text(f"<html><head><meta charset='utf-8'><title>{doc.title}</title><style>{css}</style></head>"
                    f"<body>{page_html(doc)}</body></html>", encoding="utf-8")
    run("wkhtmltopdf", "-q", "--page-size", "A4", page, work / "out.pdf", env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "XDG_RUNTIME_DIR": str(work)})
    return (work / "out.pdf").read_bytes(), expected(doc)


def pango_mailwisseling(doc, work):
    page = work / "mail.txt"
    page.write_text("\n\n".join(b.text for b in doc.pages[0]) + "\n", encoding="utf-8")
    run("pango-view", "--no-display", "--backend=cairo", "--justify", "--font=Liberation Serif 12", "--width=430", "--margin=40",
        "--language=nl", f"--output={work / 'out.pdf'}", page)
    return (work / "out.pdf").read_bytes(), expected(doc)


def paps_dagrapportage(doc, work):
    """This version of paps draws letters as outlines: a page with neither text nor pictures."""
    page = work / "dag.txt"
    page.write_text("\n".join(textwrap.fill(b.text, 62) + "\n" for b in doc.pages[0]), encoding="utf-8")
    script = run("paps", "--paper=a4", "--font=DejaVu Sans Mono 11", page)
    (work / "page.ps").write_bytes(re.sub(rb"/Title\s*\(.*?\)|%%(Title|CreationDate|For):.*", b"", script))
    run("ps2pdf", "-r300", "-sPAPERSIZE=a4", work / "page.ps", work / "out.pdf")
    return (work / "out.pdf").read_bytes(), expected(doc)


def enscript_dienstoverdracht(doc, work):
    """Two columns on a sheet turned to landscape, under one header; Latin-1 Courier."""
    page = work / "dienst.txt"
    pages = ["\n\n".join(textwrap.fill(b.text, 48) for b in blocks) for blocks in doc.pages]
    page.write_bytes("\f".join(pages).encode("latin-1"))
    run("enscript", "-q", "-2", "-r", "-X", "88591", "-M", "A4", "-f", "Courier10", "-F", "Courier-Bold9",
        "--header=" + doc.header, "--title=dienstoverdracht", "-p", work / "page.ps", page, env={**os.environ, "USER": "groep", "LOGNAME": "groep"})
    text = re.sub(rb"%%(For|CreationDate|Title):.*", b"", (work / "page.ps").read_bytes())
    (work / "page.ps").write_bytes(text)
    run("ps2pdf", "-sPAPERSIZE=a4", work / "page.ps", work / "out.pdf")
    sheet = dataclasses.replace(doc, pages=[sum(doc.pages, [])])
    return (work / "out.pdf").read_bytes(), expected(sheet)


def tex_body(doc, quotes=False):
    out = []
    for b in doc.pages[0]:
        text = b.text.replace("€", r"\euro{}").replace("%", r"\%").replace("&", r"\&")
        if quotes:
            text = text.replace("‘", "`").replace("’", "'").replace("“", "``").replace("”", "''").replace("—", "---").replace("–", "--")
        out.append({"title": r"\section*{%s}", "heading": r"\subsection*{%s}"}.get(b.kind, "%s\n") % text)
    return "\n".join(out)


def lualatex_onderzoek(doc, work):
    source = work / "onderzoek.tex"
    source.write_text(r"""\documentclass[a4paper,10pt,twocolumn]{article}
\pdfvariable suppressoptionalinfo 1023
\usepackage{fontspec}\setmainfont{lmroman10-regular.otf}[BoldFont=lmroman10-bold.otf]
\usepackage[dutch]{babel}\usepackage{microtype}\usepackage{fancyhdr}
\pagestyle{fancy}\fancyhf{}\fancyhead[L]{%s}\fancyfoot[C]{\thepage}\setlength{\columnsep}{9mm}\setlength{\headheight}{14pt}
\addtolength{\textheight}{-70mm}
\begin{document}
%s
\end{document}
""" % (doc.header, tex_body(doc)), encoding="utf-8")
    run("lualatex", "-interaction=batchmode", source.name, cwd=work)
    return (work / "onderzoek.pdf").read_bytes(), expected(doc)


def xelatex_observatie(doc, work):
    """Very small type (5 points)."""
    source = work / "observatie.tex"
    source.write_text(r"""\documentclass[a5paper,10pt]{article}
\usepackage{fontspec}\setmainfont{LiberationSerif-Regular.ttf}[Path=%s,BoldFont=LiberationSerif-Bold.ttf]
\usepackage[dutch]{babel}\pagestyle{empty}\setlength{\parindent}{0pt}
\usepackage{geometry}\geometry{margin=25mm}
\begin{document}\fontsize{5}{6}\selectfont
%s
\end{document}
""" % (str(pathlib.Path(LIBERATION).parent) + "/", tex_body(doc)), encoding="utf-8")
    run("xelatex", "-interaction=batchmode", source.name, cwd=work)
    return (work / "observatie.pdf").read_bytes(), expected(doc)


def dvipdfmx_verslag(doc, work):
    """The old TeX font encoding (OT1): an accent is drawn apart from its letter, and ff, fi, ffi are one character."""
    source = work / "verslag.tex"
    source.write_text(r"""\documentclass[a5paper,11pt]{article}
\usepackage[utf8]{inputenc}\usepackage[dutch]{babel}\pagestyle{empty}
\begin{document}
%s
\end{document}
""" % tex_body(doc, quotes=True), encoding="utf-8")
    run("latex", "-interaction=batchmode", source.name, cwd=work)
    run("dvipdfmx", "-q", "-V", "4", "-p", "a5", "verslag.dvi", cwd=work)
    return (work / "verslag.pdf").read_bytes(), expected(doc)


def fop_jeugdhulpplan(doc, work):
    """Formatting objects with soft hyphens; fonts as CID fonts with Identity-H."""
    doc_soft = soft(doc)
    esc = html.escape
    body = []
    for index, page in enumerate(doc_soft.pages):
        first = ' break-before="page"' if index else ""
        rows = []

        def flush():
            if rows:
                cells = "".join("<fo:table-row>" + "".join(
                    f'<fo:table-cell border="0.5pt solid gray" padding="3pt"><fo:block font-size="9.5pt">{esc(c)}</fo:block></fo:table-cell>'
                    for c in r) + "</fo:table-row>" for r in rows)
                body.append('<fo:table table-layout="fixed" width="100%" space-after="8pt">' + '<fo:table-column column-width="25%"/>' * 4
                            + f"<fo:table-body>{cells}</fo:table-body></fo:table>")
                rows.clear()

        for b in page:
            if b.kind == "row":
                rows.append(b.cells)
                continue
            flush()
            style = {"title": 'font-size="17pt" font-weight="bold" letter-spacing="2.5pt"',
                     "heading": 'font-size="12pt" font-weight="bold" space-before="8pt"'}.get(b.kind, 'text-align="justify"')
            body.append(f'<fo:block {style}{first} space-after="7pt">{esc(b.text)}</fo:block>')
            first = ""
        flush()
    source = work / "plan.fo"
    source.write_text(f"""<fo:root xmlns:fo="http://www.w3.org/1999/XSL/Format" font-family="Brood" font-size="11pt" language="nl">
<fo:layout-master-set><fo:simple-page-master master-name="p" page-width="148mm" page-height="210mm" margin="14mm">
<fo:region-body margin-top="12mm" margin-bottom="12mm"/><fo:region-before extent="8mm"/><fo:region-after extent="8mm"/>
</fo:simple-page-master></fo:layout-master-set>
<fo:page-sequence master-reference="p">
<fo:static-content flow-name="xsl-region-before"><fo:block font-size="8pt">{esc(doc.header)}</fo:block></fo:static-content>
<fo:static-content flow-name="xsl-region-after"><fo:block font-size="8pt">{esc(doc.footer).replace("{n}", "<fo:page-number/>")}</fo:block></fo:static-content>
<fo:flow flow-name="xsl-region-body">{"".join(body)}</fo:flow></fo:page-sequence></fo:root>""", encoding="utf-8")
    config = work / "fop.xconf"
    config.write_text(f"""<fop version="1.0"><renderers><renderer mime="application/pdf"><fonts>
<font embed-url="{LIBERATION}Serif-Regular.ttf"><font-triplet name="Brood" style="normal" weight="normal"/></font>
<font embed-url="{LIBERATION}Serif-Bold.ttf"><font-triplet name="Brood" style="normal" weight="bold"/></font>
</fonts></renderer></renderers></fop>""", encoding="utf-8")
    run("fop", "-q", "-c", config, "-fo", source, "-pdf", work / "out.pdf")
    return (work / "out.pdf").read_bytes(), expected(doc)


def mutool_html(doc, work):
    page = work / "spreekuur.html"
    page.write_text(f"<html><head><title>{doc.title}</title></head><body>{page_html(doc)}</body></html>", encoding="utf-8")
    run("mutool", "convert", "-W", "420", "-H", "595", "-S", "11", "-O", "compress", "-o", work / "out.pdf", page.name, cwd=work)
    import pymupdf

    with pymupdf.open(work / "out.pdf") as pdf:  # mutool embeds whole fonts
        pdf.subset_fonts()
        pdf.set_metadata({"author": AUTHOR, "title": doc.title, "producer": "mutool convert"})
        return pdf.tobytes(garbage=4, deflate=True), expected(doc)


def mutool_hexadecimaal(doc, work):
    (work / "in.pdf").write_bytes(plain_pdf(doc))
    run("mutool", "clean", "-a", "-z", work / "in.pdf", work / "out.pdf")
    return (work / "out.pdf").read_bytes(), expected(doc)


def qpdf(doc, work, *options):
    (work / "in.pdf").write_bytes(plain_pdf(doc))
    run("qpdf", "--static-id", *options, work / "in.pdf", work / "out.pdf")
    return (work / "out.pdf").read_bytes(), expected(doc)


def qpdf_objectstromen(doc, work):
    return qpdf(doc, work, "--object-streams=generate", "--linearize")


def qpdf_eigenaar_rc4(doc, work):
    return qpdf(doc, work, "--allow-weak-crypto", "--encrypt", "", OWNER, "128", "--use-aes=n", "--extract=n", "--")


def qpdf_eigenaar_aes256(doc, work):
    return qpdf(doc, work, "--encrypt", "", OWNER, "256", "--extract=n", "--")


def qpdf_wachtwoord(doc, work):
    return qpdf(doc, work, "--encrypt", PASSWORD, OWNER, "256", "--")


# ---------------------------------------------------------------- own bytes: layout

@dataclasses.dataclass
class Face:
    name: str
    wide: dict
    codec: object  # a codec name, or a dict from character to byte

    def encode(self, text):
        if isinstance(self.codec, str):
            return text.encode(self.codec)
        return bytes(self.codec[c] for c in text)

    def width(self, text, size):
        return sum(self.wide[c] for c in text) * size / 1000


@dataclasses.dataclass
class Line:
    x: float
    y: float
    size: float
    text: str
    bold: bool = False
    spread: float = 0  # extra width of each space, so that the line fills the column


def wrap(text, wide, size, width, book=None, mark="-"):
    """Break a text into lines: (line, is it the last one). With a book, words may break too."""
    def length(t):
        return sum(wide[c] for c in t) * size / 1000

    lines, line = [], ""
    for word in text.split(" "):
        while True:
            trial = line + " " + word if line else word
            if length(trial) <= width or not line and not book:
                line = trial
                break
            cut = None
            if book:
                core = re.match(r"[^\W\d_]{6,}", word)
                for place in (book.positions(core[0]) if core else []):
                    if length(f"{line} {word[:place]}{mark}" if line else word[:place] + mark) <= width:
                        cut = place
            if cut:
                lines.append((f"{line} " if line else "") + word[:cut] + mark)
                word = word[cut:]
            else:
                lines.append(line)
            line = ""
    lines.append(line)
    return [(t, i == len(lines) - 1) for i, t in enumerate(lines)]


def typeset(doc, face, width=320, left=50, size=11, top=530, book=None, mark="-", justify=False):
    """Pages of placed lines."""
    pages = []
    for number, blocks in enumerate(doc.pages, 1):
        lines, y = [], top
        if doc.header:
            lines.append(Line(left, 565, 8.5, doc.header.replace("{n}", str(number))))
        for b in blocks:
            heading = b.kind in ("title", "heading")
            big = {"title": size * 1.5, "heading": size * 1.1}.get(b.kind, size)
            for text, last in wrap(b.text, face.wide, big, width, None if heading else book, mark):
                spaces = text.count(" ")
                spread = (width - face.width(text, big)) / spaces if justify and not last and spaces and not heading else 0
                lines.append(Line(left, y, big, text, heading, spread))
                y -= big * 1.4
            y -= size * 0.6
        if doc.footer:
            lines.append(Line(left, 28, 8.5, doc.footer.replace("{n}", str(number))))
        pages.append(lines)
    return pages


def literal(data):
    return b"(" + re.sub(rb"([\\()])", rb"\\\1", data).replace(b"\r", b"\\r").replace(b"\n", b"\\n") + b")"


def page_content(lines, faces):
    """The usual way: one string a line."""
    out = [b"BT"]
    for l in lines:
        face = faces[l.bold]
        out.append(b"%s %.2f Tf 1 0 0 1 %.2f %.2f Tm %s Tj" % (face.name.encode(), l.size, l.x, l.y, literal(face.encode(l.text))))
    return b"\n".join([*out, b"ET", b""])


# ---------------------------------------------------------------- own bytes: file

class Pdf:
    """Writes objects one after the other; number 1 is the catalogue, 2 the page tree, 3 the information."""

    def __init__(self, title, version="1.4"):
        self.objects, self.kids, self.version = [b"", b"", b""], [], version
        day = b"D:%04d%02d%02d120000Z" % DAY
        self.objects[2] = (b"<< /Title %s /Author (%s) /Producer (eigen bytes) /CreationDate (%s) >>"
                           % (literal(title.encode("cp1252")), AUTHOR.encode(), day))

    def add(self, body):
        self.objects.append(body)
        return len(self.objects)

    def stream(self, data, entries=b"", compress=True):
        if compress:
            data, entries = zlib.compress(data, 9), entries + b" /Filter /FlateDecode"
        return self.add(b"<< %s /Length %d >>\nstream\n%s\nendstream" % (entries, len(data), data))

    def page(self, content, resources, size=(420, 595), extra=b""):
        """content: a stream's number, a list of numbers, or None for an empty page."""
        body = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] /Resources << %s >> %s" % (*size, resources, extra)
        if content is not None:
            content = content if isinstance(content, list) else [content]
            body += b" /Contents [%s]" % b" ".join(b"%d 0 R" % n for n in content)
        self.kids.append(self.add(body + b" >>"))

    def finish(self, shift=0, start_shift=0):
        self.objects[0] = b"<< /Type /Catalog /Pages 2 0 R >>"
        self.objects[1] = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(self.kids), b" ".join(b"%d 0 R" % k for k in self.kids))
        out, places = b"%%PDF-%s\n%%\xe2\xe3\xcf\xd3\n" % self.version.encode(), []
        for number, body in enumerate(self.objects, 1):
            places.append(len(out))
            out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
        start = len(out)
        out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1)
        out += b"".join(b"%010d 00000 n \n" % (p + shift) for p in places)
        digest = hashlib.md5(out).hexdigest().encode()
        out += b"trailer\n<< /Size %d /Root 1 0 R /Info 3 0 R /ID [<%s> <%s>] >>\nstartxref\n%d\n%%%%EOF\n" % (
            len(places) + 1, digest, digest, start + start_shift)
        return out


def standard_fonts(pdf, family="Helvetica", encoding="WinAnsiEncoding"):
    """Two fonts that every reader has: (resources, faces)."""
    bold = {"Helvetica": "Helvetica-Bold", "Times-Roman": "Times-Bold"}[family]
    numbers = [pdf.add(b"<< /Type /Font /Subtype /Type1 /BaseFont /%s /Encoding /%s >>" % (n.encode(), encoding.encode())) for n in (family, bold)]
    style = "Sans" if family == "Helvetica" else "Serif"
    codec = "cp1252" if encoding == "WinAnsiEncoding" else "mac_roman"
    faces = {False: Face("/F1", widths_of(f"{LIBERATION}{style}-Regular.ttf"), codec),
             True: Face("/F2", widths_of(f"{LIBERATION}{style}-Bold.ttf"), codec)}
    return b"/Font << /F1 %d 0 R /F2 %d 0 R >>" % tuple(numbers), faces


def plain_pdf(doc, **finish):
    pdf = Pdf(doc.title)
    fonts, faces = standard_fonts(pdf)
    for lines in typeset(doc, faces[True]):
        pdf.page(pdf.stream(page_content(lines, faces)), fonts)
    return pdf.finish(**finish)


def to_unicode(codes, width=1):
    """A ToUnicode map: {code: text}."""
    rows = [f"<{c:0{2 * width}X}> <{t.encode('utf-16-be').hex().upper()}>" for c, t in sorted(codes.items())]
    blocks = "".join(f"{len(rows[i:i + 100])} beginbfchar\n" + "\n".join(rows[i:i + 100]) + "\nendbfchar\n" for i in range(0, len(rows), 100))
    return ("/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CMapName /Eigen def\n/CMapType 2 def\n"
            f"1 begincodespacerange\n<{'00' * width}> <{'FF' * width}>\nendcodespacerange\n{blocks}endcmap\n"
            "CMapName currentdict /CMap defineresource pop\nend\nend\n").encode()


LIGATURES = {"ffi": "\ufb03", "ffl": "\ufb04", "ff": "\ufb00", "fi": "\ufb01", "fl": "\ufb02"}


def ligate(doc, known):
    """Replace letter pairs by their ligature, where the font has it."""
    def join(text):
        for pair, sign in LIGATURES.items():
            if sign in known:
                text = text.replace(pair, sign)
        return text

    return dataclasses.replace(doc, pages=[[dataclasses.replace(b, text=join(b.text)) for b in page] for page in doc.pages])


def characters(doc):
    text = "".join(b.text for page in doc.pages for b in page) + doc.header + doc.footer
    return sorted(set(text + "0123456789- "))


# ---------------------------------------------------------------- own bytes: fonts

def type3_font(pdf, path, letters, unicode_map):
    """Letters as drawings, codes from 128 on. With a ToUnicode map the names of the drawings mean nothing; without it they
    are the usual glyph names, and those are all there is."""
    from fontTools.agl import UV2AGL
    from fontTools.pens.basePen import BasePen
    from fontTools.ttLib import TTFont

    class Drawing(BasePen):
        def __init__(self, glyphs):
            super().__init__(glyphs)
            self.out = []

        def _moveTo(self, p):
            self.out.append("%d %d m" % p)

        def _lineTo(self, p):
            self.out.append("%d %d l" % p)

        def _curveToOne(self, a, b, c):
            self.out.append("%d %d %d %d %d %d c" % (*a, *b, *c))

        def _closePath(self):
            self.out.append("h")

    font = TTFont(path)
    glyphs, table, metrics = font.getGlyphSet(), font.getBestCmap(), font["hmtx"].metrics
    names = ["a%d" % i if unicode_map else UV2AGL[ord(c)] for i, c in enumerate(letters)]
    procs, advances, codes = [], [], {}
    for index, letter in enumerate(letters):
        pen = Drawing(glyphs)
        glyphs[table[ord(letter)]].draw(pen)
        advance = metrics[table[ord(letter)]][0]
        shape = "\n".join(pen.out) + ("\nf\n" if pen.out else "\n")
        procs.append(b"/%s %d 0 R" % (names[index].encode(), pdf.stream(f"{advance} 0 -200 -700 2500 2000 d1\n{shape}".encode())))
        advances.append(b"%d" % advance)
        codes[letter] = 128 + index
    unicode_ref = b""
    if unicode_map:
        pairs = {v: k for k, v in LIGATURES.items()}
        unicode_ref = b" /ToUnicode %d 0 R" % pdf.stream(to_unicode({codes[c]: pairs.get(c, c) for c in letters}))
    scale = 1 / font["head"].unitsPerEm
    number = pdf.add(b"<< /Type /Font /Subtype /Type3 /FontBBox [-200 -700 2500 2000] /FontMatrix [%.9f 0 0 %.9f 0 0] /CharProcs << %s >> "
                     b"/Encoding << /Type /Encoding /Differences [128 %s] >> /FirstChar 128 /LastChar %d /Widths [%s] /Resources << >>%s >>"
                     % (scale, scale, b" ".join(procs), b" ".join(b"/" + n.encode() for n in names), 127 + len(letters),
                        b" ".join(advances), unicode_ref))
    return number, codes


def cff_font(pdf, path, letters, names, first):
    """A Type 1C font with glyph names of our choosing, codes from `first` on, no ToUnicode."""
    from fontTools.fontBuilder import FontBuilder
    from fontTools.pens.t2CharStringPen import T2CharStringPen
    from fontTools.ttLib import TTFont

    font = TTFont(path)
    glyphs, table, metrics, unit = font.getGlyphSet(), font.getBestCmap(), font["hmtx"].metrics, font["head"].unitsPerEm
    strings, advances = {}, {}
    for name, source in [(".notdef", ".notdef")] + [(names[c], table[ord(c)]) for c in letters]:
        pen = T2CharStringPen(metrics[source][0], glyphs)
        glyphs[source].draw(pen)
        strings[name] = pen.getCharString()
        advances[name] = (metrics[source][0], 0)
    builder = FontBuilder(unit, isTTF=False)
    builder.setupGlyphOrder(list(strings))
    builder.setupCharacterMap({})
    builder.setupCFF("EIGENA+Brood", {"FullName": "Brood", "FontMatrix": [1 / unit, 0, 0, 1 / unit, 0, 0]}, strings, {})
    builder.setupHorizontalMetrics(advances)
    builder.setupHorizontalHeader(ascent=1900, descent=-500)
    builder.font["head"].created = builder.font["head"].modified = 3600000000
    whole = io.BytesIO()
    builder.save(whole)
    program = TTFont(io.BytesIO(whole.getvalue())).reader["CFF "]
    file = pdf.stream(program, b"/Subtype /Type1C")
    descriptor = pdf.add(b"<< /Type /FontDescriptor /FontName /EIGENA+Brood /Flags 4 /FontBBox [-200 -300 1200 1000] /ItalicAngle 0 "
                         b"/Ascent 900 /Descent -250 /CapHeight 700 /StemV 80 /FontFile3 %d 0 R >>" % file)
    number = pdf.add(b"<< /Type /Font /Subtype /Type1 /BaseFont /EIGENA+Brood /FirstChar %d /LastChar %d /Widths [%s] /FontDescriptor %d 0 R "
                     b"/Encoding << /Type /Encoding /Differences [%d %s] >> >>"
                     % (first, first + len(letters) - 1, b" ".join(b"%d" % (advances[names[c]][0] * 1000 / unit) for c in letters), descriptor,
                        first, b" ".join(b"/" + names[c].encode() for c in letters)))
    return number, {c: first + i for i, c in enumerate(letters)}


def cid_font(pdf, path, doc, work):
    """A TrueType subset as a CID font: two-byte glyph numbers (Identity-H) and a ToUnicode map behind a PNG predictor."""
    from fontTools.ttLib import TTFont

    file = subset(path, "".join(characters(doc)), work / "cid.ttf")
    font = TTFont(file)
    order, table = font.getReverseGlyphMap(), font.getBestCmap()
    codes = {chr(c): order[g] for c, g in table.items()}
    unit = font["head"].unitsPerEm
    advances = [font["hmtx"].metrics[g][0] * 1000 // unit for g in font.getGlyphOrder()]
    program = pdf.stream(file.read_bytes(), b"/Length1 %d" % file.stat().st_size)
    descriptor = pdf.add(b"<< /Type /FontDescriptor /FontName /EIGENB+Brood /Flags 4 /FontBBox [-200 -300 1200 1000] /ItalicAngle 0 "
                         b"/Ascent 900 /Descent -250 /CapHeight 700 /StemV 80 /FontFile2 %d 0 R >>" % program)
    child = pdf.add(b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /EIGENB+Brood /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) "
                    b"/Supplement 0 >> /FontDescriptor %d 0 R /CIDToGIDMap /Identity /W [0 [%s]] >>" % (descriptor, b" ".join(b"%d" % a for a in advances)))
    cmap = to_unicode({g: c for c, g in codes.items()}, 2)
    columns = 16
    cmap += b" " * (-len(cmap) % columns)
    rows, above = b"", bytes(columns)
    for i in range(0, len(cmap), columns):
        row = cmap[i:i + columns]
        rows += b"\x02" + bytes((a - b) % 256 for a, b in zip(row, above))
        above = row
    mapping = pdf.stream(rows, b"/DecodeParms << /Predictor 12 /Columns %d >>" % columns)
    number = pdf.add(b"<< /Type /Font /Subtype /Type0 /BaseFont /EIGENB+Brood /Encoding /Identity-H /DescendantFonts [%d 0 R] /ToUnicode %d 0 R >>"
                     % (child, mapping))
    return number, codes


# ---------------------------------------------------------------- own bytes: the files

def eigen_type3(doc, work):
    path = DEJAVU + "Serif.ttf"
    wide = widths_of(path)
    shown = ligate(doc, wide)
    pdf = Pdf(doc.title)
    number, codes = type3_font(pdf, path, characters(shown), unicode_map=True)
    face = Face("/F1", wide, codes)
    for lines in typeset(shown, face):
        pdf.page(pdf.stream(page_content(lines, {False: face, True: face})), b"/Font << /F1 %d 0 R >>" % number)
    return pdf.finish(), expected(doc)


def eigen_type3_namen(doc, work):
    path = DEJAVU + "Sans.ttf"
    wide = widths_of(path)
    pdf = Pdf(doc.title)
    number, codes = type3_font(pdf, path, characters(doc), unicode_map=False)
    face = Face("/F1", wide, codes)
    for lines in typeset(doc, face, size=10):
        pdf.page(pdf.stream(page_content(lines, {False: face, True: face})), b"/Font << /F1 %d 0 R >>" % number)
    return pdf.finish(), expected(doc)


def eigen_losse_accenten(doc, work):
    """Accented letters as a letter and a combining accent, both in the drawing and in ToUnicode."""
    apart = dataclasses.replace(doc, pages=[[dataclasses.replace(b, text=unicodedata.normalize("NFD", b.text)) for b in page]
                                            for page in doc.pages])
    path = DEJAVU + "Sans.ttf"
    wide = {c: 0 if unicodedata.combining(c) else w for c, w in widths_of(path).items()}
    pdf = Pdf(doc.title)
    number, codes = cid_font(pdf, path, apart, work)
    for lines in typeset(apart, Face("/F1", wide, ""), size=10):
        rows = [b"BT"]
        for l in lines:
            rows.append(b"/F1 %.2f Tf 1 0 0 1 %.2f %.2f Tm" % (l.size, l.x, l.y))
            for piece in re.split(r"([\u0300-\u036f])", l.text):
                if piece:
                    rows.append(b"<%s> Tj" % "".join("%04X" % codes[c] for c in piece).encode())
        pdf.page(pdf.stream(b"\n".join([*rows, b"ET", b""])), b"/Font << /F1 %d 0 R >>" % number)
    return pdf.finish(), expected(doc)


def eigen_macroman(doc, work):
    """The text sits in a form XObject inside another one; the page only calls the outer one."""
    pdf = Pdf(doc.title)
    fonts, faces = standard_fonts(pdf, encoding="MacRomanEncoding")
    for lines in typeset(doc, faces[True]):
        half = len(lines) // 2
        inner = pdf.stream(page_content(lines[half:], faces), b"/Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources << %s >>" % fonts)
        outer = pdf.stream(page_content(lines[:half], faces) + b"q 1 0 0 1 0 0 cm /Deel2 Do Q\n",
                           b"/Type /XObject /Subtype /Form /BBox [0 0 595 842] /Matrix [1 0 0 1 0 -10] /Resources << %s /XObject << /Deel2 %d 0 R >> >>"
                           % (fonts, inner))
        pdf.page(pdf.stream(b"q /Deel1 Do Q\n"), b"/XObject << /Deel1 %d 0 R >>" % outer)
    return pdf.finish(), expected(doc)


def eigen_differences(doc, work):
    """No ToUnicode: the glyph names are all there is (eacute, f_f_i, uni00EB)."""
    from fontTools.agl import UV2AGL

    path = DEJAVU + "SerifCondensed.ttf"
    wide = widths_of(path)
    shown = ligate(doc, wide)
    letters = characters(shown)
    names = {c: UV2AGL.get(ord(c), "uni%04X" % ord(c)) for c in letters}
    names.update({"\ufb00": "f_f", "\ufb03": "f_f_i", "\ufb04": "f_f_l", "\ufb01": "fi", "\ufb02": "fl", "ö": "uni00F6"})
    names = {c: n for c, n in names.items() if c in letters}
    pdf = Pdf(doc.title)
    number, codes = cff_font(pdf, path, letters, names, 1)
    face = Face("/F1", wide, codes)
    for lines in typeset(shown, face):
        pdf.page(pdf.stream(page_content(lines, {False: face, True: face})), b"/Font << /F1 %d 0 R >>" % number)
    return pdf.finish(), expected(doc)


def eigen_letterposities(doc, work):
    """Justified lines with hard hyphens. By turns: every letter placed apart, words in a TJ array without any space
    character, and a Tw word space. The title is letter-spaced by a TJ array."""
    pdf = Pdf(doc.title)
    fonts, faces = standard_fonts(pdf, "Times-Roman")
    for lines in typeset(doc, faces[True], width=300, left=60, book=hyphens(), justify=True):
        out = [b"BT"]
        for index, l in enumerate(lines):
            face = faces[l.bold]
            out.append(b"%s %.2f Tf 1 0 0 1 %.3f %.3f Tm 0 Tw" % (face.name.encode(), l.size, l.x, l.y))
            if l.bold:
                out.append(b"[" + b" -180 ".join(literal(face.encode(c)) for c in l.text) + b"] TJ")
            elif index % 3 == 0:
                for c in l.text:
                    if c != " ":
                        out.append(literal(face.encode(c)) + b" Tj")
                    out.append(b"%.3f 0 Td" % (face.width(c, l.size) + (l.spread if c == " " else 0)))
            elif index % 3 == 1:
                gap = b" %.1f " % (-(face.width(" ", l.size) + l.spread) * 1000 / l.size)
                out.append(b"[" + gap.join(literal(face.encode(w)) for w in l.text.split(" ")) + b"] TJ")
            else:
                out.append(b"%.4f Tw %s Tj" % (l.spread, literal(face.encode(l.text))))
        pdf.page(pdf.stream(b"\n".join([*out, b"ET", b""])), fonts)
    return pdf.finish(), expected(doc)


def eigen_zacht_koppelteken(doc, work):
    """A narrow column; a broken word ends with the soft hyphen character (U+00AD)."""
    pdf = Pdf(doc.title)
    fonts, faces = standard_fonts(pdf)
    for lines in typeset(doc, faces[False], width=190, left=50, book=hyphens(), mark="\u00ad"):
        pdf.page(pdf.stream(page_content(lines, faces)), fonts, size=(290, 595))
    return pdf.finish(), expected(doc)


def lzw(data):
    """LZW as PDF wants it: codes of 9 to 12 bits, code length changed one early."""
    bits, count, out = 0, 0, bytearray()
    size, table, nxt, run_ = 9, {bytes([i]): i for i in range(256)}, 258, b""

    def put(code):
        nonlocal bits, count
        bits, count = bits << size | code, count + size
        while count >= 8:
            out.append(bits >> count - 8 & 255)
            count -= 8
        bits &= (1 << count) - 1

    put(256)
    for value in data:
        longer = run_ + bytes([value])
        if longer in table:
            run_ = longer
            continue
        put(table[run_])
        table[longer] = nxt
        nxt += 1
        if nxt == 4095:
            put(256)
            size, table, nxt = 9, {bytes([i]): i for i in range(256)}, 258
        elif nxt + 1 > 1 << size:
            size += 1
        run_ = bytes([value])
    put(table[run_])
    nxt += 1
    if nxt + 1 > 1 << size and size < 12:
        size += 1
    put(257)
    if count:
        out.append(bits << 8 - count & 255)
    return bytes(out)


def run_length(data):
    out = bytearray()
    while data:
        same = len(data) - len(data.lstrip(data[:1]))
        if same > 2:
            same = min(same, 128)
            out += bytes([257 - same, data[0]])
            data = data[same:]
        else:
            out += bytes([min(len(data), 100) - 1]) + data[:100]
            data = data[100:]
    return bytes(out + b"\x80")


def eigen_filters(doc, work):
    """Chains of old filters; a page's content in two streams that break between two strings of one line; Identity-H."""
    pdf = Pdf(doc.title)
    number, codes = cid_font(pdf, LIBERATION + "Sans-Regular.ttf", doc, work)
    wide = widths_of(LIBERATION + "Sans-Regular.ttf")
    face = Face("/F1", wide, codes)
    for index, lines in enumerate(typeset(doc, face)):
        rows = [b"BT"]
        for l in lines:
            codes_hex = "".join("%04X" % codes[c] for c in l.text)
            half = len(l.text) // 2 * 4
            rows.append(b"/F1 %.2f Tf 1 0 0 1 %.2f %.2f Tm <%s> Tj" % (l.size, l.x, l.y, codes_hex[:half].encode()))
            rows.append(b"<%s> Tj" % codes_hex[half:].encode())
        rows.append(b"ET")
        middle = len(rows) // 2 // 2 * 2
        streams = []
        for part in (rows[:middle], rows[middle:]):
            text = b"\n".join(part) + b"\n"
            if index == 0:
                data = base64.a85encode(lzw(text), wrapcol=72) + b"~>"
                names = b"[/ASCII85Decode /LZWDecode]"
            else:
                data = run_length(text).hex().upper().encode() + b">"
                names = b"[/ASCIIHexDecode /RunLengthDecode]"
            streams.append(pdf.stream(data, b"/Filter " + names, compress=False))
        pdf.page(streams, b"/Font << /F1 %d 0 R >>" % number)
    return pdf.finish(), expected(doc)


def picture(doc, page, work, dpi, size=(420, 298)):
    """A page of the document as a black-and-white picture."""
    from PIL import Image

    shown = dataclasses.replace(doc, pages=[doc.pages[page]], header="", footer="")
    pdf = Pdf(doc.title)
    fonts, faces = standard_fonts(pdf, "Times-Roman")
    pages = typeset(shown, faces[True], width=340, left=40, top=size[1] - 45, size=12)
    pdf.page(pdf.stream(page_content(pages[0], faces)), fonts, size=size)
    (work / "pic.pdf").write_bytes(pdf.finish())
    run("pdftoppm", "-r", dpi, "-gray", "-singlefile", work / "pic.pdf", work / "pic")
    return Image.open(work / "pic.pgm").convert("L").rotate(0.4, fillcolor=255), pages[0]


def eigen_tekenvolgorde(doc, work):
    """Two columns whose lines are drawn in turns (left, right, left ...), after the footer and before the header."""
    pdf = Pdf(doc.title)
    fonts, faces = standard_fonts(pdf)
    lines = typeset(doc, faces[True], width=150, left=50, size=10, top=530)[0]
    header, footer, lines = lines[0], lines[-1], lines[1:-1]
    half = next(i for i, l in enumerate(lines) if l.text == "Wat weten wij niet")
    drop = lines[1].y - lines[half].y
    for l in lines[half:]:
        l.x, l.y = 225, l.y + drop
    left, right = lines[:half], lines[half:]
    turns = [l for pair in zip(left, right + [None] * len(left)) for l in pair if l] + right[len(left):]
    pdf.page(pdf.stream(page_content([footer, *turns, header], faces)), fonts)
    return pdf.finish(), expected(doc)


def eigen_operatoren(doc, work):
    """Less common ways to draw: the operators ' and ", octal escapes, strings broken over lines, hexadecimal strings with
    spaces, bold made by drawing twice, an inline image whose bytes look like text, ActualText over a broken word,
    comments, and a page that inherits its resources and size from two levels up."""
    pdf = Pdf(doc.title)
    fonts, faces = standard_fonts(pdf)
    face = faces[False]
    lines = typeset(doc, face)[0]
    out = [b"% koptekst, twee keer getekend", b"BT /F1 16.5 Tf 50 530 Td"]
    title = literal(face.encode(lines[0].text))
    out += [title + b" Tj", b"0.4 0 Td", title + b" Tj ET"]
    out += [b"q 8 0 0 8 390 528 cm BI /W 8 /H 8 /BPC 8 /CS /G ID " + b"BT (nee) Tj ET Q EIx".ljust(64, b"x") + b"\nEI Q"]
    out += [b"BT /F1 11 Tf 1 0 0 1 50 %.2f Tm 15.4 TL" % (lines[1].y + 15.4)]
    above = lines[1].y + 15.4
    for index, l in enumerate(lines[1:]):
        if above - l.y > 16:
            out.append(b"0 %.2f Td" % -(above - l.y - 15.4))
        above = l.y
        data = face.encode(l.text)
        word = b"ondersteuning"
        if word in data:
            before, after = data.split(word)
            out.append(literal(before) + b" '")
            out.append(b"/Span << /ActualText (%s) >> BDC (onder-) Tj 0 -15.4 Td (steuning) Tj EMC" % word)
            out.append(literal(after) + b" Tj")
            above -= 15.4
            for later in lines[1:][index + 1:]:
                later.y -= 15.4
        elif index % 4 == 0:
            out.append(b"(" + b"".join(b"\\%03o" % c if c > 126 or c in b"()\\" else bytes([c]) for c in data) + b") '")
        elif index % 4 == 1:
            half = len(data) // 2
            text = literal(data[:half])[:-1] + b"\\\n" + literal(data[half:])[1:]
            out.append(b"0.5 0.05 " + text + b' " 0 Tw 0 Tc')
        elif index % 4 == 2:
            out.append(b"T* <" + b" ".join(data[i:i + 5].hex().encode() for i in range(0, len(data), 5)) + b"> Tj % regel")
        else:
            balanced = data.count(b"(") == data.count(b")") and b"\\" not in data
            out.append((b"(" + data + b")" if balanced else literal(data)) + b" '")
    content = pdf.stream(b"\n".join([*out, b"ET", b""]))
    middle = pdf.add(b"")
    page = pdf.add(b"<< /Type /Page /Parent %d 0 R /Contents %d 0 R >>" % (middle, content))
    pdf.objects[middle - 1] = (b"<< /Type /Pages /Parent 2 0 R /Count 1 /Kids [%d 0 R] /MediaBox [0 0 420 595] /Resources << %s >> >>" % (page, fonts))
    pdf.kids.append(middle)
    return pdf.finish(), expected(doc)


def eigen_gemengd(doc, work):
    """Page 2 is a picture only."""
    image, _ = picture(doc, 1, work, 90)
    jpeg = io.BytesIO()
    image.save(jpeg, "JPEG", quality=40)
    pdf = Pdf(doc.title)
    fonts, faces = standard_fonts(pdf)
    for index, lines in enumerate(typeset(doc, faces[True])):
        if index == 1:
            number = pdf.stream(jpeg.getvalue(), b"/Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceGray /BitsPerComponent 8 "
                                b"/Filter /DCTDecode" % image.size, compress=False)
            pdf.page(pdf.stream(b"q 420 0 0 298 0 290 cm /Im1 Do Q\n"), b"/XObject << /Im1 %d 0 R >>" % number)
        else:
            pdf.page(pdf.stream(page_content(lines, faces)), fonts)
    return pdf.finish(), expected(doc)


def eigen_scan_met_tekstlaag(doc, work):
    """A picture of the page, and over it the words as invisible text, each placed apart (as text recognition does)."""
    image, lines = picture(doc, 0, work, 110, size=(420, 298))
    bits = image.point(lambda v: 255 if v > 150 else 0).convert("1")
    pdf = Pdf(doc.title)
    fonts, faces = standard_fonts(pdf, "Times-Roman")
    number = pdf.stream(bits.tobytes(), b"/Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceGray /BitsPerComponent 1" % bits.size)
    out = [b"q 420 0 0 298 0 0 cm /Im1 Do Q", b"BT 3 Tr"]
    for l in lines:
        face, x = faces[False], l.x
        for word in l.text.split(" "):
            wish = faces[l.bold].width(word, l.size)
            out.append(b"/F1 %.1f Tf %.2f Tz 1 0 0 1 %.2f %.2f Tm %s Tj"
                       % (l.size, 100 * wish / face.width(word, l.size), x, l.y, literal(face.encode(word + " "))))
            x += faces[l.bold].width(word + " ", l.size)
    pdf.page(pdf.stream(b"\n".join([*out, b"ET", b""])), fonts + b" /XObject << /Im1 %d 0 R >>" % number, size=(420, 298))
    return pdf.finish(), expected(doc)


def eigen_onleesbaar(doc, work):
    """Looks right on screen, but nothing says which letter a code stands for."""
    path = LIBERATION + "Serif-Regular.ttf"
    seen = list(dict.fromkeys("".join(b.text for page in doc.pages for b in page)))
    letters = sorted(seen, key=lambda c: hashlib.md5(c.encode()).digest())
    pdf = Pdf(doc.title)
    number, codes = cff_font(pdf, path, letters, {c: "g%02d" % (i + 1) for i, c in enumerate(letters)}, 33)
    face = Face("/F1", widths_of(path), codes)
    for lines in typeset(doc, face):
        pdf.page(pdf.stream(page_content(lines, {False: face, True: face})), b"/Font << /F1 %d 0 R >>" % number)
    return pdf.finish(), expected(doc)


def eigen_rommel_vooraf(doc, work):
    """Mail headers before the PDF, so that every offset is off by their length; an empty page in the middle."""
    pdf = Pdf(doc.title)
    fonts, faces = standard_fonts(pdf)
    for lines in typeset(doc, faces[True]):
        pdf.page(pdf.stream(page_content(lines, faces)) if lines else None, fonts)
    junk = b"Content-Type: application/pdf; name=bericht.pdf\r\nContent-Transfer-Encoding: binary\r\nX-Bijlage: 1 van 1\r\n\r\n"
    return junk + pdf.finish() + b"\r\n--einde--\r\n", expected(doc)


def eigen_xref_fout(doc, work):
    return plain_pdf(doc, shift=17, start_shift=-40), expected(doc)


def eigen_afgebroken(doc, work):
    """Cut off halfway the content of page 2, as a broken copy is: no index, no end."""
    pdf = Pdf(doc.title)
    fonts, faces = standard_fonts(pdf)
    pages = typeset(doc, faces[True])
    first = pdf.stream(page_content(pages[0], faces))
    pdf.page(first, fonts)
    pdf.kids.append(len(pdf.objects) + 1)
    pdf.add(b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 420 595] /Resources << %s >> /Contents [%d 0 R] >>" % (fonts, len(pdf.objects) + 2))
    pdf.stream(page_content(pages[1], faces))
    data = pdf.finish()
    end = data.rindex(b"endstream")
    begin = data.rindex(b"stream\n", 0, end)
    return data[:(begin + end) // 2], expected(doc)


def pillow_fax(doc, work):
    image, _ = picture(doc, 0, work, 130, size=(420, 240))
    when = time.gmtime(calendar.timegm((*DAY, 12, 0, 0)))
    out = io.BytesIO()
    bits = image.point(lambda v: 255 if v > 150 else 0).convert("1")
    bits.save(out, "PDF", resolution=130.0, author=AUTHOR, title=doc.title, creationDate=when, modDate=when)
    return out.getvalue(), expected(doc)


# ---------------------------------------------------------------- list of files

FILES = [  # name, producer, pages, status, features
    ("pdfkit-groepsverslag", "pdfkit", 2, "ok", ["two columns", "hard hyphens", "justified", "letter-spaced headings", "header and footer", "page numbers", "typographic quotes"]),
    ("pdfkit-veiligheidsplan", "pdfkit", 1, "ok", ["owner password only", "AES-128", "Identity-H with ToUnicode", "bullets", "footer"]),
    ("pdf-lib-aanmeldformulier", "pdf-lib", 1, "ok", ["AcroForm with appearances", "text field", "check box", "radio", "choice"]),
    ("pdf-lib-screening", "pdf-lib", 1, "ok", ["AcroForm without appearances", "text field", "check box", "radio", "choice", "object streams"]),
    ("jspdf-verzuimbrief", "jspdf", 1, "ok", ["table with wrapped cells", "WinAnsi", "header and footer", "page numbers"]),
    ("jspdf-tijdlijn", "jspdf", 1, "ok", ["time line", "table", "Identity-H with ToUnicode", "rotated text"]),
    ("pymupdf-politiemutatie", "PyMuPDF insert_text", 2, "ok", ["Rotate 90", "Rotate 270", "footer", "page numbers"]),
    ("pymupdf-evaluatie", "PyMuPDF insert_htmlbox", 1, "ok", ["annotations FreeText, Text, Highlight", "ligatures", "justified", "header and footer"]),
    ("pymupdf-aanvulling", "PyMuPDF", 1, "ok", ["incremental update"]),
    ("xhtml2pdf-intake", "xhtml2pdf", 2, "ok", ["table with wrapped cells", "header and footer", "page numbers"]),
    ("pikepdf-brief", "pikepdf", 1, "ok", ["object streams", "content in several streams", "WinAnsi"]),
    ("matplotlib-verzuimgrafiek", "matplotlib", 1, "ok", ["Type 3 font", "chart", "accents"]),
    ("matplotlib-leefgroep", "matplotlib", 1, "ok", ["Type 42 font", "Identity-H with ToUnicode", "chart", "accents"]),
    ("wkhtmltopdf-signalenlijst", "wkhtmltopdf", 1, "ok", ["tick box glyphs", "table with wrapped cells", "letter-spaced headings"]),
    ("pango-mailwisseling", "pango/cairo", 1, "ok", ["e-mail print", "justified", "per-word positions"]),
    ("paps-dagrapportage", "paps + ghostscript", 1, "needs_ocr", ["text drawn as outlines", "no image"]),
    ("enscript-dienstoverdracht", "enscript + ghostscript", 1, "ok", ["two columns", "turned page", "Latin-1", "header", "monospaced"]),
    ("lualatex-onderzoek", "LuaLaTeX", 1, "ok", ["two columns", "hard hyphens", "ligatures", "justified", "header and footer", "page numbers"]),
    ("xelatex-observatie", "XeLaTeX (xdvipdfmx)", 1, "ok", ["very small text", "dashes", "low quotes", "hard hyphens"]),
    ("dvipdfmx-verslag", "LaTeX + dvipdfmx", 1, "ok", ["accents drawn apart (OT1)", "ligatures", "Type 1C font", "hard hyphens"]),
    ("fop-jeugdhulpplan", "Apache FOP", 2, "ok", ["table with wrapped and hyphenated cells", "hard hyphens", "letter-spaced headings", "Identity-H with ToUnicode", "header and footer", "page numbers"]),
    ("prawn-verzuimtabel", "Prawn", 1, "ok", ["table of absences", "empty cells", "TJ kerning", "letter-spaced headings", "landscape", "footer"]),
    ("tcpdf-vragenlijst", "TCPDF", 1, "ok", ["tick marks from ZapfDingbats", "justified by word space", "header and footer", "page numbers"]),
    ("mutool-html", "mutool convert", 1, "ok", ["bullets", "CID font", "HTML"]),
    ("mutool-hexadecimaal", "mutool clean", 1, "ok", ["ASCIIHex", "WinAnsi"]),
    ("qpdf-objectstromen", "qpdf", 2, "ok", ["object streams", "cross-reference stream", "linearised", "footer", "page numbers"]),
    ("qpdf-eigenaar-rc4", "qpdf", 1, "ok", ["owner password only", "RC4-128"]),
    ("qpdf-eigenaar-aes256", "qpdf", 1, "ok", ["owner password only", "AES-256"]),
    ("qpdf-wachtwoord", "qpdf", 1, "encrypted", ["user password", "AES-256"]),
    ("eigen-type3", "own bytes", 1, "ok", ["Type 3 font with ToUnicode", "meaningless glyph names", "ligatures"]),
    ("eigen-type3-namen", "own bytes", 1, "ok", ["Type 3 font without ToUnicode", "Differences without ToUnicode", "footer", "page numbers"]),
    ("eigen-losse-accenten", "own bytes", 1, "ok", ["combining accents", "Identity-H with ToUnicode"]),
    ("eigen-macroman", "own bytes", 1, "ok", ["MacRoman", "form XObject inside form XObject", "accents", "header and footer"]),
    ("eigen-differences", "own bytes", 1, "ok", ["Differences without ToUnicode", "Type 1C font", "ligatures", "accents"]),
    ("eigen-letterposities", "own bytes", 1, "ok", ["per-glyph positions", "TJ without spaces", "justified", "hard hyphens", "letter-spaced headings", "header and footer"]),
    ("eigen-zacht-koppelteken", "own bytes", 1, "ok", ["soft hyphens", "narrow column"]),
    ("eigen-filters", "own bytes", 2, "ok", ["ASCII85", "LZW", "ASCIIHex", "RunLength", "PNG predictor", "Identity-H with ToUnicode", "content in several streams"]),
    ("eigen-tekenvolgorde", "own bytes", 1, "ok", ["two columns", "drawing order is not reading order", "header and footer", "page numbers"]),
    ("eigen-operatoren", "own bytes", 1, "ok", ["octal escapes", "quote operators", "hexadecimal strings", "inline image", "ActualText", "bold drawn twice", "inherited resources"]),
    ("eigen-gemengd", "own bytes", 3, "partly", ["image-only page between text pages"]),
    ("eigen-scan-met-tekstlaag", "own bytes", 1, "ok", ["invisible text over an image"]),
    ("eigen-onleesbaar", "own bytes", 1, "garbled", ["meaningless glyph names", "no ToUnicode"]),
    ("eigen-rommel-vooraf", "own bytes", 3, "ok", ["junk before the header", "empty page"]),
    ("eigen-xref-fout", "own bytes", 1, "ok", ["wrong cross-reference offsets"]),
    ("eigen-afgebroken", "own bytes", 2, "damaged", ["truncated"]),
    ("pillow-fax", "Pillow", 1, "needs_ocr", ["image only", "fax"]),
]
PASSWORDS = {"qpdf-wachtwoord": PASSWORD}
AS_MADE = {"pdfkit-veiligheidsplan", "qpdf-eigenaar-rc4", "qpdf-eigenaar-aes256", "qpdf-wachtwoord"}  # an encrypted file's id is part of its key


def check(parts):
    """Share of the words of each text that pdftotext finds in the PDF, and how much of their order it keeps."""
    import collections
    import difflib

    for name, producer, pages, status, _ in FILES:
        if parts and not any(p in name for p in parts):
            continue
        path, password = HERE / (name + ".pdf"), PASSWORDS.get(name)
        command = ["pdftotext", "-enc", "UTF-8", *(["-upw", password] if password else []), path, "-"]
        found = subprocess.run(command, capture_output=True).stdout.decode(errors="replace")
        info = subprocess.run(["pdfinfo", *(["-upw", password] if password else []), path], capture_output=True).stdout.decode(errors="replace")
        count = re.search(r"Pages:\s+(\d+)", info)
        found = unicodedata.normalize("NFKC", found)
        want = re.findall(r"\w+", (HERE / (name + ".txt")).read_text(encoding="utf-8"))
        joined = re.findall(r"\w+", re.sub(r"(?:-|\u00ad)\s*\n\s*", "", found))
        have = collections.Counter(joined) | collections.Counter(re.findall(r"\w+", found))
        missed = collections.Counter(want) - have
        order = difflib.SequenceMatcher(None, want, joined, autojunk=False).ratio()
        print(f"{name:28} {status:10} {path.stat().st_size:6} bytes  pages {count and count[1]}/{pages}  recall {1 - sum(missed.values()) / len(want):.3f}"
              f"  order {order:.3f}  missed {' '.join(list(missed)[:8])}")


def main():
    os.environ.update({"SOURCE_DATE_EPOCH": str(calendar.timegm((*DAY, 12, 0, 0))), "TZ": "UTC", "FORCE_SOURCE_DATE": "1"})
    if sys.argv[1:2] == ["check"]:
        return check(sys.argv[2:])
    for name, producer, pages, status, features in FILES:
        if sys.argv[1:] and not any(part in name for part in sys.argv[1:]):
            continue
        maker = globals()[name.replace("-", "_")]
        with tempfile.TemporaryDirectory() as work:
            data, text = maker(load(name), pathlib.Path(work))
        if name not in AS_MADE:
            data = settle(data, name)
        (HERE / (name + ".pdf")).write_bytes(data)
        (HERE / (name + ".txt")).write_text(text, encoding="utf-8")
        print(f"{name}.pdf  {producer}  {len(data)} bytes")
    entries = [{"path": name + ".pdf", "producer": producer, "text": name + ".txt", "pages": pages, "features": features,
                "status": status, "password": PASSWORDS.get(name)} for name, producer, pages, status, features in FILES]
    body = ",\n".join("  " + json.dumps(e, ensure_ascii=False) for e in entries)
    (HERE / "manifest.json").write_text('{"files": [\n' + body + "\n]}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
