#!/usr/bin/env python3
"""Remake every file of samples/formats/ from samples/formats/sources/, with the text beside each.

Debian packages (apt-get install --no-install-recommends):
    libreoffice-writer-nogui libreoffice-calc-nogui abiword pandoc mutt s-nail zip 7zip gnumeric faketime nodejs npm
    and for `check`: poppler-utils catdoc
Python packages (pip install):
    python-docx openpyxl xlsxwriter pandas xlwt odfpy msgforge aspose-email-foss
    and for `check`: extract-msg xlrd
Node packages (npm install --prefix DIR, then set NODE_PATH=DIR/node_modules):
    docx @tutao/oxmsg

Usage: python3 make.py [part of a name ...]     remake all, or the files with that in their name
       python3 make.py check [part ...]         compare the words that other programs read with the text

Sources, one kind an extension:
    NAME.src    a document, one block a line:
                # title   ## heading   - bullet   1. numbered   |cell|cell  table row (< joined left, ^ joined up)
                [x] ticked   [ ] not ticked   >> text box   === new section   @header text   @footer text ({n}: page)
                and in a line **bold** {+inserted+} {-deleted-} {^footnote^} {!comment!} U+21E5 tab U+23CE line end.
                For files whose marks are typed out (NAME.xml, NAME.rtf, NAME.html) and for plain text: the text itself.
    NAME.rows   an export: @kolommen with * after the column of the text, then `> cells` and the lines of the note
    NAME.mail   a message: @onderwerp, @datum, then the body

NAME.txt is made from the source, never from the file: the final view, so with insertions and without deletions.
Header, blocks, footer (section by section), then footnotes, then comments. Cells are separated by a tab, joined cells
told once, boxes are U+2612 when on and U+2610 when off, bullets are U+2022, list numbers are written out, the marks of
footnotes are left out. A mail is its subject and body. A table of notes is its notes, a blank line between. An archive
or mailbox is the texts of what it holds, a blank line between (the manifest names each under `documents`).

Dates are fixed. Bytes may differ between runs where a program draws random numbers or counts otherwise each time: the files
by AbiWord, the odt by LibreOffice, oxmsg, the encrypted archive, and what holds one of them.
"""
import base64
import collections
import csv
import dataclasses
import datetime
import email
import email.generator
import email.message
import email.policy
import email.utils
import getpass
import hashlib
import html
import io
import json
import mailbox
import os
import pathlib
import re
import struct
import subprocess
import sys
import tempfile
import time
import zipfile
import zlib

HERE = pathlib.Path(__file__).resolve().parent
SOURCES = HERE / "sources"
DAY = datetime.datetime(2024, 12, 20, 12, 0, 0)  # date of making, put in every file
AUTHOR = "signaalbril voorbeelden"
PASSWORD = "korenbloem-2024"
END = "(Verzonnen voorbeeldtekst.)"
STAMP = DAY.strftime("%Y-%m-%dT%H:%M:%S")


# ---------------------------------------------------------------- documents: sources and expected text

@dataclasses.dataclass
class Block:
    kind: str
    text: str = ""
    cells: list = None
    on: bool = False


@dataclasses.dataclass
class Section:
    blocks: list
    header: str = ""
    footer: str = ""


@dataclasses.dataclass
class Doc:
    name: str
    sections: list

    @property
    def blocks(self):
        return [b for s in self.sections for b in s.blocks]

    @property
    def title(self):
        return self.blocks[0].text


def load(name):
    return parse_doc(name, (SOURCES / (name + ".src")).read_text(encoding="utf-8"))


def parse_doc(name, text):
    doc = Doc(name, [Section([])])
    for line in text.splitlines():
        section = doc.sections[-1]
        if not line.strip():
            continue
        if line == "===":
            doc.sections.append(Section([]))
        elif line.startswith("@header "):
            section.header = line[8:]
        elif line.startswith("@footer "):
            section.footer = line[8:]
        elif line.startswith("# "):
            section.blocks.append(Block("title", line[2:]))
        elif line.startswith("## "):
            section.blocks.append(Block("heading", line[3:]))
        elif line.startswith("- "):
            section.blocks.append(Block("bullet", line[2:]))
        elif re.match(r"\d+\. ", line):
            section.blocks.append(Block("number", line.split(". ", 1)[1]))
        elif line.startswith(">> "):
            section.blocks.append(Block("box", line[3:]))
        elif line[:4] in ("[x] ", "[ ] "):
            section.blocks.append(Block("tick", line[4:], on=line[1] == "x"))
        elif line.startswith("|"):
            section.blocks.append(Block("row", cells=line[1:].split("|")))
        else:
            section.blocks.append(Block("par", line))
    return doc


PARTS = re.compile(r"\*\*(?P<bold>.+?)\*\*|\{\+(?P<ins>.+?)\+\}|\{-(?P<del>.+?)-\}|\{\^(?P<foot>.+?)\^\}|\{!(?P<note>.+?)!\}|(?P<tab>\u21e5)|(?P<br>\u23ce)")


def parts_of(line):
    """The pieces of a line: pairs of kind and text."""
    out, at = [], 0
    for m in PARTS.finditer(line):
        if m.start() > at:
            out.append(("text", line[at:m.start()]))
        out.append((m.lastgroup, m[m.lastgroup]))
        at = m.end()
    if at < len(line):
        out.append(("text", line[at:]))
    return out


SHOWN = {"text", "bold", "ins"}


def shown(line):
    return "".join("\t" if k == "tab" else "\n" if k == "br" else t if k in SHOWN else "" for k, t in parts_of(line))


def marks(doc, kind):
    return [t for b in doc.blocks for line in (b.cells or [b.text]) for k, t in parts_of(line) if k == kind]


def expected(doc, furniture=True, comments=True):
    """The text as a careful reader would type it over, one paragraph a line."""
    lines, number = [], 0
    for section in doc.sections:
        if furniture and section.header:
            lines.append(section.header)
        for b in section.blocks:
            number = number + 1 if b.kind == "number" else 0
            if b.kind == "row":
                lines.append("\t".join(shown(c) for c in b.cells if c not in ("<", "^")))
            elif b.kind == "tick":
                lines.append(("\u2612 " if b.on else "\u2610 ") + shown(b.text))
            elif b.kind == "bullet":
                lines.append("\u2022 " + shown(b.text))
            elif b.kind == "number":
                lines.append(f"{number}. {shown(b.text)}")
            else:
                lines.append(shown(b.text))
        if furniture and section.footer:
            lines.append(section.footer.replace("{n}", "1"))
    lines += marks(doc, "foot")
    if comments:
        lines += marks(doc, "note")
    return "\n".join(lines) + "\n"


def plain(name):
    return (SOURCES / (name + ".src")).read_text(encoding="utf-8")


def esc(text):
    return html.escape(text, quote=True)


def grouped(doc):
    """Blocks, with the rows of one table and the items of one list together."""
    out = []
    for b in doc.blocks:
        if b.kind in ("row", "bullet", "number") and out and out[-1][0] == b.kind:
            out[-1][1].append(b)
        else:
            out.append((b.kind, [b]))
    return out


# ---------------------------------------------------------------- tools

def run(*command, **options):
    done = subprocess.run([str(c) for c in command], capture_output=True, **options)
    if done.returncode:
        sys.exit(f"{command[0]} failed: {(done.stderr + done.stdout).decode(errors='replace')[-1500:]}")
    return done.stdout


def soffice(data, suffix, to, work, stem="bron"):
    """What LibreOffice makes of a file; `to` may name a filter."""
    source = work / (stem + suffix)
    source.write_bytes(data)
    run("faketime", "-f", DAY.strftime("@%Y-%m-%d %H:%M:%S"), "soffice", "-env:UserInstallation=file:///tmp/signaalbril-lo", "--headless",
        *(["--infilter=CSV:59,34,76,1"] if suffix == ".csv" else []), "--convert-to", to, "--outdir", work / "out", source)
    return (work / "out" / f"{stem}.{to.split(':')[0]}").read_bytes()


def settle_zip(data):
    """The same archive (flags, order, extra fields, descriptors) with fixed times, also in its parts about the document."""
    stamp = (DAY.year - 1980) << 25 | DAY.month << 21 | DAY.day << 16 | DAY.hour << 11
    out, central = io.BytesIO(), []
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for info in archive.infolist():
            content = archive.read(info)
            if info.filename in ("docProps/core.xml", "meta.xml", "docProps/app.xml"):
                content = re.sub(rb"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?", STAMP.encode(), content)
                content = re.sub(rb"<(/?)(dc:description|dc:title|dc:subject|cp:keywords)>", rb"<\1\2>", content)
            packer = zlib.compressobj(9, zlib.DEFLATED, -15)
            packed = content if info.compress_type == 0 else packer.compress(content) + packer.flush()
            crc, sizes = zlib.crc32(content), (len(packed), len(content))
            name = info.filename.encode("utf-8" if info.flag_bits & 0x800 else "cp437")
            at = out.tell()
            late = info.flag_bits & 8
            head = struct.pack("<HHHIIIIHH", max(info.extract_version, 20), info.flag_bits, info.compress_type, stamp,
                               0 if late else crc, 0 if late else sizes[0], 0 if late else sizes[1], len(name), 0)
            out.write(b"PK\3\4" + head + name + packed)
            if late:
                out.write(b"PK\7\10" + struct.pack("<III", crc, *sizes))
            central.append(b"PK\1\2" + struct.pack("<BBHHHIIIIHHHHHII", max(info.create_version, 20), info.create_system, max(info.extract_version, 20),
                                                   info.flag_bits, info.compress_type, stamp, crc, *sizes, len(name), 0, 0, 0, 0, info.external_attr, at) + name)
        start, count = out.tell(), len(central)
    for entry in central:
        out.write(entry)
    out.write(b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, count, count, out.tell() - start, start, 0))
    return out.getvalue()


# ---------------------------------------------------------------- LibreOffice: flat ODF as its source

SPACES = " ".join(f'xmlns:{k}="urn:oasis:names:tc:opendocument:xmlns:{v}:1.0"' for k, v in {
    "office": "office", "text": "text", "table": "table", "style": "style", "draw": "drawing", "meta": "meta"}.items()) + \
    ' xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0"' \
    ' xmlns:dc="http://purl.org/dc/elements/1.1/"'
