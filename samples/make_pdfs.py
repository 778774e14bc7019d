#!/usr/bin/env python3
"""Remake every PDF of samples/dossiers/ from samples/sources/.

Debian/Ubuntu packages (apt-get install --no-install-recommends):
    libreoffice-writer chromium groff ghostscript qpdf poppler-utils lmodern
    texlive-latex-base texlive-lang-european fonts-dejavu-core fonts-liberation
    libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0
Python packages (pip install):
    weasyprint reportlab fpdf2 typst pillow

Usage: python3 make_pdfs.py [part of a name ...]

Dates and file identifiers are fixed, so a second run on the same machine gives the
same bytes for all but versleuteld.pdf (its keys are random). Other versions of the
packages may lay out lines differently; the text stays the same.
"""
import calendar
import datetime
import hashlib
import json
import os
import pathlib
import random
import re
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
SOURCES = HERE / "sources"
DOSSIERS = HERE / "dossiers"
DEJAVU = "/usr/share/fonts/truetype/dejavu/DejaVuSans%s.ttf"
PASSWORD = "zomer-2024"

PDFS = [
    # dossier, source, producer
    ("d01-noor", "2024-03-28-behandelplan.fodt", "libreoffice"),
    ("d01-noor", "2024-06-18-raadsrapport.html", "chromium"),
    ("d02-yara", "2023-10-12-psychologisch-onderzoek.tex", "pdflatex"),
    ("d02-yara", "2024-02-20-mdo-verslag.html", "weasyprint"),
    ("d03-milan", "2024-05-14-politiemutatie.ms", "groff-pdf"),
    ("d03-milan", "2024-06-03-raadsrapport.html", "chromium"),
    ("d04-lieke", "2024-04-09-signalenlijst.html", "weasyprint"),
    ("d05-fleur", "2023-12-05-overlegverslag.json", "reportlab"),
    ("d06-ayoub", "2024-01-22-intakebrief.json", "fpdf2"),
    ("d07-femke", "2022-09-15-behandelplan.typ", "typst"),
    ("d08-jesse", "2024-03-05-verzuimoverzicht.json", "reportlab"),
    ("d10-eva", "2024-04-18-stageverslag.fodt", "libreoffice"),
    ("d11-thijs", "2023-05-25-gezinsplan.typ", "typst"),
    ("d12-roos", "2024-01-30-voorlichting-handout.json", "fpdf2"),
    ("d13-wendy-2004", "2004-11-08-onderzoeksrapport.ms", "groff-ps"),
    ("d05-fleur", "gescand.html", "scan"),
    ("d09-dilara", "versleuteld.html", "locked"),
    ("d08-jesse", "2024-03-05-verzuimoverzicht.json", "cut"),
]


def run(*command, **options):
    done = subprocess.run([str(c) for c in command], capture_output=True, **options)
    if done.returncode:
        sys.exit(f"{command[0]} failed: {done.stderr.decode(errors='replace')[-800:]}")
    return done.stdout


def moment(name):
    """Noon of the date in the file name, or of a fixed day."""
    found = re.match(r"(\d{4})-(\d\d)-(\d\d)", name)
    return tuple(map(int, found.groups())) if found else (2024, 1, 15)


def settle(data, name):
    """Give dates and identifiers of a finished PDF fixed values of the same length."""
    day = ("%04d%02d%02d120000" % moment(name)).encode()
    data = re.sub(rb"(Date\s*\(D:)\d{14}", lambda m: m[1] + day, data)
    digest = hashlib.md5(name.encode()).hexdigest()

    def same_case(match):
        text = match[2].decode()
        return match[1] + (digest.upper() if text.upper() == text else digest).encode()

    data = re.sub(rb"(/ID\s*\[\s*<)([0-9A-Fa-f]{32})(?=>)", same_case, data)
    data = re.sub(rb"(/ID\s*\[\s*<[0-9A-Fa-f]{32}>\s*<)([0-9A-Fa-f]{32})(?=>)", same_case, data)
    return re.sub(rb"(/DocChecksum\s*/)([0-9A-F]{32})", same_case, data)


