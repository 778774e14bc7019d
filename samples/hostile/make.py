#!/usr/bin/env python3
"""Remake every file of samples/hostile/: small files that are made to do harm. Needs nothing but Python; bytes are the same on every run.

manifest.json names each with what it does and the status that comes out of it, or of the first document in it.
Names of files that a disk or git may not hold are made by tests/it/hostile.
"""
import base64
import json
import pathlib
import struct
import zlib

HERE = pathlib.Path(__file__).parent
NOTE = "Cl. kwam vannacht niet thuis en draagt ineens dure merkkleding. (Verzonnen voorbeeldtekst.)\n"
FILES = []


def file(name, about, status, data):
    data = data.encode() if isinstance(data, str) else data
    assert len(data) < 60_000, (name, len(data))
    (HERE / name).write_bytes(data)
    FILES.append({"path": name, "about": about, "status": status})


# -- zip: local headers and directory by hand, so that they may lie ---------------------------------------------------------------------


def local(name, packed, size, crc, method=8):
    return struct.pack("<IHHHHHIIIHH", 0x04034B50, 20, 0x800, method, 0, 0x21, crc, len(packed), size, len(name), 0) + name + packed


def entry(name, packed_size, size, crc, offset, method=8, mode=0o100644):
    return struct.pack(
        "<IHHHHHHIIIHHHHHII", 0x02014B50, 0x31E, 20, 0x800, method, 0, 0x21, crc, packed_size, size, len(name), 0, 0, 0, 0, mode << 16, offset
    ) + name


def archive(body, entries, count=None):
    directory = b"".join(entries)
    count = min(len(entries) if count is None else count, 0xFFFF)
    return body + directory + struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, count, count, len(directory), len(body), 0)


def deflate(data):
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush()


def zipped(parts, modes=None):
    body, entries = b"", []
    for name, data in parts:
        name = name.encode() if isinstance(name, str) else name
        data = data.encode() if isinstance(data, str) else data
        packed, crc = deflate(data), zlib.crc32(data)
        mode = (modes or {}).get(name, 0o100644)
        entries.append(entry(name, len(packed), len(data), crc, len(body), mode=mode))
        body += local(name, packed, len(data), crc)
    return archive(body, entries)


def zips():
    million = b"a" * (1 << 20)
    packed = deflate(million)
    crc = zlib.crc32(million)
    head = local(b"0.txt", packed, len(million), crc)
    same = [entry(b"%d.txt" % n, len(packed), len(million), crc, 0) for n in range(700)]
    file("overlap.zip", "700 names for the same megabyte", "ok", archive(head, same))
    kernel = deflate(b"niets bijzonders vandaag. " * 40_000)
    size = 26 * 40_000
    file("bomb.zip", "one file of 40 MB in 40 kB", "too_large", zipped([("a.txt", b"a" * (40 << 20))]))
    inner = zipped([(f"{n}.txt", b"0" * (4 << 20)) for n in range(8)])
    for depth in range(6):
        inner = zipped([(f"{depth}-{n}.zip", inner) for n in range(3)])
    file("nested.zip", "archives in archives, 5832 files of 4 MB in the innermost", "too_large", inner)
    lie = archive(local(b"a.txt", kernel, 10, 0), [entry(b"a.txt", len(kernel), 10, 0, 0)])
    file("lying-size.zip", "says 10 bytes and holds a million", "damaged", lie)
    shut = archive(local(b"a.txt", kernel, size, 0), [entry(b"a.txt", len(kernel), size, 0, 0x7FFFFFFF)])
    file("offset-outside.zip", "a part that lies outside the file", "damaged", shut)
    names = [
        "../../../../../../tmp/signaalbril-uit.txt",
        "/tmp/signaalbril-uit.txt",
        "C:\\signaalbril-uit.txt",
        "..\\..\\signaalbril-uit.txt",
        "map/./../../signaalbril-uit.txt",
        "regel\neinde.txt",
        "scherm\x1b[2J\x1b]0;titel\x07.txt",
        "om\u202egekeerd\u202c.txt",
        "=HYPERLINK(1).txt",
        "<img src=x onerror=alert(1)>.txt",
        "a" * 2000 + ".txt",
        "",
        "nul\x00byte.txt",
        b"geen\xff\xfeutf8.txt",
    ]
    file("names.zip", "names that climb out of the folder or write on the screen", "ok", zipped([(n, NOTE) for n in names]))
    file("twice.zip", "the same name twice, and a file that is a folder", "ok", zipped([("a.txt", NOTE), ("a.txt", NOTE), ("a.txt/", ""), ("a.txt/b.txt", NOTE)]))
    file("link.zip", "a link to a file of this machine", "ok", zipped([("koppeling.txt", "/etc/passwd"), ("a.txt", NOTE)], {b"koppeling.txt": 0o120777}))