STYLES = """<office:styles><style:default-style style:family="paragraph"><style:text-properties fo:language="nl" fo:country="NL" fo:font-size="11pt"/></style:default-style>
<style:style style:name="Standard" style:family="paragraph" style:class="text"/>
<style:style style:name="Heading" style:family="paragraph" style:parent-style-name="Standard"/>
<style:style style:name="Heading_20_1" style:display-name="Heading 1" style:family="paragraph" style:parent-style-name="Heading" style:default-outline-level="1"><style:text-properties fo:font-weight="bold" fo:font-size="16pt"/></style:style>
<style:style style:name="Heading_20_2" style:display-name="Heading 2" style:family="paragraph" style:parent-style-name="Heading" style:default-outline-level="2"><style:text-properties fo:font-weight="bold" fo:font-size="13pt"/></style:style>
</office:styles><office:automatic-styles>
<style:style style:name="T1" style:family="text"><style:text-properties fo:font-weight="bold"/></style:style>
<style:style style:name="fr1" style:family="graphic"><style:graphic-properties style:wrap="parallel" style:horizontal-pos="right" style:horizontal-rel="paragraph" fo:border="0.5pt solid #000000"/></style:style>
<text:list-style style:name="L1"><text:list-level-style-bullet text:level="1" text:bullet-char="&#8226;"><style:list-level-properties text:space-before="0.6cm" text:min-label-width="0.6cm"/></text:list-level-style-bullet></text:list-style>
<text:list-style style:name="L2"><text:list-level-style-number text:level="1" style:num-suffix="." style:num-format="1"><style:list-level-properties text:space-before="0.6cm" text:min-label-width="0.6cm"/></text:list-level-style-number></text:list-style>
<style:page-layout style:name="pm1"><style:page-layout-properties fo:page-width="21cm" fo:page-height="29.7cm" fo:margin="2cm"/><style:header-style/><style:footer-style/></style:page-layout>
</office:automatic-styles>"""


def odf_text(text):
    """Characters of a text paragraph: runs of spaces as text:s."""
    return re.sub(r" ( +)", lambda m: f' <text:s text:c="{len(m[1])}"/>', esc(text))


def fodt(doc):
    changes, count = [], collections.Counter()

    def line(text):
        out = []
        for kind, t in parts_of(text):
            if kind in ("ins", "del"):
                mark = f"ct{len(changes) + 1}"
                tag = "insertion" if kind == "ins" else "deletion"
                gone = f"<text:p>{odf_text(t)}</text:p>" if kind == "del" else ""
                changes.append(f'<text:changed-region xml:id="{mark}" text:id="{mark}"><text:{tag}><office:change-info><dc:creator>{AUTHOR}</dc:creator>'
                               f"<dc:date>2024-05-15T09:00:00</dc:date></office:change-info>{gone}</text:{tag}></text:changed-region>")
                out.append(f'<text:change-start text:change-id="{mark}"/>{odf_text(t)}<text:change-end text:change-id="{mark}"/>' if kind == "ins"
                           else f'<text:change text:change-id="{mark}"/>')
            elif kind == "foot":
                count["foot"] += 1
                out.append(f'<text:note text:id="ftn{count["foot"]}" text:note-class="footnote"><text:note-citation>{count["foot"]}</text:note-citation>'
                           f"<text:note-body><text:p>{odf_text(t)}</text:p></text:note-body></text:note>")
            elif kind == "note":
                out.append(f"<office:annotation><dc:creator>{AUTHOR}</dc:creator><dc:date>2024-05-15T09:30:00</dc:date><text:p>{odf_text(t)}</text:p></office:annotation>")
            elif kind == "bold":
                out.append(f'<text:span text:style-name="T1">{odf_text(t)}</text:span>')
            else:
                out.append({"tab": "<text:tab/>", "br": "<text:line-break/>"}.get(kind) or odf_text(t))
        return "".join(out)

    body = []
    for kind, blocks in grouped(doc):
        if kind == "row":
            count["table"] += 1
            rows = "".join("<table:table-row>" + "".join(f'<table:table-cell office:value-type="string"><text:p>{line(c)}</text:p></table:table-cell>' for c in b.cells)
                           + "</table:table-row>" for b in blocks)
            body.append(f'<table:table table:name="Tabel{count["table"]}"><table:table-column table:number-columns-repeated="{len(blocks[0].cells)}"/>{rows}</table:table>')
        elif kind in ("bullet", "number"):
            items = "".join(f"<text:list-item><text:p>{line(b.text)}</text:p></text:list-item>" for b in blocks)
            body.append(f'<text:list text:style-name="{"L1" if kind == "bullet" else "L2"}">{items}</text:list>')
        elif kind == "box":
            body.append('<text:p><draw:frame draw:style-name="fr1" draw:name="Kader1" text:anchor-type="paragraph" svg:width="6cm"><draw:text-box fo:min-height="1cm">'
                        f"<text:p>{line(blocks[0].text)}</text:p></draw:text-box></draw:frame></text:p>")
        elif kind in ("title", "heading"):
            level = 1 if kind == "title" else 2
            body.append(f'<text:h text:style-name="Heading_20_{level}" text:outline-level="{level}">{line(blocks[0].text)}</text:h>')
        else:
            body.append(f"<text:p>{line(blocks[0].text)}</text:p>")
    furniture = "".join(f"<style:{tag}><text:p>{esc(text).replace('{n}', '<text:page-number text:select-page=%scurrent%s>1</text:page-number>' % (chr(34), chr(34)))}</text:p></style:{tag}>"
                        for tag, text in (("header", doc.sections[0].header), ("footer", doc.sections[0].footer)) if text)
    tracked = f"<text:tracked-changes>{''.join(changes)}</text:tracked-changes>" if changes else ""
    return (f'<?xml version="1.0" encoding="UTF-8"?>\n<office:document {SPACES} office:version="1.3" office:mimetype="application/vnd.oasis.opendocument.text">'
            f"<office:meta><dc:title>{esc(doc.title)}</dc:title><meta:initial-creator>{AUTHOR}</meta:initial-creator><dc:creator>{AUTHOR}</dc:creator>"
            f"<meta:creation-date>{STAMP}</meta:creation-date><dc:date>{STAMP}</dc:date></office:meta>{STYLES}"
            f'<office:master-styles><style:master-page style:name="Standard" style:page-layout-name="pm1">{furniture}</style:master-page></office:master-styles>'
            f"<office:body><office:text>{tracked}{''.join(body)}</office:text></office:body></office:document>").encode()


def by_libreoffice(name, to, work):
    return soffice(fodt(load(name)), ".fodt", to, work, stem=name)


def libreoffice_mdo_verslag(work):
    return settle_zip(by_libreoffice("libreoffice-mdo-verslag", "docx", work)), expected(load("libreoffice-mdo-verslag"))


def libreoffice_contactjournaal(work):
    return settle_zip(by_libreoffice("libreoffice-contactjournaal", "odt", work)), expected(load("libreoffice-contactjournaal"))


def libreoffice_intakebrief(work):
    return by_libreoffice("libreoffice-intakebrief", "rtf", work), expected(load("libreoffice-intakebrief"))


def libreoffice_observatie(work):
    return by_libreoffice("libreoffice-observatie", "html", work), expected(load("libreoffice-observatie"))


def libreoffice_telefoonnotitie(work):
    return by_libreoffice("libreoffice-telefoonnotitie", "doc", work), expected(load("libreoffice-telefoonnotitie"))


# ---------------------------------------------------------------- pandoc and AbiWord

def markdown(doc):
    notes = []

    def line(text):
        out = ""
        for kind, t in parts_of(text):
            if kind == "foot":
                notes.append(t)
                out += f"[^{len(notes)}]"
            else:
                out += f"**{t}**" if kind == "bold" else t
        return out

    out = []
    for kind, blocks in grouped(doc):
        if kind == "row":
            rows = ["| " + " | ".join(line(c) for c in b.cells) + " |" for b in blocks]
            rows.insert(1, "|" + "---|" * len(blocks[0].cells))
            out.append("\n".join(rows))
        elif kind in ("bullet", "number"):
            out.append("\n".join(f"{'-' if kind == 'bullet' else f'{i}.'} {line(b.text)}" for i, b in enumerate(blocks, 1)))
        else:
            out.append({"title": "# ", "heading": "## "}.get(kind, "") + line(blocks[0].text))
    return "\n\n".join(out + [f"[^{i}]: {t}" for i, t in enumerate(notes, 1)]) + "\n"


def by_pandoc(name, suffix, work):
    doc, out = load(name), work / ("out" + suffix)
    run("pandoc", "-f", "markdown-smart", "-s", "-M", f"author-meta={AUTHOR}", "-M", f"pagetitle={doc.title}", "-M", "lang=nl", "-o", out, input=markdown(doc).encode())
    return out.read_bytes(), expected(doc)


def pandoc_hulpverleningsplan(work):
    data, text = by_pandoc("pandoc-hulpverleningsplan", ".docx", work)
    return settle_zip(data), text


def pandoc_gezinsplan(work):
    data, text = by_pandoc("pandoc-gezinsplan", ".odt", work)
    return settle_zip(data), text


def pandoc_schoolverslag(work):
    return by_pandoc("pandoc-schoolverslag", ".rtf", work)


def pandoc_signalering(work):
    return by_pandoc("pandoc-signalering", ".html", work)


def abw(doc):
    count = collections.Counter()

    def line(text):
        out = ""
        for kind, t in parts_of(text):
            if kind == "foot":
                n = count["foot"]
                count["foot"] += 1
                out += (f'<field type="footnote_ref" footnote-id="{n}"></field><foot footnote-id="{n}"><p style="Normal"><field type="footnote_anchor" footnote-id="{n}"></field>'
                        f"<c> {esc(t)}</c></p></foot>")
            else:
                out += f'<c props="font-weight:bold">{esc(t)}</c>' if kind == "bold" else f"<c>{esc(t)}</c>"
        return out

    body = ""
    for kind, blocks in grouped(doc):
        if kind == "row":
            cells = "".join(f'<cell props="left-attach:{x}; right-attach:{x + 1}; top-attach:{y}; bot-attach:{y + 1}"><p style="Normal">{line(c)}</p></cell>'
                            for y, b in enumerate(blocks) for x, c in enumerate(b.cells))
            body += f"<table>{cells}</table>"
        else:
            style = {"title": "Heading 1", "heading": "Heading 2"}.get(kind, "Normal")
            body += f'<p style="{style}">{line(blocks[0].text)}</p>'
    return (f'<?xml version="1.0" encoding="UTF-8"?>\n<abiword template="false" styles="unlocked" fileformat="1.1" version="3.0.5" xmlns="http://www.abisource.com/awml.dtd">'
            f'<metadata><m key="dc.creator">{AUTHOR}</m><m key="dc.title">{esc(doc.title)}</m></metadata><section>{body}</section></abiword>').encode()


def by_abiword(name, suffix, work):
    doc, out = load(name), work / ("out." + suffix)
    (work / "in.abw").write_bytes(abw(doc))
    run("faketime", "-f", DAY.strftime("@%Y-%m-%d %H:%M:%S"), "abiword", f"--to={suffix}", f"--to-name={out}", work / "in.abw")
    return out.read_bytes(), expected(doc)


def abiword_zorgmelding(work):
    data, text = by_abiword("abiword-zorgmelding", "docx", work)
    return settle_zip(data), text


def abiword_evaluatie(work):
    data, text = by_abiword("abiword-evaluatie", "odt", work)
    return settle_zip(data), text


def abiword_pleegzorg(work):
    return by_abiword("abiword-pleegzorg", "rtf", work)


# ---------------------------------------------------------------- docx by python-docx, docx (npm), and as Word writes it