def weasyprint_pdf(source, work):
    import weasyprint

    return weasyprint.HTML(str(source)).write_pdf()


def chromium_pdf(source, work):
    out = work / "out.pdf"
    run("chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer",
        f"--user-data-dir={work}/profile", f"--print-to-pdf={out}", source.as_uri())
    return out.read_bytes()


def libreoffice_pdf(source, work):
    run("soffice", f"-env:UserInstallation={(work / 'profile').as_uri()}", "--headless",
        "--convert-to", "pdf", "--outdir", work, source)
    return (work / (source.stem + ".pdf")).read_bytes()


def typst_pdf(source, work):
    import typst

    return typst.compile(str(source))


def pdflatex_pdf(source, work):
    for _ in range(2):
        run("pdflatex", "-interaction=batchmode", f"-output-directory={work}", source, cwd=work)
    return (work / (source.stem + ".pdf")).read_bytes()


def groff_pdf(source, work):
    return run("groff", "-Kutf8", "-ms", "-P-pa4", "-Tpdf", source)


def groff_ps_pdf(source, work):
    page = work / "page.ps"
    page.write_bytes(run("groff", "-Kutf8", "-ms", "-P-pa4", "-Tps", source))
    run("ps2pdf", "-sPAPERSIZE=a4", page, work / "out.pdf")
    return (work / "out.pdf").read_bytes()


def reportlab_pdf(source, work):
    from reportlab import rl_config
    rl_config.invariant = 1
    from reportlab.lib import colors
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.lib.units import mm
    from reportlab.platypus import Paragraph, SimpleDocTemplate, Table, TableStyle
    from xml.sax.saxutils import escape

    data = json.loads(source.read_text(encoding="utf-8"))
    body = ParagraphStyle("body", fontName="Helvetica", fontSize=11, leading=16, spaceAfter=5)
    styles = {
        "title": ParagraphStyle("title", body, fontName="Helvetica-Bold", fontSize=18, leading=24),
        "heading": ParagraphStyle("heading", body, fontName="Helvetica-Bold", fontSize=12.5, spaceBefore=9,
                                  keepWithNext=1),
        "bullet": ParagraphStyle("bullet", body, leftIndent=14, bulletIndent=3),
        "paragraph": body,
    }
    cell = ParagraphStyle("cell", body, fontSize=10, leading=13, spaceAfter=0)
    flow = []
    for block in data["blocks"]:
        if block["kind"] == "table":
            rows = [[Paragraph(escape(c), cell) for c in row] for row in block["rows"]]
            table = Table(rows, hAlign="LEFT", colWidths=[165 * mm / len(rows[0])] * len(rows[0]))
            table.setStyle(TableStyle([("GRID", (0, 0), (-1, -1), 0.5, colors.grey),
                                       ("BACKGROUND", (0, 0), (-1, 0), colors.HexColor("#e9e9e9")),
                                       ("VALIGN", (0, 0), (-1, -1), "TOP")]))
            flow.append(table)
        else:
            bullet = "\u2022" if block["kind"] == "bullet" else None
            flow.append(Paragraph(escape(block["text"]), styles[block["kind"]], bulletText=bullet))

    def frame(canvas, doc):
        canvas.setFont("Helvetica", 8.5)
        canvas.drawString(22 * mm, 284 * mm, data["header"])
        canvas.drawString(22 * mm, 12 * mm, f"{data['footer']} {doc.page}")

    out = work / "out.pdf"
    SimpleDocTemplate(str(out), pagesize=A4, leftMargin=22 * mm, rightMargin=22 * mm, topMargin=22 * mm,
                      bottomMargin=22 * mm, title=data["blocks"][0]["text"]).build(flow, frame, frame)
    return out.read_bytes()