# -- XML ---------------------------------------------------------------------------------------------------------------------------------

LAUGH = "<!DOCTYPE a [<!ENTITY a \"ha\">" + "".join(f"<!ENTITY {n} \"{('&' + p + ';') * 10}\">" for p, n in zip("abcdefgh", "bcdefghi")) + "]>"
OUTSIDE = '<!DOCTYPE a [<!ENTITY i SYSTEM "file:///etc/passwd"><!ENTITY % p SYSTEM "http://127.0.0.1:9/x.dtd"> %p;]>'
TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
SHEETS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def docx(doctype, text, more=()):
    body = f'{doctype}<w:document xmlns:w="w"><w:body><w:p><w:r><w:t>{NOTE}{text}</w:t></w:r></w:p></w:body></w:document>'
    return zipped([("[Content_Types].xml", TYPES), ("word/document.xml", body), *more])


def flat(doctype, text):
    return f'<?xml version="1.0"?>{doctype}<office:document office:mimetype="application/vnd.oasis.opendocument.text"><office:body><office:text><text:p>{NOTE}{text}</text:p></office:text></office:body></office:document>'


def xlsx(strings, sheet):
    return zipped([
        ("[Content_Types].xml", f'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>'),
        ("_rels/.rels", f'<Relationships xmlns="{LINKS}"><Relationship Id="r1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'),
        ("xl/workbook.xml", f'<workbook xmlns="{SHEETS}" xmlns:r="{OFFICE}"><sheets><sheet name="Blad1" sheetId="1" r:id="r1"/></sheets></workbook>'),
        ("xl/_rels/workbook.xml.rels", f'<Relationships xmlns="{LINKS}"><Relationship Id="r1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>'),
        ("xl/sharedStrings.xml", strings),
        ("xl/worksheets/sheet1.xml", f'<worksheet xmlns="{SHEETS}"><sheetData>{sheet}</sheetData></worksheet>'),
    ])


def xml():
    file("entities.docx", "entities that grow to 200 million letters", "partial", docx(LAUGH, "&i;"))
    file("entities.fodt", "entities that grow to 200 million letters", "partial", flat(LAUGH, "&i;"))
    file("outside.docx", "an entity that is a file of this machine, a DTD of another", "partial", docx(OUTSIDE, "&i;"))
    file("outside.fodt", "an entity that is a file of this machine, a DTD of another", "partial", flat(OUTSIDE, "&i;"))
    linked = [("word/_rels/document.xml.rels", f'<Relationships xmlns="{LINKS}"><Relationship Id="r1" Type="{OFFICE}/attachedTemplate" Target="http://127.0.0.1:9/x.dotm" TargetMode="External"/><Relationship Id="r2" Type="{OFFICE}/header" Target="../../../../../../etc/passwd"/></Relationships>')]
    file("template.docx", "a template from the network and a header outside the archive", "ok", docx("", "", linked))
    laugh = f'{LAUGH}<sst xmlns="{SHEETS}"><si><t>&i;</t></si></sst>'
    file("entities.xlsx", "entities in the texts of a workbook", "damaged", xlsx(laugh, '<row r="1"><c r="A1" t="s"><v>0</v></c></row>'))
    cells = '<c r="XFD1048576" t="inlineStr"><is><t>ver weg</t></is></c>'
    file("far-cell.xlsx", "a cell at the far end of the sheet", "ok", xlsx(f'<sst xmlns="{SHEETS}"/>', f'<row r="1048576">{cells}</row>'))
    far = '<c r="A1" t="s"><v>4294967295</v></c>'
    file("no-such-text.xlsx", "a cell that points outside the texts", "damaged", xlsx(f'<sst xmlns="{SHEETS}" count="4294967295" uniqueCount="4294967295"/>', f'<row r="1">{far}</row>'))
    repeated = f'<table:table-row table:number-rows-repeated="1048576"><table:table-cell table:number-columns-repeated="16384"><text:p>{NOTE}</text:p></table:table-cell></table:table-row>'
    file("repeated.fods", "17 billion cells in one", "ok", f'<?xml version="1.0"?><office:document office:mimetype="application/vnd.oasis.opendocument.spreadsheet"><office:body><office:spreadsheet><table:table table:name="a">{repeated}</table:table></office:spreadsheet></office:body></office:document>')
    spaces = f'<?xml version="1.0"?><office:document office:mimetype="application/vnd.oasis.opendocument.text"><office:body><office:text><text:p>{NOTE}<text:s text:c="4294967295"/>x</text:p></office:text></office:body></office:document>'
    file("spaces.fodt", "four billion blanks in one", "ok", spaces)