def python_docx_groepsrapportage(work):
    """Words split over runs, cells joined both ways, tick boxes as content controls, a header for each section."""
    import docx
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    doc, made = load("python-docx-groepsrapportage"), docx.Document()
    props = made.core_properties
    props.author, props.last_modified_by, props.title, props.comments = AUTHOR, AUTHOR, doc.title, ""
    props.created = props.modified = DAY

    def runs(paragraph, text):
        for kind, t in parts_of(text):
            for at in range(0, len(t), 7):
                paragraph.add_run(t[at:at + 7]).bold = True if kind == "bold" else None

    for number, section in enumerate(doc.sections):
        if number:
            made.add_section()
        part = made.sections[-1]
        part.header.is_linked_to_previous = part.footer.is_linked_to_previous = False
        runs(part.header.paragraphs[0], section.header)
        runs(part.footer.paragraphs[0], section.footer)
        for kind, blocks in grouped(Doc("", [section])):
            if kind == "row":
                table = made.add_table(rows=len(blocks), cols=len(blocks[0].cells), style="Table Grid")
                for y, b in enumerate(blocks):
                    for x, c in enumerate(b.cells):
                        cell = table.cell(y, x)
                        if c == "<":
                            cell.merge(table.cell(y, x - 1))
                        elif c == "^":
                            cell.merge(table.cell(y - 1, x))
                        else:
                            runs(cell.paragraphs[0], c)
                continue
            for b in blocks:
                if kind == "tick":
                    paragraph = made.add_paragraph()
                    paragraph._p.append(parse_xml(
                        f'<w:sdt {nsdecls("w")} xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"><w:sdtPr><w14:checkbox><w14:checked w14:val="{int(b.on)}"/>'
                        '<w14:checkedState w14:val="2612" w14:font="MS Gothic"/><w14:uncheckedState w14:val="2610" w14:font="MS Gothic"/></w14:checkbox></w:sdtPr>'
                        f'<w:sdtContent><w:r><w:t>{"☒" if b.on else "☐"}</w:t></w:r></w:sdtContent></w:sdt>'))
                    runs(paragraph, " " + b.text)
                elif kind in ("title", "heading"):
                    made.add_heading(b.text, 1 if kind == "title" else 2)
                else:
                    runs(made.add_paragraph(style="List Number" if kind == "number" else None), b.text)
    out = io.BytesIO()
    made.save(out)
    return settle_zip(out.getvalue()), expected(doc)


def npm_docx_raadsrapport(work):
    doc, out = load("npm-docx-raadsrapport"), work / "out.docx"
    blocks = [{"kind": b.kind, "parts": parts_of(b.text), "cells": b.cells and [parts_of(c) for c in b.cells]} for b in doc.blocks]
    job = {"blocks": blocks, "header": doc.sections[0].header, "footer": doc.sections[0].footer, "title": doc.title, "author": AUTHOR, "date": "2024-07-08T10:00:00Z"}
    run("node", SOURCES / "draw_docx.js", out, input=json.dumps(job).encode())
    return settle_zip(out.read_bytes()), expected(doc)