def fpdf2_pdf(source, work):
    from fpdf import FPDF

    data = json.loads(source.read_text(encoding="utf-8"))

    class Page(FPDF):
        def header(self):
            self.set_font("dejavu", size=8)
            self.cell(0, 6, data["header"], align="R", new_x="LMARGIN", new_y="NEXT")
            self.ln(4)

        def footer(self):
            self.set_y(-16)
            self.set_font("dejavu", size=8)
            self.cell(0, 6, f"{data['footer']} {self.page_no()}", align="C")

    pdf = Page(format="A4")
    pdf.set_creation_date(datetime.datetime(*moment(source.name), 12, tzinfo=datetime.timezone.utc))
    pdf.add_font("dejavu", "", DEJAVU % "")
    pdf.add_font("dejavu", "B", DEJAVU % "-Bold")
    pdf.set_margins(22, 16, 22)
    pdf.set_auto_page_break(True, 22)
    pdf.add_page()
    for block in data["blocks"]:
        kind, text = block["kind"], block["text"]
        bold = kind in ("title", "heading")
        pdf.set_font("dejavu", "B" if bold else "", {"title": 16, "heading": 12}.get(kind, 10.5))
        if kind == "heading":
            pdf.ln(3)
        if kind == "bullet":
            pdf.set_x(26)
            text = "\u2022 " + text
        pdf.multi_cell(0, 9 if kind == "title" else 6.2, text, align="L", new_x="LMARGIN", new_y="NEXT")
        pdf.ln(1)
    return bytes(pdf.output())


def scan_pdf(source, work):
    """An image of a page, slightly askew and grainy, and no text."""
    from PIL import Image, ImageFilter

    (work / "page.pdf").write_bytes(weasyprint_pdf(source, work))
    run("pdftoppm", "-r", "100", "-gray", "-f", "1", "-l", "1", "-singlefile", work / "page.pdf", work / "page")
    page = Image.open(work / "page.pgm").convert("L")
    page = page.rotate(0.7, resample=Image.Resampling.BICUBIC, fillcolor=250)
    page = page.filter(ImageFilter.GaussianBlur(0.5))
    grain = random.Random(7)
    noise = Image.frombytes("L", page.size, bytes(grain.randrange(40) for _ in range(page.width * page.height)))
    page = Image.blend(page, noise.point(lambda v: 215 + v), 0.18)
    when = time.gmtime(calendar.timegm((2024, 1, 15, 12, 0, 0)))
    page.save(work / "out.pdf", resolution=100.0, quality=45, creationDate=when, modDate=when)
    return (work / "out.pdf").read_bytes()


def locked_pdf(source, work):
    (work / "open.pdf").write_bytes(weasyprint_pdf(source, work))
    run("qpdf", "--encrypt", PASSWORD, PASSWORD + "-eigenaar", "256", "--", work / "open.pdf", work / "out.pdf")
    return (work / "out.pdf").read_bytes()


def cut_pdf(source, work):
    """The first 700 bytes of a good file: objects, but no page content and no index."""
    return reportlab_pdf(source, work)[:700]


MAKERS = {
    "chromium": chromium_pdf, "cut": cut_pdf, "fpdf2": fpdf2_pdf, "groff-pdf": groff_pdf,
    "groff-ps": groff_ps_pdf, "libreoffice": libreoffice_pdf, "locked": locked_pdf,
    "pdflatex": pdflatex_pdf, "reportlab": reportlab_pdf, "scan": scan_pdf, "typst": typst_pdf,
    "weasyprint": weasyprint_pdf,
}
NAMES = {"scan": "gescand.pdf", "locked": "versleuteld.pdf", "cut": "beschadigd.pdf"}


def main():
    for dossier, source, producer in PDFS:
        path = SOURCES / source
        target = DOSSIERS / dossier / NAMES.get(producer, path.stem + ".pdf")
        if sys.argv[1:] and not any(part in target.name for part in sys.argv[1:]):
            continue
        os.environ["SOURCE_DATE_EPOCH"] = str(calendar.timegm((*moment(source), 12, 0, 0)))
        os.environ["TZ"] = "UTC"
        with tempfile.TemporaryDirectory() as work:
            data = MAKERS[producer](path, pathlib.Path(work))
        if producer not in ("locked", "cut"):
            data = settle(data, source)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
        print(f"{target.relative_to(HERE)}  {producer}  {len(data)} bytes")


if __name__ == "__main__":
    main()