# -- PDF ---------------------------------------------------------------------------------------------------------------------------------


def pdf(objects, trailer=""):
    out, offsets = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n" % number + (body.encode("latin-1") if isinstance(body, str) else body) + b"\nendobj\n"
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + b"".join(b"%010d 00000 n \n" % o for o in offsets)
    return out + f"trailer\n<</Size {len(objects) + 1}/Root 1 0 R{trailer}>>\nstartxref\n{table}\n%%EOF\n".encode()


def stream(entries, data):
    data = data.encode("latin-1") if isinstance(data, str) else data
    return f"<<{entries}/Length {len(data)}>>\nstream\n".encode() + data + b"\nendstream"


def page(content, resources="/Font<</F1 4 0 R>>", entries="/MediaBox[0 0 595 842]", more=()):
    return [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        f"<</Type/Page/Parent 2 0 R/Contents 5 0 R/Resources<<{resources}>>{entries}>>",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
        content,
        *more,
    ]


FAR = "9" * 18
TEXT = "BT /F1 11 Tf 50 700 Td (" + NOTE.strip().replace("(", "\\(").replace(")", "\\)") + ") Tj ET"


def pdfs():
    blank = b" " * (40 << 20)
    once = zlib.compress(blank, 9)
    file("bomb.pdf", "a page of 40 MB of blanks, packed twice", "too_large", pdf(page(stream("/Filter[/FlateDecode/FlateDecode]", zlib.compress(once, 9)))))
    tree = page(stream("", TEXT))
    tree[1] = "<</Type/Pages/Kids[3 0 R 2 0 R 2 0 R]/Count 3/Parent 2 0 R>>"
    file("tree-in-a-circle.pdf", "pages that hold themselves", "ok", pdf(tree))
    many = page(stream("", TEXT))
    many[1] = "<</Type/Pages/Kids[" + "3 0 R " * 8000 + "]/Count 2147483647>>"
    file("many-pages.pdf", "one page 8000 times", "ok", pdf(many))
    forms = [stream(f"/Type/XObject/Subtype/Form/Resources<</XObject<</X {7 + n} 0 R>>>>", "/X Do " * 12) for n in range(9)]
    forms.append(stream("/Type/XObject/Subtype/Form", TEXT))
    file("forms.pdf", "drawings in drawings, 12 to the ninth", "partial", pdf(page(stream("", TEXT + " /X Do"), "/Font<</F1 4 0 R>>/XObject<</X 6 0 R>>", more=forms)))
    nested = page(stream("", TEXT), more=["[" * 25_000 + "]" * 25_000])
    file("deep.pdf", "25,000 lists in lists", "ok", pdf(nested))
    itself = page(b"<</Length 5 0 R>>\nstream\n" + TEXT.encode() + b"\nendstream")
    file("length-is-itself.pdf", "a length that is the stream it is of", "empty", pdf(itself))
    before = pdf(page(stream("", TEXT)))
    start = before.index(b"xref\n0")
    file("table-in-a-circle.pdf", "a table of contents that comes before itself", "ok", before.replace(b"/Root 1 0 R", b"/Root 1 0 R/Prev %d" % start))
    holder = page(stream("", TEXT), more=[stream("/Type/ObjStm/N 100000000/First 20/Extends 6 0 R", "7 0 8 0 9 0         <<>><<>>")])
    file("objects-in-a-circle.pdf", "a store of objects that goes on in itself", "ok", pdf(holder))
    file("huge-page.pdf", "a page as wide as the universe", "ok", pdf(page(stream("", TEXT.replace("50 700 Td", f"{FAR} 0 0 {FAR} -{FAR} {FAR} Tm")), entries=f"/UserUnit {FAR}/MediaBox[-{FAR} -{FAR} {FAR} {FAR}]")))
    image = stream("/Type/XObject/Subtype/Image/Width 2147483647/Height 2147483647/BitsPerComponent 8/ColorSpace/DeviceRGB/Filter/FlateDecode", zlib.compress(b"\0" * 1000))
    file("huge-image.pdf", "an image of four billion billion dots", "needs_ocr", pdf(page(stream("", "q 500 0 0 500 0 0 cm /I Do Q"), "/XObject<</I 6 0 R>>", more=[image])))
    fax = stream("/Type/XObject/Subtype/Image/Width 60000/Height 60000/BitsPerComponent 1/ColorSpace/DeviceGray/Filter/CCITTFaxDecode/DecodeParms<</K -1/Columns 60000/Rows 60000>>", b"\x80" * 200)
    file("huge-fax.pdf", "a fax of 60,000 by 60,000 in 200 bytes", "needs_ocr", pdf(page(stream("", "q 500 0 0 500 0 0 cm /I Do Q"), "/XObject<</I 6 0 R>>", more=[fax])))
    letters = "".join(f"<{n:04x}> <{n:04x}> <{'0061' * 500}>\n" for n in range(20))
    cmap = stream("/Type/CMap", f"begincmap 1 begincodespacerange <0000> <ffff> endcodespacerange 20 beginbfrange\n{letters}endbfrange 1 beginbfrange <0000> <ffffffff> <0041> endbfrange endcmap")
    wide = page(stream("", "BT /F1 11 Tf 50 700 Td <0001> Tj ET"), more=[cmap, "<</Type/Font/Subtype/CIDFontType2/BaseFont/X/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/W[0 4294967295 500]/DW 1000>>"])
    wide[3] = "<</Type/Font/Subtype/Type0/BaseFont/X/Encoding/Identity-H/DescendantFonts[7 0 R]/ToUnicode 6 0 R>>"
    file("letters.pdf", "a font whose letters stand for hundreds, and ranges of billions", "ok", pdf(wide))
    script = pdf(page(stream("", TEXT), more=["<</S/JavaScript/JS(app.launchURL\\('http://127.0.0.1:9/'\\))>>", "<</S/Launch/F(/bin/sh)>>"])).replace(b"/Type/Catalog", b"/Type/Catalog/OpenAction 6 0 R/AA<</O 7 0 R>>")
    file("script.pdf", "runs a script and a program when it is opened", "ok", script)
    file("only-head.pdf", "a head and nothing else", "damaged", b"%PDF-1.7\n")