def zip_of(entries, **more):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries:
            archive.writestr(zipfile.ZipInfo(name, DAY.timetuple()[:6]), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def word_aanmelding(work):
    """The parts of a document as Word lays them out; the body is typed out in sources/word-aanmelding.xml."""
    w = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    top = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
    office = "application/vnd.openxmlformats-officedocument.wordprocessingml."
    package = "application/vnd.openxmlformats-package."
    parts = ["document.main", "styles", "settings", "footnotes", "comments", "header", "footer"]
    files = ["document", "styles", "settings", "footnotes", "comments", "header1", "footer1"]
    types = "".join(f'<Override PartName="/word/{f}.xml" ContentType="{office}{p}+xml"/>' for f, p in zip(files, parts))
    links = "".join(f'<Relationship Id="rId{i}" Type="{kind}{t}" Target="{f}.xml"/>' for i, t, f in (
        (1, "styles", "styles"), (2, "settings", "settings"), (5, "footnotes", "footnotes"), (6, "comments", "comments"), (7, "header", "header1"), (8, "footer", "footer1")))
    styles = "".join(f'<w:style w:type="{t}" w:styleId="{i}"><w:name w:val="{n}"/></w:style>' for t, i, n in (
        ("paragraph", "Kop1", "heading 1"), ("paragraph", "Kop2", "heading 2"), ("character", "Hyperlink", "Hyperlink"), ("character", "Voetnootmarkering", "footnote reference"),
        ("character", "Tekstvantijdelijkeaanduiding", "Placeholder Text"), ("table", "Tabelraster", "Table Grid")))
    page = '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>PAGE   \\* MERGEFORMAT</w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>1</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
    data = zip_of([
        ("[Content_Types].xml", f'{top}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="{package}relationships+xml"/>'
         f'<Default Extension="xml" ContentType="application/xml"/>{types}<Override PartName="/docProps/core.xml" ContentType="{package}core-properties+xml"/>'
         '<Override PartName="/docProps/app.xml" ContentType="application/vnd.openxmlformats-officedocument.extended-properties+xml"/></Types>'),
        ("_rels/.rels", f'{top}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId3" Type="{kind}extended-properties" Target="docProps/app.xml"/>'
         '<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" Target="docProps/core.xml"/>'
         f'<Relationship Id="rId1" Type="{kind}officeDocument" Target="word/document.xml"/></Relationships>'),
        ("word/_rels/document.xml.rels", f'{top}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{links}'
         f'<Relationship Id="rId9" Type="{kind}hyperlink" Target="https://jeugdteam.voorbeeld.example/" TargetMode="External"/></Relationships>'),
        ("word/document.xml", (SOURCES / "word-aanmelding.xml").read_text(encoding="utf-8").replace(">\n<", "><")),
        ("word/footnotes.xml", f'{top}<w:footnotes {w}><w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>'
         '<w:footnote w:type="continuationSeparator" w:id="0"><w:p><w:r><w:continuationSeparator/></w:r></w:p></w:footnote>'
         '<w:footnote w:id="1"><w:p><w:r><w:rPr><w:rStyle w:val="Voetnootmarkering"/></w:rPr><w:footnoteRef/></w:r><w:r><w:t xml:space="preserve"> De broer is 19 en woont op zich</w:t></w:r><w:r><w:t>zelf.</w:t></w:r></w:p></w:footnote></w:footnotes>'),
        ("word/comments.xml", f'{top}<w:comments {w}><w:comment w:id="0" w:author="{AUTHOR}" w:date="2024-04-08T10:00:00Z" w:initials="sv"><w:p><w:r><w:annotationRef/></w:r><w:r><w:t>Graag vandaag nog oppakken.</w:t></w:r></w:p></w:comment></w:comments>'),
        ("word/header1.xml", f'{top}<w:hdr {w}><w:p><w:r><w:t xml:space="preserve">Jeugdteam West – </w:t></w:r><w:r><w:t>aanmelding</w:t></w:r></w:p></w:hdr>'),
        ("word/footer1.xml", f'{top}<w:ftr {w}><w:p><w:r><w:t xml:space="preserve">pagina </w:t></w:r>{page}<w:r><w:t xml:space="preserve"> van </w:t></w:r><w:fldSimple w:instr=" NUMPAGES "><w:r><w:t>1</w:t></w:r></w:fldSimple></w:p></w:ftr>'),
        ("word/settings.xml", f'{top}<w:settings {w}><w:zoom w:percent="100"/><w:proofState w:spelling="clean" w:grammar="clean"/><w:compat/></w:settings>'),
        ("word/styles.xml", f'{top}<w:styles {w}>{styles}</w:styles>'),
        ("docProps/core.xml", f'{top}<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" '
         f'xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:title>Aanmeldformulier jeugdhulp</dc:title><dc:creator>{AUTHOR}</dc:creator>'
         f'<cp:lastModifiedBy>{AUTHOR}</cp:lastModifiedBy><dcterms:created xsi:type="dcterms:W3CDTF">{STAMP}Z</dcterms:created></cp:coreProperties>'),
        ("docProps/app.xml", f'{top}<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"><Application>Microsoft Office Word</Application><AppVersion>16.0000</AppVersion></Properties>'),
    ])
    return data, plain("word-aanmelding")


# ---------------------------------------------------------------- odt by odfpy; typed-out RTF and HTML

def odfpy_weekendrapportage(work):
    from odf import dc, meta, table, text as T
    from odf.opendocument import OpenDocumentText
    from odf.style import ListLevelProperties, Style, TextProperties

    doc, made = load("odfpy-weekendrapportage"), OpenDocumentText()
    made.meta.addElement(meta.InitialCreator(text=AUTHOR))
    made.meta.addElement(dc.Creator(text=AUTHOR))
    made.meta.addElement(dc.Date(text=STAMP))
    bold = Style(name="Bold", family="text")
    bold.addElement(TextProperties(fontweight="bold"))
    made.automaticstyles.addElement(bold)
    lists = T.ListStyle(name="Punten")
    level = T.ListLevelStyleBullet(level="1", bulletchar="\u2022")
    level.addElement(ListLevelProperties(spacebefore="0.5cm", minlabelwidth="0.5cm"))
    lists.addElement(level)
    made.automaticstyles.addElement(lists)

    def fill(element, line):
        for kind, t in parts_of(line):
            if kind == "tab":
                element.addElement(T.Tab())
            elif kind == "br":
                element.addElement(T.LineBreak())
            else:
                for piece in re.split(r"(  +)", t):
                    if piece.startswith("  "):
                        element.addText(" ")
                        element.addElement(T.S(c=len(piece) - 1))
                    elif piece:
                        element.addText(piece)
        return element

    for kind, blocks in grouped(doc):
        if kind == "row":
            grid = table.Table(name="Tabel")
            grid.addElement(table.TableColumn(numbercolumnsrepeated=len(blocks[0].cells)))
            for b in blocks:
                row = table.TableRow()
                for c in b.cells:
                    cell = table.TableCell(valuetype="string")
                    cell.addElement(fill(T.P(), c))
                    row.addElement(cell)
                grid.addElement(row)
            made.text.addElement(grid)
        elif kind == "bullet":
            items = T.List(stylename=lists)
            for b in blocks:
                item = T.ListItem()
                item.addElement(fill(T.P(), b.text))
                items.addElement(item)
            made.text.addElement(items)
        elif kind in ("title", "heading"):
            made.text.addElement(fill(T.H(outlinelevel=1 if kind == "title" else 2), blocks[0].text))
        else:
            made.text.addElement(fill(T.P(), blocks[0].text))
    out = io.BytesIO()
    made.save(out)
    return settle_zip(out.getvalue()), expected(doc)


def word_overdracht(work):
    return (SOURCES / "word-overdracht.rtf").read_bytes(), plain("word-overdracht")


def wordpad_notitie(work):
    return (SOURCES / "wordpad-notitie.rtf").read_bytes().replace(b"\n", b"\r\n"), plain("wordpad-notitie")


def portaal_dossier(work):
    """Says iso-8859-1 and has, as many do, two characters that only Windows-1252 has."""
    return (SOURCES / "portaal-dossier.html").read_text(encoding="utf-8").encode("cp1252"), plain("portaal-dossier")


def word_gefilterd_brief(work):
    return (SOURCES / "word-gefilterd-brief.html").read_text(encoding="utf-8").replace("\n", "\r\n").encode("cp1252"), plain("word-gefilterd-brief")


# ---------------------------------------------------------------- mail

@dataclasses.dataclass
class Mail:
    subject: str
    date: datetime.datetime
    body: str

    @property
    def text(self):
        return f"Onderwerp: {self.subject}\n\n{self.body}"


def load_mail(name):
    head, body = re.match(r"((?:@[^\n]*\n)+)\n*(.*)", (SOURCES / (name + ".mail")).read_text(encoding="utf-8"), re.S).groups()
    fields = dict(re.findall(r"@(\w+) (.*)", head))
    return Mail(fields["onderwerp"], datetime.datetime.fromisoformat(fields["datum"]), body)


def mail_date(when):
    return email.utils.format_datetime(when.replace(tzinfo=datetime.timezone(datetime.timedelta(hours=1 if when.month in (1, 2, 3, 11, 12) else 2))))


def settle_mail(data, name, when):
    """Fixed date, message id and boundaries in a finished message; no name of the machine."""
    data = re.sub(rb"(?m)^Date: .*$", b"Date: " + mail_date(when).encode(), data)
    digest = hashlib.md5(name.encode()).hexdigest()
    data = re.sub(rb"(?mi)^(Message-ID:) <.*>", lambda m: m[1] + f" <{digest[:16]}@voorbeeld.example>".encode(), data)
    for number, found in enumerate(re.findall(rb'boundary="?([^"\r\n;]+)', data)):
        data = data.replace(found, f"=-{digest[:16]}-{number}".encode())
    return data


def catcher(work):
    """A mail transport that keeps the message instead of sending it."""
    script = work / "transport"
    script.write_text(f"#!/bin/sh\ncat > {work}/sent.eml\n")
    script.chmod(0o755)
    return script


def mutt_overleg(work):
    mail = load_mail("mutt-overleg")
    (work / "rc").write_text(f'set sendmail="{catcher(work)}"\nset from="maaike@school.example"\nset realname="Maaike"\nset use_from=yes\nset charset=utf-8\n'
                             'set send_charset="us-ascii:iso-8859-1:utf-8"\nset hostname="school.example"\nset copy=no\n')
    run("mutt", "-n", "-F", work / "rc", "-s", mail.subject, "renee@school.example", input=mail.body.encode(), env={**os.environ, "LC_ALL": "C.UTF-8", "HOME": str(work)})
    return settle_mail((work / "sent.eml").read_bytes(), "mutt-overleg", mail.date), mail.text


def s_nail_verzuim(work):
    mail = load_mail("s-nail-verzuim")
    (work / "zorgmelding.docx").write_bytes((HERE / "abiword-zorgmelding.docx").read_bytes())
    run("s-nail", "-:/", "-S", f"mta={catcher(work)}", "-S", "from=wijkteam@gemeente.example", "-S", "hostname=gemeente.example", "-S", "ttycharset=utf-8", "-S", "sendcharsets=iso-8859-1,utf-8",
        "-S", "nosave", "-s", mail.subject, "-a", "zorgmelding.docx", "leerplicht@gemeente.example", input=mail.body.encode(), cwd=work, env={**os.environ, "LC_ALL": "C.UTF-8", "HOME": str(work)})
    data = settle_mail((work / "sent.eml").read_bytes(), "s-nail-verzuim", mail.date)
    return data, mail.text, [("zorgmelding.docx", "abiword-zorgmelding.txt")]


def header_lines(mail, sender, to, more=(), subject=None):
    return "".join(f"{k}: {v}\r\n" for k, v in (("From", sender), ("To", to), ("Subject", subject or encoded(mail.subject)), ("Date", mail_date(mail.date)), *more, ("MIME-Version", "1.0")))


def encoded(text, charset="utf-8", how="B"):
    """Encoded words, as many as needed, each a whole number of characters."""
    if text.isascii():
        return text
    words, rest = [], text
    while rest:
        size = min(len(rest), 24)
        raw = rest[:size].encode(charset)
        body = base64.b64encode(raw).decode() if how == "B" else "".join(chr(b) if chr(b).isalnum() and b < 128 else "_" if b == 32 else f"={b:02X}" for b in raw)
        words.append(f"=?{charset}?{how}?{body}?=")
        rest = rest[size:]
    return "\r\n ".join(words)


def quoted(text, charset):
    import quopri

    return quopri.encodestring(text.encode(charset)).decode().replace("\n", "\r\n")


def wrapped64(data):
    return base64.encodebytes(data).decode().replace("\n", "\r\n")


def outlook_weekend(work):
    """As Outlook sends: text and HTML beside each other, Windows-1252, the older message under a block of headers."""
    mail = load_mail("outlook-weekend")
    rows = []
    for line in mail.body.split("\n"):
        label = re.match(r"(Van|Verzonden|Aan|Onderwerp): (.*)", line)
        rows.append(f'<b><span style="font-size:11.0pt">{label[1]}:</span></b><span style="font-size:11.0pt"> {esc(label[2])}<br></span>' if label
                    else f"<p class=MsoNormal>{html.escape(line, quote=False) or '<o:p>&nbsp;</o:p>'}</p>")
    page = ('<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><meta http-equiv="Content-Type" content="text/html; charset=Windows-1252">'
            '<meta name=Generator content="Microsoft Word 15 (filtered medium)"><style><!-- p.MsoNormal {margin:0cm;} --></style></head>'
            '<body lang=NL><div class=WordSection1>' + "\n".join(rows).replace('<b><span style="font-size:11.0pt">Van', '<div style="border:none;border-top:solid #E1E1E1 1.0pt"><p class=MsoNormal><b><span style="font-size:11.0pt">Van')
            .replace("<br></span>\n<p class=MsoNormal><o:p>", "<br></span></p></div>\n<p class=MsoNormal><o:p>") + "</div></body></html>")
    edge = "_000_AM0PR01MB4481voorbeeld_"
    body = "".join(f"--{edge}\r\nContent-Type: {kind}; charset=\"Windows-1252\"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n{quoted(part, 'cp1252')}\r\n"
                   for kind, part in (("text/plain", mail.body), ("text/html", page))) + f"--{edge}--\r\n"
    head = header_lines(mail, "Ingeborg <ingeborg@jeugdbescherming.example>", "Dienst weekend <weekend@groep.example>", [
        ("Thread-Topic", encoded("Weekend Tirza – coördinatie", "Windows-1252", "Q")), ("Message-ID", "<AM0PR01MB4481@voorbeeld.example>"), ("Accept-Language", "nl-NL, en-US"),
        ("X-MS-Has-Attach", ""), ("Content-Type", f'multipart/alternative;\r\n\tboundary="{edge}"')], encoded(mail.subject, "Windows-1252", "Q"))
    return (head + "\r\n" + body).encode("ascii"), mail.text


def gmail_antwoord(work):
    """As Gmail sends: base64 text, HTML with the quote in a blockquote."""
    mail = load_mail("gmail-antwoord")
    new, intro, old, end = re.match(r"(.*?)\n\n(Op wo .*?)\n\n(.*)\n\n(\(Verzonnen.*)", mail.body, re.S).groups()
    text = f"{new}\n\n{intro}\n\n" + "".join(f"> {l}".rstrip() + "\n" for l in old.split("\n")) + f"\n{end}"
    page = (f'<div dir="ltr">{"<div><br></div>".join(f"<div>{esc(p)}</div>" for p in new.split(chr(10) * 2))}</div><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">{esc(intro)}<br></div>'
            f'<blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex;border-left:1px solid rgb(204,204,204);padding-left:1ex">{"<br><br>".join(esc(p) for p in old.split(chr(10) * 2))}</blockquote></div><div>{esc(end.strip())}</div>')
    edge = "000000000000a1b2c3061f00d5e7"
    body = (f'--{edge}\r\nContent-Type: text/plain; charset="UTF-8"\r\nContent-Transfer-Encoding: base64\r\n\r\n{wrapped64(text.encode())}\r\n'
            f'--{edge}\r\nContent-Type: text/html; charset="UTF-8"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n{quoted(page, "utf-8")}\r\n--{edge}--\r\n')
    head = header_lines(mail, "Moeder van Bas <moeder@post.example>", "Groepsleiding De Vlinder <groep@voorbeeld.example>", [
        ("Message-ID", "<CAF8voorbeeld@mail.example>"), ("In-Reply-To", "<groep-118@voorbeeld.example>"), ("Content-Type", f'multipart/alternative; boundary="{edge}"')])
    return (head + "\r\n" + body).encode("ascii"), mail.text


def apple_flowed(work):
    """As Apple Mail sends: format=flowed with lines broken after a space, quotes too."""
    mail = load_mail("apple-flowed")
    out = []
    for line in mail.body.rstrip("\n").split("\n"):
        mark, rest = ("> ", line[2:]) if line.startswith("> ") else (">", "") if line == ">" else ("", line)
        room, row = 70 - len(mark), ""
        for word in rest.split(" "):
            if row and len(row) + 1 + len(word) > room:
                out.append(f"{mark}{row} ")
                row = word
            else:
                row = f"{row} {word}" if row else word
        out.append(mark.rstrip() if not row else mark + row)
    text = "\r\n".join(out) + "\r\n"
    head = header_lines(mail, "Petra <petra@jeugdzorg.example>", "crisisdienst@jeugdzorg.example", [
        ("Message-Id", "<3B1F5D20-voorbeeld@jeugdzorg.example>"), ("X-Mailer", "iPhone Mail (20F66)"), ("Content-Type", "text/plain; charset=utf-8; format=flowed; delsp=no"), ("Content-Transfer-Encoding", "8bit")])
    return (head + "\r\n" + text).encode(), mail.text


def html_portaalmelding(work):
    """Only HTML, quoted-printable, Windows-1252, with text for the preview that no reader sees."""
    mail = load_mail("html-portaalmelding")
    doc = parse_doc("", mail.body)
    out = []
    for kind, blocks in grouped(doc):
        if kind == "row":
            out.append('<table role="presentation" width="600">' + "".join("<tr>" + "".join(f"<td style=\"padding:4px\">{html.escape(c).replace('€ ', '&euro;&nbsp;')}</td>" for c in b.cells) + "</tr>" for b in blocks) + "</table>")
        else:
            out.append(f"<{'h1' if kind == 'title' else 'p'}>{html.escape(blocks[0].text)}</{'h1' if kind == 'title' else 'p'}>")
    page = ('<!DOCTYPE html><html><head><style>@media screen { .preheader { display: none !important } }</style></head><body><div class="preheader" style="display:none;max-height:0;overflow:hidden">'
            'verborgen voorbeeldregel</div><table width="100%"><tr><td align="center">' + "".join(out) + '</td></tr></table><img src="https://portaal.voorbeeld.example/pixel.gif" width="1" height="1" alt=""></body></html>')
    head = header_lines(mail, "Clientportaal <geen-antwoord@portaal.example>", "pleegouders@post.example", [
        ("Message-ID", "<portaal-20240201@portaal.example>"), ("Content-Type", 'text/html; charset="windows-1252"'), ("Content-Transfer-Encoding", "quoted-printable")], encoded(mail.subject, "windows-1252", "Q"))
    return (head + "\r\n" + quoted(page, "cp1252")).encode("ascii"), mail.text


def small_pdf(work, name="eigenlijk-pdf"):
    return soffice(fodt(load(name)), ".fodt", "pdf", work, stem=name)


def bijlagen_dossier(work):
    """Python's email package: a Word file, a PDF and another message attached; a name in RFC 2231 form."""
    mail, other = load_mail("bijlagen-dossier"), load_mail("bijlagen-dossier-vader")
    made = email.message.EmailMessage(policy=email.policy.SMTP)
    inner = email.message.EmailMessage(policy=email.policy.SMTP)
    for m, source, sender, to in ((made, mail, "thom@jeugdzorg.example", "marloes@jeugdzorg.example"), (inner, other, "vader@post.example", "thom@jeugdzorg.example")):
        m["From"], m["To"], m["Subject"], m["Date"] = sender, to, source.subject, mail_date(source.date)
        m["Message-ID"] = f"<{hashlib.md5(source.subject.encode()).hexdigest()[:12]}@voorbeeld.example>"
        m.set_content(source.body, charset="utf-8" if m is made else "iso-8859-1", cte="base64" if m is made else "quoted-printable")
    made.add_attachment((HERE / "eigenlijk-docx.doc").read_bytes(), maintype="application", subtype="vnd.openxmlformats-officedocument.wordprocessingml.document", filename="netwerkberaad Esmée.docx")
    made.add_attachment(pdf_bytes(work), maintype="application", subtype="pdf", filename="consult.pdf")
    made.add_attachment(inner, filename="Ik maak mij zorgen.eml")
    made.set_boundary("===============4711000000000000001==")
    return made.as_bytes(), mail.text, [("netwerkberaad Esmée.docx", "eigenlijk-docx.txt"), ("consult.pdf", "eigenlijk-pdf.txt"), ("Ik maak mij zorgen.eml", other.text)]


def team_postbus(work):
    """A mailbox file of three messages by Python's mailbox package, one line starting with From."""
    box, texts = mailbox.mbox(work / "box"), []
    for number in (1, 2, 3):
        mail = load_mail(f"team-postbus-{number}")
        made = email.message.EmailMessage()
        made["From"], made["To"], made["Subject"], made["Date"] = "dienst@groep.example", "team@groep.example", mail.subject, mail_date(mail.date)
        made["Message-ID"] = f"<postbus-{number}@groep.example>"
        made.set_content(mail.body, charset=("us-ascii", "utf-8", "iso-8859-1")[number - 1], cte=("7bit", "8bit", "quoted-printable")[number - 1])
        kept = mailbox.mboxMessage(made)
        kept.set_from("dienst@groep.example", mail.date.timetuple())
        box.add(kept)
        texts.append((str(number), mail.text))
    box.flush()
    return (work / "box").read_bytes(), joined(t for _, t in texts), texts


def joined(texts):
    return "\n".join(t.rstrip("\n") + "\n" for t in texts)


# ---------------------------------------------------------------- Outlook messages

def msgforge_vermissing(work):
    """HTML body only (the text body and the RTF are made by msgforge), one attachment."""
    from msgforge import Message

    mail = load_mail("msgforge-vermissing")
    out = []
    for kind, blocks in grouped(parse_doc("", mail.body)):
        if kind == "row":
            out.append("<table border=1>" + "".join("<tr>" + "".join(f"<td>{esc(c)}</td>" for c in b.cells) + "</tr>" for b in blocks) + "</table>")
        else:
            out.append(f"<p>{esc(blocks[0].text)}</p>")
    made = Message(subject=mail.subject, html_body="\n".join(out), to=[("team@groep.example", "Team")], sender=("dienst@groep.example", "Dienst"), sent=mail.date.replace(tzinfo=datetime.timezone.utc))
    made.attach_bytes("dagrapport.rtf", (HERE / "eigenlijk-rtf.doc").read_bytes())
    made.save(work / "out.msg")
    return (work / "out.msg").read_bytes(), mail.text, [("dagrapport.rtf", "eigenlijk-rtf.txt")]


def oxmsg_stage(work):
    mail = load_mail("oxmsg-stage")
    job = {"subject": mail.subject, "text": mail.body.replace("\n", "\r\n"), "from": "coach@school.example", "fromName": "Stagecoach", "to": "gideon@post.example", "toName": "Gideon",
           "date": mail.date.isoformat() + "Z", "attachments": []}
    run("node", SOURCES / "draw_msg.mjs", work / "out.msg", input=json.dumps(job).encode())
    return (work / "out.msg").read_bytes(), mail.text


def aspose_ketenoverleg(work):
    """Eight-bit strings, a Word file and a whole message attached."""
    from aspose.email_foss import msg

    mail, other = load_mail("aspose-ketenoverleg"), load_mail("aspose-ketenoverleg-bericht")
    made, inner = (msg.MapiMessage.create(m.subject, m.body.replace("\n", "\r\n"), unicode_strings=False) for m in (mail, other))
    for m, source, sender in ((made, mail, "regie@gemeente.example"), (inner, other, "schoolarts@ggd.example")):
        m.set_property(msg.PropertyId.SENDER_EMAIL_ADDRESS, sender)
        m.set_property(msg.PropertyId.MESSAGE_DELIVERY_TIME, source.date.replace(tzinfo=datetime.timezone.utc))
        m.add_recipient("keten@gemeente.example", display_name="Ketenpartners")
    made.add_attachment("verslag netwerkberaad.docx", (HERE / "eigenlijk-docx.doc").read_bytes())
    made.add_embedded_message_attachment(inner, filename="Signaal van de schoolarts.msg")
    made.save(work / "out.msg")
    return (work / "out.msg").read_bytes(), mail.text, [("verslag netwerkberaad.docx", "eigenlijk-docx.txt"), ("Signaal van de schoolarts.msg", other.text)]


# ---------------------------------------------------------------- exports of notes

@dataclasses.dataclass
class Export:
    columns: list
    note: int
    rows: list

    @property
    def text(self):
        return joined(shown(r[self.note]) for r in self.rows)

    def told(self):
        """What the manifest says of each row."""
        date = next(i for i, c in enumerate(self.columns) if re.search(r"(?i)dat|^dd$|moment", c) and not re.search("(?i)geb", c))
        who = next(i for i, c in enumerate(self.columns) if c != "id" and i != date)
        return [{"dossier": r[who], "date": r[date], "text": shown(r[self.note])[:30]} for r in self.rows]


def load_rows(name):
    lines = (SOURCES / (name + ".rows")).read_text(encoding="utf-8").splitlines()
    columns = lines[0].split(" ", 1)[1].split(";")
    note = next(i for i, c in enumerate(columns) if c.endswith("*"))
    columns[note] = columns[note][:-1]
    glue, rows = "\n", []
    for line in lines[1:]:
        if line == "@slot spatie":
            glue = " "
        elif line.startswith("> "):
            rows.append((line[2:].split(";"), []))
        else:
            rows[-1][1].append(line)
    return Export(columns, note, [[*cells[:note], "\n".join(note_lines) + glue + END, *cells[note:]] for cells, note_lines in rows])


def is_date(value):
    return bool(re.fullmatch(r"\d{4}-\d\d-\d\d", value))


def dutch(value):
    return "-".join(reversed(value.split("-"))) if is_date(value) else value


def as_date(value):
    return datetime.datetime.fromisoformat(value) if is_date(value) else value


def delimited(export, sep, end="\r\n", quote=csv.QUOTE_MINIMAL):
    out = io.StringIO()
    writer = csv.writer(out, delimiter=sep, lineterminator=end, quoting=quote)
    writer.writerow(export.columns)
    for row in export.rows:
        writer.writerow([dutch(shown(c)) for c in row])
    return out.getvalue()


def iso_csv(export):
    """For LibreOffice to convert: UTF-8, semicolons, ISO dates, which it takes for dates."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";")
    writer.writerows([export.columns, *[[shown(c) for c in row] for row in export.rows]])
    return out.getvalue().encode()


def from_csv(name, to, work):
    export = load_rows(name)
    return soffice(iso_csv(export), ".csv", to, work, stem=name), export


def libreoffice_contactregels(work):
    data, export = from_csv("libreoffice-contactregels", "xlsx", work)
    return settle_zip(data), export


def libreoffice_leefgroep(work):
    return from_csv("libreoffice-leefgroep", "xls:MS Excel 97", work)


def gnumeric_kamertraining(work):
    """Excel 95, which LibreOffice no longer writes. The name of the one who ran it is overwritten."""
    data, export = from_csv("gnumeric-kamertraining", "xlsx", work)
    (work / "in.xlsx").write_bytes(data)
    run("faketime", "-f", DAY.strftime("@%Y-%m-%d %H:%M:%S"), "ssconvert", "-T", "Gnumeric_Excel:excel_biff7", work / "in.xlsx", work / "out.xls")
    data = (work / "out.xls").read_bytes()
    user = getpass.getuser().encode()
    held = bytes([len(user)]) + user + b" " * 10
    return data.replace(held, (b"\x09voorbeeld" + b" " * 30)[:len(held)]), export


def libreoffice_dagopvang(work):
    data, export = from_csv("libreoffice-dagopvang", "ods", work)
    return settle_zip(data), export


def libreoffice_export(work):
    """LibreOffice's own delimited text: every text cell in quotes, semicolons, UTF-8."""
    sheet = soffice(iso_csv(load_rows("libreoffice-export")), ".csv", "ods", work, stem="tabel")
    return soffice(sheet, ".ods", "csv:Text - txt - csv (StarCalc):59,34,76,1,,0,true,true,false", work, stem="libreoffice-export"), load_rows("libreoffice-export")


def openpyxl_rapportages(work):
    """A title over joined cells and an empty row above the header; a second sheet with a summary; a frozen pane."""
    import openpyxl
    from openpyxl.styles import Font

    export, book = load_rows("openpyxl-rapportages"), openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Rapportages"
    sheet["A1"] = "Export rapportages jeugdzorg, eerste kwartaal 2024"
    sheet.merge_cells("A1:E1")
    sheet.append([])
    sheet.append(export.columns)
    for cell in sheet[3]:
        cell.font = Font(bold=True)
    for row in export.rows:
        sheet.append([as_date(c) for c in row])
        for cell in sheet[sheet.max_row]:
            if cell.is_date:
                cell.number_format = "dd-mm-yyyy"
    sheet.freeze_panes = "A4"
    total = book.create_sheet("Samenvatting")
    total.append(["Dossiernr", "Aantal rapportages"])
    for who, count in collections.Counter(r[0] for r in export.rows).items():
        total.append([who, count])
    book.properties.creator = book.properties.lastModifiedBy = AUTHOR
    book.properties.created = book.properties.modified = DAY
    out = io.BytesIO()
    book.save(out)
    return settle_zip(out.getvalue()), export


def xlsxwriter_sheet(export, work, small):
    import xlsxwriter

    book = xlsxwriter.Workbook(str(work / "out.xlsx"), {"constant_memory": small})
    book.set_properties({"author": AUTHOR, "created": DAY})
    day, bold, wrap = book.add_format({"num_format": "dd/mm/yyyy"}), book.add_format({"bold": True}), book.add_format({"text_wrap": True})
    sheet = book.add_worksheet("Journaal")
    sheet.write_row(0, 0, export.columns + ["Lengte", "Kenmerk"], bold)
    for y, row in enumerate(export.rows, 1):
        for x, c in enumerate(row):
            if is_date(c):
                sheet.write_datetime(y, x, as_date(c), day)
            elif c.isdigit():
                sheet.write_number(y, x, int(c))
            elif "**" in c:
                sheet.write_rich_string(y, x, *[p for k, t in parts_of(c) for p in ([bold, t] if k == "bold" else [t])], wrap)
            else:
                sheet.write_string(y, x, c, wrap)
        n = len(row)
        letter = chr(65 + export.note)
        sheet.write_formula(y, n, f"=LEN({letter}{y + 1})", None, len(shown(row[export.note])))
        sheet.write_formula(y, n + 1, f'=A{y + 1}&"-{y}"', None, f"{row[0]}-{y}")
    total = book.add_worksheet("Totaal")
    total.write_row(0, 0, ["Aantal regels", len(export.rows)])
    book.close()
    return settle_zip((work / "out.xlsx").read_bytes())


def xlsxwriter_journaal(work):
    export = load_rows("xlsxwriter-journaal")
    return xlsxwriter_sheet(export, work, False), export


def xlsxwriter_regelsgewijs(work):
    export = load_rows("xlsxwriter-regelsgewijs")
    return xlsxwriter_sheet(export, work, True), export


def frame(export):
    import pandas

    made = pandas.DataFrame(export.rows, columns=export.columns)
    for c in export.columns:
        if all(is_date(v) for v in made[c]):
            made[c] = pandas.to_datetime(made[c])
        elif all(v.isdigit() for v in made[c]):
            made[c] = made[c].astype(int)
    return made


def pandas_export(work):
    export = load_rows("pandas-export")
    frame(export).to_excel(work / "out.xlsx", index=False, sheet_name="Sheet1")
    import openpyxl

    book = openpyxl.load_workbook(work / "out.xlsx")
    book.properties.creator, book.properties.lastModifiedBy = AUTHOR, AUTHOR
    book.save(work / "out.xlsx")
    return settle_zip((work / "out.xlsx").read_bytes()), export


def pandas_pleegzorg(work):
    export = load_rows("pandas-pleegzorg")
    frame(export).to_excel(work / "out.ods", index=False, engine="odf")
    return settle_zip((work / "out.ods").read_bytes()), export


VERZUIM = [
    ["Verzuimoverzicht Het Baken College"],
    [],
    ["Leerling", "Demi", "", "Klas", "4B"],
    ["Geboortedatum", "2008-05-19", "", "Mentor", "mw. Yıldız"],
    [],
    ["Week", "Uren ongeoorloofd", "Uren ziek", "Te laat", "Reden"],
    ["9", "2", "0", "1", "verslapen"],
    ["10", "6", "0", "2", "onbekend"],
    ["11", "14", "4", "0", "weggelopen"],
    ["Totaal", "=22", "=4", "=3", ""],
    [],
    ["Gesprek gevoerd", "☒", "", "Leerplicht ingelicht", "☐"],
    ["Bijzonderheden", "Wordt gehaald door onbekende man in witte bestelauto."],
    [END],
]


def openpyxl_verzuimoverzicht(work):
    """A form, not an export: no column of notes, joined cells, sums with the values that LibreOffice reckoned."""
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Verzuim"
    for y, row in enumerate(VERZUIM, 1):
        for x, c in enumerate(row, 1):
            if c.startswith("="):
                sheet.cell(y, x, f"=SUM({chr(64 + x)}7:{chr(64 + x)}9)")
            elif is_date(c):
                sheet.cell(y, x, as_date(c)).number_format = "dd-mm-yyyy"
            elif c:
                sheet.cell(y, x, int(c) if c.isdigit() else c)
    sheet.merge_cells("A1:E1")
    sheet.merge_cells("B13:E13")
    book.properties.creator = book.properties.lastModifiedBy = AUTHOR
    book.save(work / "form.xlsx")
    data = soffice((work / "form.xlsx").read_bytes(), ".xlsx", "xlsx", work, stem="verzuim")
    return settle_zip(data), "\n".join("\t".join(dutch(c.lstrip("=")) for c in row if c) for row in VERZUIM if row) + "\n"


def xlwt_wijkteam(work):
    import xlwt

    export, book = load_rows("xlwt-wijkteam"), xlwt.Workbook(encoding="utf-8")
    book.set_owner(AUTHOR)
    total = book.add_sheet("Overzicht")
    total.write(0, 0, "Aantal regels")
    total.write(0, 1, len(export.rows))
    sheet = book.add_sheet("Journaal")
    day = xlwt.easyxf(num_format_str="DD-MM-YYYY")
    bold = xlwt.easyfont("bold on")
    for x, c in enumerate(export.columns):
        sheet.write(0, x, c, xlwt.easyxf("font: bold on"))
    for y, row in enumerate(export.rows, 1):
        for x, c in enumerate(row):
            if is_date(c):
                sheet.write(y, x, as_date(c), day)
            elif x == export.note and y == 1:
                sheet.write_rich_text(y, x, [(c[:12], bold), c[12:]])
            else:
                sheet.write(y, x, c)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue(), export


def odfpy_ambulant(work):
    """Dates as values, paragraphs in a cell, repeated spaces, joined and repeated empty cells, a title above the header."""
    from odf import dc, meta, table, text as T
    from odf.opendocument import OpenDocumentSpreadsheet

    export, made = load_rows("odfpy-ambulant"), OpenDocumentSpreadsheet()
    made.meta.addElement(meta.InitialCreator(text=AUTHOR))
    made.meta.addElement(dc.Creator(text=AUTHOR))
    sheet = table.Table(name="Ambulant")
    sheet.addElement(table.TableColumn(numbercolumnsrepeated=len(export.columns)))

    def cell(value):
        if is_date(value):
            made_cell = table.TableCell(valuetype="date", datevalue=value)
            made_cell.addElement(T.P(text=dutch(value)))
            return made_cell
        made_cell = table.TableCell(valuetype="string")
        for line in value.split("\n"):
            p = T.P()
            for piece in re.split(r"(  +)", line):
                if piece.startswith("  "):
                    p.addText(" ")
                    p.addElement(T.S(c=len(piece) - 1))
                elif piece:
                    p.addText(piece)
            made_cell.addElement(p)
        return made_cell

    title = table.TableRow()
    first = table.TableCell(valuetype="string", numbercolumnsspanned=len(export.columns), numberrowsspanned=1)
    first.addElement(T.P(text="Aantekeningen ambulante hulp, mei 2024"))
    title.addElement(first)
    title.addElement(table.CoveredTableCell(numbercolumnsrepeated=len(export.columns) - 1))
    sheet.addElement(title)
    gap = table.TableRow(numberrowsrepeated=2)
    gap.addElement(table.TableCell(numbercolumnsrepeated=len(export.columns)))
    sheet.addElement(gap)
    for row in [export.columns, *export.rows]:
        line = table.TableRow()
        for c in row:
            line.addElement(cell(c))
        line.addElement(table.TableCell(numbercolumnsrepeated=1020))
        sheet.addElement(line)
    rest = table.TableRow(numberrowsrepeated=1048560)
    rest.addElement(table.TableCell(numbercolumnsrepeated=1024))
    sheet.addElement(rest)
    made.spreadsheet.addElement(sheet)
    out = io.BytesIO()
    made.save(out)
    return settle_zip(out.getvalue()), export


def excel_nl(work):
    """As Excel on a Dutch Windows saves: semicolons, Windows-1252, a line naming the separator, line ends in cells are LF."""
    export = load_rows("excel-nl")
    return ("sep=;\r\n" + delimited(export, ";")).encode("cp1252"), export


def utf8_bom(work):
    export = load_rows("utf8-bom")
    return ("\ufeff" + delimited(export, ",", quote=csv.QUOTE_ALL)).encode(), export


def excel_unicode(work):
    """Excel's "Unicode text": tabs, UTF-16LE with a mark in front."""
    export = load_rows("excel-unicode")
    return ("\ufeff" + delimited(export, "\t")).encode("utf-16-le"), export


def pijp_andere_namen(work):
    export = load_rows("pijp-andere-namen")
    return delimited(export, "|", "\n").encode("iso-8859-15"), export


# ---------------------------------------------------------------- wrong extensions

def eigenlijk_docx(work):
    data = soffice(fodt(load("eigenlijk-docx")), ".fodt", "docx", work)
    return settle_zip(data), expected(load("eigenlijk-docx"))


def eigenlijk_rtf(work):
    return soffice(fodt(load("eigenlijk-rtf")), ".fodt", "rtf", work), expected(load("eigenlijk-rtf"))


def eigenlijk_html(work):
    """What many portals give when asked for Excel: an HTML table."""
    doc = load("eigenlijk-html")
    rows = [b for b in doc.blocks if b.kind == "row"]
    page = (f'<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head><meta charset="utf-8"><style>td {{ mso-number-format:"\\@"; }}</style></head><body><h3>{doc.title}</h3><table border="1">'
            + "".join("<tr>" + "".join(f"<{t}>{esc(c)}</{t}>" for c in b.cells for t in ["td" if n else "th"]) + "</tr>" for n, b in enumerate(rows)) + f"</table><p>{END}</p></body></html>")
    return page.encode(), expected(doc)


def eigenlijk_csv(work):
    export = load_rows("eigenlijk-csv")
    return delimited(export, ";", "\n").encode(), export


def pdf_bytes(work):
    data = small_pdf(work)
    data = re.sub(rb"D:\d{14}[^)]*", DAY.strftime("D:%Y%m%d%H%M%S+00'00'").encode(), data)
    digest = hashlib.md5(b"eigenlijk-pdf").hexdigest().upper().encode()
    return re.sub(rb"(DocChecksum /|<)[0-9A-F]{32}", lambda m: m[1] + digest, data)


def eigenlijk_pdf(work):
    return pdf_bytes(work), expected(load("eigenlijk-pdf"))


def eigenlijk_tekst(work):
    return plain("eigenlijk-tekst").encode(), plain("eigenlijk-tekst")


# ---------------------------------------------------------------- archives

def text_of(member):
    return member if "\n" in member else (HERE / member).read_text(encoding="utf-8")


def lay(work, entries):
    """Files in a folder, with fixed times."""
    for name, data in entries:
        path = work / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    stamp = time.mktime(DAY.timetuple())
    for path in sorted((work / "in").rglob("*"), reverse=True):
        os.utime(path, (stamp, stamp))
    return work / "in"


def infozip_dossier(work):
    """A folder of one dossier: folders, mixed kinds of files, and things that are no documents."""
    held = [
        ("dossier Samira/leesmij.txt", plain("zip-notitie").encode("cp1252"), plain("zip-notitie")),
        ("dossier Samira/2024/MDO/verslag.docx", (HERE / "libreoffice-mdo-verslag.docx").read_bytes(), "libreoffice-mdo-verslag.txt"),
        ("dossier Samira/2024/journaal.odt", (HERE / "libreoffice-contactjournaal.odt").read_bytes(), "libreoffice-contactjournaal.txt"),
        ("dossier Samira/mail/weekend.eml", (HERE / "outlook-weekend.eml").read_bytes(), "outlook-weekend.txt"),
        ("dossier Samira/consult.pdf", pdf_bytes(work), "eigenlijk-pdf.txt"),
    ]
    other = [("dossier Samira/Thumbs.db", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)), ("dossier Samira/leeg.txt", b""), ("__MACOSX/dossier Samira/._leesmij.txt", b"\0\5\x16\7\0\2\0\0Mac OS X        ")]
    folder = lay(work, [e[:2] for e in held] + other)
    run("zip", "-r", "-X", "../out.zip", "dossier Samira", "__MACOSX", cwd=folder)
    return (work / "out.zip").read_bytes(), joined(text_of(t) for _, _, t in held), [(n, t) for n, _, t in held]


class OldInfo(zipfile.ZipInfo):
    """An entry whose name is written in code page 850, without the mark for UTF-8, as older Windows programs do."""
    __slots__ = ()

    def _encodeFilenameFlags(self):
        return self.filename.encode("cp850"), self.flag_bits & ~0x800


def zipfile_oude_namen(work):
    held = [("Financiën/schulden.txt", plain("zip-financien").encode("cp850", "replace"), plain("zip-financien")),
            ("Café/verslag ouders.txt", plain("zip-cafe").encode(), plain("zip-cafe"))]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data, _ in held:
            info = OldInfo(name, DAY.timetuple()[:6])
            info.create_system = 0
            archive.writestr(info, data, zipfile.ZIP_DEFLATED)
    return out.getvalue(), joined(t for _, _, t in held), [(n, t) for n, _, t in held]


def zevenzip_export(work):
    """7-Zip, with a file stored and one packed, non-ASCII names marked as UTF-8."""
    held = [("Coördinatie – besluiten.txt", plain("zip-coordinatie").encode(), plain("zip-coordinatie")),
            ("geëxporteerd.csv", (HERE / "excel-nl.csv").read_bytes(), "excel-nl.txt")]
    folder = lay(work, [e[:2] for e in held])
    run("7zz", "a", "-tzip", "-mtc=off", "../out.zip", held[0][0], "-mx=0", cwd=folder)
    run("7zz", "a", "-tzip", "-mtc=off", "../out.zip", held[1][0], "-mx=9", cwd=folder)
    return (work / "out.zip").read_bytes(), joined(text_of(t) for _, _, t in held), [(n, t) for n, _, t in held]