# -- the rest ----------------------------------------------------------------------------------------------------------------------------


def others():
    file("deep.html", "8,000 elements in elements", "ok", "<html><body>" + "<div>" * 8000 + NOTE)
    file("deep.rtf", "40,000 groups in groups", "partial", "{\\rtf1 " + NOTE + "{" * 40_000)
    file("huge-number.rtf", "numbers larger than a number, binary of two gigabytes", "partial", "{\\rtf1\\ansi " + NOTE + "\\uc99999999999 \\u-99999999999?\\bin2147483647 " + NOTE + "}")
    file("deep.json", "20,000 lists in lists", "ok", "[" * 20_000 + "]" * 20_000)
    file("deep.jsonl", "a note, then 20,000 lists in lists", "ok", json.dumps({"client": "K-1", "text": NOTE}) + "\n" + '{"text":' + "[" * 20_000 + "\n")
    file("columns.csv", "20,000 columns", "ok", "client;notitie" + ";" * 20_000 + "\nK-1;" + NOTE)
    file("quote.csv", "a quotation mark that never ends", "ok", 'client;notitie\nK-1;"' + NOTE + 'K-2;"' + NOTE * 20)
    file("formula.csv", "formulas for spreadsheets in the names of clients", "ok", "client;notitie\n" + "".join(f'"{f}";{NOTE}' for f in ["=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(1)", "\t=1", "=HYPERLINK(\"\"http://127.0.0.1:9\"\")"]))
    file("script.html", "scripts, and text that looks like them", "ok", f"<html><head><base href='http://127.0.0.1:9/'><script>alert(1)</script><meta http-equiv=refresh content='0;url=http://127.0.0.1:9/'></head><body onload=alert(1)><img src=x onerror=alert(1)><iframe src=file:///etc/passwd></iframe>{NOTE}&lt;script&gt;alert(2)&lt;/script&gt;</body></html>")
    file("escapes.txt", "control characters, text directions, a title for the terminal", "ok", "\x1b[2J\x1b]0;titel\x07\u202e" + NOTE + "\x00\x08\x7f\u2066\ufeff\ufffe" + NOTE)
    file("marks.txt", "a letter with 10,000 accents", "ok", NOTE + "a" + "\u0301" * 10_000 + "\n")
    file("surrogates.txt", "UTF-16 that breaks off in the middle of letters", "ok", "\ufeff".encode("utf-16-le") + NOTE.encode("utf-16-le") + b"\x00\xd8" * 50 + b"x")
    parts = "".join(f"Content-Type: multipart/mixed; boundary=b{n}\r\n\r\n--b{n}\r\n" for n in range(800))
    file("deep.eml", "800 parts in parts", "partial", f"From: a\r\nSubject: bericht\r\nMIME-Version: 1.0\r\n{parts}Content-Type: text/plain\r\n\r\n{NOTE}")
    packed = base64.b64encode(zipped([("a.txt", b"a" * (20 << 20))])).decode()
    file("attached-bomb.eml", "a mail with a bomb attached", "ok", f"From: a\r\nSubject: bericht\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n{NOTE}\r\n--b\r\nContent-Type: application/zip\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename=\"../../../tmp/signaalbril-uit.zip\"\r\n\r\n{packed}\r\n--b--\r\n")
    head = "Subject: " + "=?utf-8?Q?" + "=41" * 15_000 + "?="
    file("long-header.eml", "a subject of 15,000 encoded letters", "ok", f"From: a\r\n{head}\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=\"bestaat-niet\"\r\n\r\n{NOTE}")
    png = lambda width, height: b"\x89PNG\r\n\x1a\n" + b"".join(struct.pack(">I", len(d)) + t + d + struct.pack(">I", zlib.crc32(t + d)) for t, d in [(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)), (b"IDAT", zlib.compress(b"\0" * 4000)), (b"IEND", b"")])
    file("huge.png", "an image of two billion by two billion dots", "needs_ocr", png(0x7FFFFFFF, 0x7FFFFFFF))
    tags = [(256, 4, 1, 0xFFFFFFFF), (257, 4, 1, 0xFFFFFFFF), (258, 3, 1, 1), (259, 3, 1, 4), (262, 3, 1, 0), (273, 4, 0xFFFFFFFF, 8), (279, 4, 0xFFFFFFFF, 8)]
    tiff = b"II*\0" + struct.pack("<I", 8) + struct.pack("<H", len(tags)) + b"".join(struct.pack("<HHII", *t) for t in tags) + struct.pack("<I", 8)
    file("circle.tif", "an image of four billion dots whose next page is itself", "needs_ocr", tiff)
    header = bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 16 + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + b"\0" * 6 + struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 1, 0) + struct.pack("<I", 0) + b"\xff" * 432
    loop = struct.pack("<128I", *([0xFFFFFFFD, 1] + [2] * 126)) + b"\0" * 512 * 3
    file("circle.msg", "an OLE file whose folder goes on in itself", "unsupported", header + loop)


if __name__ == "__main__":
    zips()
    xml()
    pdfs()
    others()
    (HERE / "manifest.json").write_text("[\n" + ",\n".join(json.dumps(f) for f in FILES) + "\n]\n")