def infozip_versleuteld(work):
    """One entry behind a password (the old kind of encryption), one without."""
    folder = lay(work, [("open.txt", plain("zip-cafe").encode()), ("dossier.txt", plain("zip-notitie").encode())])
    run("zip", "-X", "../out.zip", "open.txt", cwd=folder)
    run("zip", "-X", "-P", PASSWORD, "../out.zip", "dossier.txt", cwd=folder)
    return (work / "out.zip").read_bytes(), plain("zip-cafe"), [("open.txt", plain("zip-cafe"))]


def zip_in_zip(work):
    inner = zip_of([("journaal.csv", (HERE / "utf8-bom.csv").read_bytes()), ("brief.rtf", (HERE / "libreoffice-intakebrief.rtf").read_bytes())])
    held = [("jaar 2024.zip/journaal.csv", "utf8-bom.txt"), ("jaar 2024.zip/brief.rtf", "libreoffice-intakebrief.txt"), ("notitie.txt", plain("zip-cafe"))]
    return zip_of([("jaar 2024.zip", inner), ("notitie.txt", plain("zip-cafe"))]), joined(text_of(t) for _, t in held), held


def bom(work):
    """Small outside, 100 MB of zeros inside, in ten archives of one file; made to be refused."""
    one = zip_of([("nullen.txt", bytes(10_000_000))])
    return zip_of([(f"laag {n}.zip", one) for n in range(10)]), "", []


# ---------------------------------------------------------------- the list

OK = "ok"
FILES = [
    # name, extension, format, producer, status, features
    ("libreoffice-mdo-verslag", "docx", "docx", "LibreOffice 7.4", OK, ["header and footer", "page number field", "footnote", "comment", "table", "text box", "tracked changes", "numbered list", "data descriptors"]),
    ("python-docx-groepsrapportage", "docx", "docx", "python-docx", OK, ["words split over runs", "merged cells", "numbered list", "content-control check boxes", "two sections with their own header and footer"]),
    ("npm-docx-raadsrapport", "docx", "docx", "docx (npm)", OK, ["footnotes", "table", "tracked changes", "header and footer"]),
    ("pandoc-hulpverleningsplan", "docx", "docx", "pandoc", OK, ["bullet list", "numbered list", "table", "footnote"]),
    ("abiword-zorgmelding", "docx", "docx", "AbiWord", OK, ["footnote with id 0", "table"]),
    ("word-aanmelding", "docx", "docx", "own parts, as Word", OK, ["proofErr between split runs", "AlternateContent text box told twice", "smartTag", "fldSimple", "complex and nested fields", "hyperlinks", "soft hyphens", "non-breaking hyphen", "Wingdings tick boxes", "content-control check box", "placeholder text", "legacy form fields", "tracked changes", "moved text", "hidden text", "nested table", "footnote", "comment", "header and footer"]),
    ("libreoffice-contactjournaal", "odt", "odt", "LibreOffice 7.4", OK, ["tracked changes", "comment", "footnote", "frame", "table", "lists", "repeated spaces", "tabs", "line break", "header and footer"]),
    ("pandoc-gezinsplan", "odt", "odt", "pandoc", OK, ["lists", "table", "footnote"]),
    ("abiword-evaluatie", "odt", "odt", "AbiWord", OK, ["table", "footnote"]),
    ("odfpy-weekendrapportage", "odt", "odt", "odfpy", OK, ["tabs", "repeated spaces", "line break", "list", "table"]),
    ("libreoffice-intakebrief", "rtf", "rtf", "LibreOffice 7.4", OK, ["header and footer", "footnote", "comment", "tracked changes", "list", "table", "\\u characters"]),
    ("pandoc-schoolverslag", "rtf", "rtf", "pandoc", OK, ["list", "table", "\\u characters"]),
    ("abiword-pleegzorg", "rtf", "rtf", "AbiWord", OK, ["table", "\\u characters"]),
    ("word-overdracht", "rtf", "rtf", "typed out, as Word", OK, ["ansicpg1252", "\\'xx characters", "\\uc1 and \\u with fallback", "surrogate pair", "tables", "\\*\\ destinations", "pictures in hexadecimal", "shape", "\\deleted and \\revised", "footnote", "hyperlink field", "hidden text", "optional hyphen", "listtext", "header and footer"]),
    ("wordpad-notitie", "rtf", "rtf", "typed out, as WordPad", OK, ["ansicpg1252", "\\uc1", "CRLF", "NUL at the end"]),
    ("libreoffice-observatie", "html", "html", "LibreOffice 7.4", OK, ["list", "table", "footnote"]),
    ("pandoc-signalering", "html", "html", "pandoc", OK, ["style sheet", "lists", "table", "footnote"]),
    ("portaal-dossier", "html", "html", "typed out, as a portal", OK, ["iso-8859-1 that is Windows-1252", "nested tables", "end tags left out", "scripts", "style", "entities", "check boxes and radio buttons", "text fields", "select", "hidden parts", "soft hyphen"]),
    ("word-gefilterd-brief", "htm", "html", "typed out, as Word filtered", OK, ["windows-1252", "mso styles", "conditional comments", "list numbers in spans", "footnote", "hidden text", "CRLF"]),
    ("libreoffice-telefoonnotitie", "doc", "doc", "LibreOffice 7.4", "unsupported", ["Word 97"]),
    # wrong extensions: before the mails and archives that hold them
    ("eigenlijk-docx", "doc", "docx", "LibreOffice 7.4", OK, ["wrong extension"]),
    ("eigenlijk-rtf", "doc", "rtf", "LibreOffice 7.4", OK, ["wrong extension"]),
    ("eigenlijk-html", "xls", "html", "typed out, as a portal", OK, ["wrong extension", "table"]),
    ("eigenlijk-csv", "txt", "csv", "Python csv", OK, ["wrong extension"]),
    ("eigenlijk-pdf", "docx", "pdf", "LibreOffice 7.4", OK, ["wrong extension"]),
    ("eigenlijk-tekst", "pdf", "txt", "plain text", OK, ["wrong extension"]),
    ("mutt-overleg", "eml", "eml", "mutt", OK, ["plain text", "nested quotes with >", "Op ... schreef ...:"]),
    ("s-nail-verzuim", "eml", "eml", "s-nail", OK, ["plain text", "attachment docx"]),
    ("outlook-weekend", "eml", "eml", "Python, as Outlook", OK, ["multipart/alternative", "windows-1252", "quoted-printable", "Q-encoded subject", "Van/Verzonden/Aan/Onderwerp block"]),
    ("gmail-antwoord", "eml", "eml", "Python, as Gmail", OK, ["multipart/alternative", "base64 body", "blockquote", "Op ... schreef ...:"]),
    ("apple-flowed", "eml", "eml", "Python, as Apple Mail", OK, ["format=flowed", "quoted lines", "B-encoded subject in more words", "8bit"]),
    ("html-portaalmelding", "eml", "eml", "Python, as a portal", OK, ["HTML only", "windows-1252", "quoted-printable", "Q-encoded subject", "hidden preview text"]),
    ("bijlagen-dossier", "eml", "eml", "Python email", OK, ["base64 body", "attachment docx", "attachment pdf", "attached message/rfc822", "RFC 2231 file name", "Q-encoded word inside the subject"]),
    ("team-postbus", "mbox", "mbox", "Python mailbox", OK, ["three messages", ">From in a body", "7bit, 8bit and quoted-printable"]),
    ("msgforge-vermissing", "msg", "msg", "msgforge", OK, ["HTML body", "Unicode strings", "compressed RTF", "attachment rtf"]),
    ("oxmsg-stage", "msg", "msg", "@tutao/oxmsg (npm)", OK, ["plain text body", "Unicode strings", "quoted lines"]),
    ("aspose-ketenoverleg", "msg", "msg", "aspose-email-foss", OK, ["plain text body", "eight-bit strings", "attachment docx", "attached message"]),
    ("libreoffice-contactregels", "xlsx", "xlsx", "LibreOffice 7.4", OK, ["from csv", "dates as numbers", "line ends in cells"]),
    ("openpyxl-rapportages", "xlsx", "xlsx", "openpyxl", OK, ["title and empty row above the header", "merged cells", "two sheets", "dates as numbers"]),
    ("xlsxwriter-journaal", "xlsx", "xlsx", "XlsxWriter", OK, ["shared strings", "rich text", "dates as numbers", "numbers as client number", "formulas with cached values", "line ends in cells", "two sheets"]),
    ("xlsxwriter-regelsgewijs", "xlsx", "xlsx", "XlsxWriter", OK, ["constant_memory: inline strings", "dates as numbers", "formulas with cached values", "two sheets"]),
    ("pandas-export", "xlsx", "xlsx", "pandas and openpyxl", OK, ["date and time cells"]),
    ("openpyxl-verzuimoverzicht", "xlsx", "xlsx", "openpyxl and LibreOffice 7.4", OK, ["form, no column of notes", "merged cells", "formulas with cached values", "tick boxes"]),
    ("libreoffice-leefgroep", "xls", "xls", "LibreOffice 7.4", OK, ["BIFF8", "from csv", "dates as numbers"]),
    ("xlwt-wijkteam", "xls", "xls", "xlwt", OK, ["BIFF8", "rich text", "summary sheet first", "dates as numbers"]),
    ("gnumeric-kamertraining", "xls", "xls", "Gnumeric", OK, ["BIFF5 (Excel 95)", "eight-bit strings", "dates as numbers"]),
    ("libreoffice-dagopvang", "ods", "ods", "LibreOffice 7.4", OK, ["from csv", "dates as values", "line ends in cells"]),
    ("odfpy-ambulant", "ods", "ods", "odfpy", OK, ["title and empty rows above the header", "covered cells", "repeated cells and a million repeated rows", "paragraphs in a cell", "repeated spaces"]),
    ("pandas-pleegzorg", "ods", "ods", "pandas and odfpy", OK, ["dates as values"]),
    ("excel-nl", "csv", "csv", "Python csv, as Excel", OK, ["sep=;", "semicolons", "windows-1252", "CRLF", "line ends and quotes in cells"]),
    ("utf8-bom", "csv", "csv", "Python csv", OK, ["commas", "UTF-8 with BOM", "every cell quoted", "CRLF"]),
    ("excel-unicode", "tsv", "csv", "Python csv, as Excel", OK, ["tabs", "UTF-16LE with BOM"]),
    ("libreoffice-export", "csv", "csv", "LibreOffice 7.4", OK, ["semicolons", "UTF-8", "every text cell quoted"]),
    ("pijp-andere-namen", "csv", "csv", "Python csv", OK, ["pipes", "ISO-8859-15", "column names that need a mapping"]),
    ("infozip-dossier", "zip", "zip", "Info-ZIP", OK, ["folders", "mixed formats", "empty file", "Thumbs.db and __MACOSX"]),
    ("zipfile-oude-namen", "zip", "zip", "Python zipfile", OK, ["CP850 names without UTF-8 mark", "CP850 text"]),
    ("zevenzip-export", "zip", "zip", "7-Zip", OK, ["UTF-8 names", "stored and deflated", "csv inside"]),
    ("infozip-versleuteld", "zip", "zip", "Info-ZIP", "encrypted", ["one entry with ZipCrypto", "one entry open"]),
    ("zip-in-zip", "zip", "zip", "Python zipfile", OK, ["archive inside an archive"]),
    ("bom", "zip", "zip", "Python zipfile", "too_large", ["bomb"]),
]
PASSWORDS = {"infozip-versleuteld": PASSWORD}


def maker(name):
    return globals()[name.replace("-", "_")]


def paths_in(name, ext):
    return HERE / f"{name}.{ext}", HERE / (f"{name}.verwacht.txt" if ext == "txt" else f"{name}.txt")


# ---------------------------------------------------------------- check

def words(text):
    return re.findall(r"\w+", text.replace("\u00ad", ""))


def read_mail(data):
    """Subject and body of a message as Python's email package reads them; HTML stripped by hand."""
    message = email.message_from_bytes(data, policy=email.policy.default)
    part = message.get_body(("plain", "html"))
    body = part.get_content()
    if part.get_content_type() == "text/html":
        body = html.unescape(re.sub(r"<[^>]+>", " ", re.sub(r"(?s)<style.*?</style>", "", body)))
    return f"Onderwerp: {message['Subject']}\n{body}", [p.get_filename() for p in message.iter_attachments()]


def readings(path, fmt, work):
    """What other programs read in a file: pairs of program and text."""
    copy = work / f"x.{fmt}"
    copy.write_bytes(path.read_bytes())
    if fmt in ("docx", "odt", "rtf", "html", "doc"):
        out = work / "x.pdf"
        yield "soffice+pdftotext", run("sh", "-c", f"soffice -env:UserInstallation=file:///tmp/signaalbril-lo --headless --convert-to pdf --outdir {work} {copy} >/dev/null 2>&1 && pdftotext -layout {out} -").decode()
    if fmt in ("docx", "odt", "rtf", "html"):
        source = copy
        if fmt == "html" and b"iso-8859" in copy.read_bytes()[:400] or b"windows-1252" in copy.read_bytes()[:400]:
            source.write_bytes(copy.read_bytes().decode("cp1252").encode())
        yield "pandoc", run("pandoc", "-f", fmt, "-t", "plain", "--wrap=none", source).decode()
    if fmt == "doc":
        yield "catdoc", run("catdoc", "-d", "utf-8", copy).decode()
    if fmt == "pdf":
        yield "pdftotext", run("pdftotext", copy, "-").decode()
    if fmt in ("xlsx", "xls", "ods"):
        import pandas

        sheets = pandas.read_excel(copy, sheet_name=None, header=None, dtype=object)
        yield "pandas", "\n".join(str(c) for s in sheets.values() for row in s.itertuples(index=False) for c in row if c == c)
        run("soffice", "-env:UserInstallation=file:///tmp/signaalbril-lo", "--headless", "--convert-to", "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1", "--outdir", work / "csv", copy)
        yield "soffice", "\n".join(p.read_text(encoding="utf-8") for p in sorted((work / "csv").iterdir()))
    if fmt in ("csv", "txt"):
        data = copy.read_bytes()
        code = "utf-16" if data[:2] == b"\xff\xfe" else "utf-8-sig" if path.stem not in ("excel-nl", "pijp-andere-namen") else "cp1252"
        yield "Python", data.decode(code).replace('""', '"')
    if fmt == "eml":
        yield "Python", read_mail(path.read_bytes())[0]
    if fmt == "mbox":
        yield "Python", "\n".join(read_mail(m.as_bytes())[0] for m in mailbox.mbox(path))
    if fmt == "msg":
        import extract_msg

        with extract_msg.openMsg(str(path)) as m:
            body = m.body or html.unescape(re.sub(r"<[^>]+>", " ", m.htmlBody.decode()))
            yield "extract-msg", f"Onderwerp: {m.subject}\n{body}"
    if fmt == "zip":
        with zipfile.ZipFile(path, metadata_encoding="cp850") as archive:
            yield "names", "\n".join(archive.namelist())


def check(parts):
    """For each file and program: words of the text that the program does not read, and words that it reads besides."""
    entries = json.loads((HERE / "manifest.json").read_text(encoding="utf-8"))["files"]
    for e in entries:
        if parts and not any(p in e["path"] for p in parts):
            continue
        with tempfile.TemporaryDirectory() as work:
            want = collections.Counter(words((HERE / e["text"]).read_text(encoding="utf-8")))
            for program, text in readings(HERE / e["path"], e["format"], pathlib.Path(work)):
                if program == "names":
                    found = text.split("\n")
                    missing = [d["path"] for d in e["documents"] if not any(d["path"] == f or d["path"].startswith(f + "/") for f in found)]
                    print(f"{e['path']:36} {program:18} holds {len(found)}; documents not found: {missing}")
                    continue
                have = collections.Counter(words(text))
                missed, more = want - have, have - want
                print(f"{e['path']:36} {program:18} recall {1 - sum(missed.values()) / max(1, sum(want.values())):.3f}  missed {' '.join(list(missed.elements())[:9])}  | more {' '.join(list(more.elements())[:12])}")


def look(parts):
    """Fails when a file tells of a machine or an author, or is too large."""
    total = 0
    for path in sorted(HERE.iterdir()):
        if not path.is_file() or path.suffix in (".py", ".md", ".json"):
            continue
        data = path.read_bytes()
        total += len(data)
        inside = [data]
        if data[:2] == b"PK":
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                inside += [archive.read(i) for i in archive.infolist() if not i.flag_bits & 1]
        for content in inside:
            for flat in (content, content.replace(b"\0", b"")):
                for bad in (rb"/tmp/", rb"/root", rb"/home/", rb"/work/", rb"file:///", b"@" + os.uname().nodename.encode() + b">"):
                    if bad in flat:
                        print(path.name, "holds", bad, flat[max(0, flat.index(bad) - 40):flat.index(bad) + 60])
                year = re.search(rb"2026-\d\d-\d\d|D:2026|yr2026", flat)
                if year:
                    print(path.name, "holds", year[0])
    print("total", total, "bytes")


def main():
    os.environ.update({"SOURCE_DATE_EPOCH": str(int(DAY.replace(tzinfo=datetime.timezone.utc).timestamp())), "TZ": "UTC"})
    os.environ.setdefault("LC_ALL", "C.UTF-8")
    time.tzset()
    if sys.argv[1:2] == ["check"]:
        check(sys.argv[2:])
        return look(sys.argv[2:])
    for name, ext, fmt, producer, status, features in FILES:
        if sys.argv[1:] and not any(part in name for part in sys.argv[1:]):
            continue
        path, beside = paths_in(name, ext)
        with tempfile.TemporaryDirectory() as work:
            data, text, *held = maker(name)(pathlib.Path(work))
        path.write_bytes(data)
        beside.write_text(text.text if isinstance(text, Export) else text, encoding="utf-8")
        for number, (_, member) in enumerate(held[0] if held else [], 1):
            if "\n" in member:
                (HERE / f"{name}.{number}.txt").write_text(member, encoding="utf-8")
        print(f"{path.name}  {producer}  {len(data)} bytes")
    manifest()


def manifest():
    """Written whole, also when a part is remade: what a mail or an archive holds is asked of its maker again."""
    entries = []
    for name, ext, fmt, producer, status, features in FILES:
        path, beside = paths_in(name, ext)
        if not path.exists():
            continue
        entry = {"path": path.name, "producer": producer, "text": beside.name, "features": features, "status": status, "format": fmt, "password": PASSWORDS.get(name)}
        if fmt in ("eml", "mbox", "msg", "zip"):
            with tempfile.TemporaryDirectory() as work:
                held = (maker(name)(pathlib.Path(work)) + ([],))[2]
            entry["documents"] = [{"path": inside, "text": f"{name}.{n}.txt" if "\n" in member else member} for n, (inside, member) in enumerate(held, 1)]
        if (SOURCES / (name + ".rows")).exists():
            entry["rows"] = load_rows(name).told()
        entries.append(entry)
    body = ",\n".join("  " + json.dumps(e, ensure_ascii=False) for e in entries)
    (HERE / "manifest.json").write_text('{"files": [\n' + body + "\n]}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
