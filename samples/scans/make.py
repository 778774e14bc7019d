#!/usr/bin/env python3
"""Remake every scan of samples/scans/ from texts of samples/dossiers/, with the text beside each.

Debian packages (apt-get install --no-install-recommends): fonts-dejavu-core fonts-liberation
Python packages (pip install): pillow numpy img2pdf pikepdf

Usage: python3 make.py [part of a name ...]     remake all, or the files with that in their name

A text is printed in a clean font, turned a little, blurred and sprinkled with noise, as a scanner does, and wrapped in the ways that
scanners and phones have. Seeds are fixed, so a second run on the same machine gives the same bytes, except for the file with a password.
"""
import io
import json
import pathlib
import sys
import textwrap

import img2pdf
import numpy
import pikepdf
from PIL import Image, ImageDraw, ImageFilter, ImageFont

HERE = pathlib.Path(__file__).resolve().parent
DOSSIERS = HERE.parent / "dossiers"
A4 = (8.27, 11.69)
FONTS = {
    "serif": "/usr/share/fonts/truetype/liberation/LiberationSerif-Regular.ttf",
    "sans": "/usr/share/fonts/truetype/liberation/LiberationSans-Regular.ttf",
    "dejavu": "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
    "mono": "/usr/share/fonts/truetype/liberation/LiberationMono-Regular.ttf",
}


ENCODINGS = {document["path"]: document.get("encoding", "utf-8")
             for document in json.loads((HERE.parent / "manifest.json").read_text())["documents"]}


def read(path):
    text = (DOSSIERS / path).read_bytes().decode(ENCODINGS[f"dossiers/{path}"].removesuffix("-bom"))
    return text.lstrip("\ufeff").replace("\r\n", "\n").strip() + "\n"


def pages(text, dpi, font="serif", points=11, lines=None):
    """The text on white pages."""
    size = points * dpi / 72
    face = ImageFont.truetype(FONTS[font], round(size))
    width, height = (round(side * dpi) for side in A4)
    margin = dpi
    columns = int((width - 2 * margin) / face.getlength("gemiddelde regel van een verslag") * 32)
    rows = []
    for line in text.rstrip("\n").split("\n"):
        rows += textwrap.wrap(line, columns, break_long_words=False) or [""]
    step = size * 1.35
    lines = lines or int((height - 2 * margin) / step)
    out = []
    for start in range(0, len(rows), lines):
        page = Image.new("L", (width, height), 255)
        draw = ImageDraw.Draw(page)
        for n, row in enumerate(rows[start:start + lines]):
            draw.text((margin, margin + n * step), row, fill=15, font=face)
        out.append(page)
    return out


def scanned(page, seed, degrees=0.5, noise=6, blur=0.5):
    """The page as a scanner sees it."""
    random = numpy.random.default_rng(seed)
    page = page.rotate(degrees, Image.BICUBIC, fillcolor=255).filter(ImageFilter.GaussianBlur(blur))
    pixels = numpy.asarray(page, dtype=numpy.float32) * 0.93 + 8
    pixels += random.normal(0, noise, pixels.shape)
    return Image.fromarray(pixels.clip(0, 255).astype(numpy.uint8))


def bilevel(page):
    return page.point(lambda p: 255 if p > 150 else 0).convert("1", dither=Image.NONE)


def encoded(page, kind, **options):
    out = io.BytesIO()
    page.save(out, kind, **options)
    return out.getvalue()


def jpeg(page, quality=38):
    return encoded(page, "JPEG", quality=quality, optimize=True)


def fax(page):
    """The bare CCITT G4 data of a page; with BlackIs1, black is 0 (what a TIFF calls black a fax calls white)."""
    tiff = Image.open(io.BytesIO(encoded(page, "TIFF", compression="group4", tiffinfo={278: page.height})))
    (offset,), (length,) = tiff.tag_v2[273], tiff.tag_v2[279]
    tiff.fp.seek(offset)
    return tiff.fp.read(length)


def new():
    pdf = pikepdf.new()
    pdf.docinfo["/CreationDate"] = "D:20240601090000Z"
    return pdf


def image(pdf, data, size, **entries):
    keys = {"/Type": "/XObject", "/Subtype": "/Image", "/Width": size[0], "/Height": size[1], "/BitsPerComponent": 8,
            "/ColorSpace": "/DeviceGray"} | {f"/{key}": value for key, value in entries.items()}
    stream = pikepdf.Stream(pdf, data)
    for key, value in keys.items():
        named = isinstance(value, str) and value.startswith("/")
        stream[key] = pikepdf.Name(value) if named else value
    return pdf.make_indirect(stream)


def page_of(pdf, images, size=(595, 842), **entries):
    """A page that draws (image, [a b c d e f]) one after another."""
    names = {f"/Im{n}": image for n, (image, _) in enumerate(images)}
    draw = "".join(f"q {' '.join(map(str, m))} cm /Im{n} Do Q\n" for n, (_, m) in enumerate(images))
    page = pikepdf.Dictionary(
        Type=pikepdf.Name.Page, MediaBox=[0, 0, *size], Contents=pdf.make_stream(draw.encode()),
        Resources=pikepdf.Dictionary(XObject=pikepdf.Dictionary(names)), **entries)
    pdf.pages.append(pikepdf.Page(pdf.make_indirect(page)))


def saved(pdf, **options):
    out = io.BytesIO()
    pdf.save(out, deterministic_id="encryption" not in options, **options)
    return out.getvalue()


def wrapped(*pictures, **layout):
    """Pictures in a PDF by img2pdf, with an id that is the same every time."""
    pdf = pikepdf.open(io.BytesIO(img2pdf.convert(*pictures, nodate=True, **layout)))
    del pdf.trailer["/ID"]
    return saved(pdf)


SHEET = img2pdf.get_layout_fun((595.28, 841.89))
WHOLE = [595, 0, 0, 842, 0, 0]


def jpeg_pages(text):
    scans = [jpeg(scanned(p, n)) for n, p in enumerate(pages(text, 200, "serif"))]
    return wrapped(*scans, layout_fun=SHEET)


def fax_page(text):
    (page,) = pages(text, 300, "sans")
    page = bilevel(scanned(page, 2, -0.4, 10))
    return wrapped(encoded(page, "TIFF", compression="group4", dpi=(300, 300)))


def grey_page(text):
    (page,) = pages(text, 150, "dejavu", 10)
    page = scanned(page, 3, 0.3, 2).point(lambda p: p & 0xE0)
    return wrapped(encoded(page, "PNG", dpi=(150, 150)))


def jpeg2000_page(text):
    (page,) = pages(text, 200, "serif", 12)
    page = scanned(page, 5, 0.6, 3)
    data = encoded(page, "JPEG2000", quality_mode="rates", quality_layers=[28], irreversible=True)
    pdf = new()
    page_of(pdf, [(image(pdf, data, page.size, Filter="/JPXDecode"), WHOLE)])
    return saved(pdf)


def strips_page(text):
    """Strips of a height that cuts lines of text."""
    (page,) = pages(text, 200, "sans")
    page = bilevel(scanned(page, 6, 0.2))
    pdf, strips, height = new(), [], 101
    for top in range(0, page.height, height):
        strip = page.crop((0, top, page.width, min(top + height, page.height)))
        parms = pikepdf.Dictionary(K=-1, Columns=strip.width, Rows=strip.height, BlackIs1=True)
        own = image(pdf, fax(strip), strip.size, BitsPerComponent=1, Filter="/CCITTFaxDecode", DecodeParms=parms)
        unit = 842 / page.height
        strips.append((own, [595, 0, 0, strip.height * unit, 0, 842 - (top + strip.height) * unit]))
    page_of(pdf, strips)
    return saved(pdf)


def turned_page(text):
    """The picture lies on its side, and the page says so."""
    (page,) = pages(text, 200, "serif", 12)
    page = scanned(page, 7).rotate(90, expand=True)
    pdf = new()
    own = image(pdf, jpeg(page), page.size, Filter="/DCTDecode")
    page_of(pdf, [(own, [842, 0, 0, 595, 0, 0])], (842, 595), Rotate=90)
    return saved(pdf)


def upside_down_page(text):
    """The picture stands on its head, and nothing says so."""
    (page,) = pages(text, 200, "serif", 12)
    return wrapped(jpeg(scanned(page, 8).rotate(180)), layout_fun=SHEET)


def coarse_fax_page(text):
    """A fax at the standard setting, 204 by 98 dpi, with specks of the line."""
    (page,) = pages(text, 204, "sans", 12)
    page = scanned(page, 13, 0.4, 4)
    page = bilevel(page.resize((1728, round(page.height * 98 / 204)), Image.BOX))
    random = numpy.random.default_rng(13)
    pixels = numpy.asarray(page) ^ (random.random((page.height, page.width)) < 0.002)
    page = Image.fromarray(pixels)
    tiff = Image.open(io.BytesIO(encoded(page, "TIFF", compression="group3", tiffinfo={278: page.height})))
    tiff.fp.seek(tiff.tag_v2[273][0])
    data = tiff.fp.read(tiff.tag_v2[279][0])
    pdf = new()
    parms = pikepdf.Dictionary(K=0, Columns=page.width, EndOfBlock=False, BlackIs1=True)
    own = image(pdf, data, page.size, BitsPerComponent=1, Filter="/CCITTFaxDecode", DecodeParms=parms)
    page_of(pdf, [(own, WHOLE)])
    return saved(pdf)


def layered_page(text):
    """Paper as a coarse picture, letters as a mask over it: how copiers save room."""
    (page,) = pages(text, 200, "sans")
    letters = bilevel(scanned(page, 9, 0.3))
    pdf = new()
    paper = scanned(Image.new("L", (207, 292), 235), 9, 0, 2, 2)
    below = image(pdf, jpeg(paper, 30), paper.size, Filter="/DCTDecode")
    parms = pikepdf.Dictionary(K=-1, Columns=letters.width, Rows=letters.height, BlackIs1=True)
    mask = image(pdf, fax(letters), letters.size, BitsPerComponent=1, ImageMask=True, Filter="/CCITTFaxDecode",
                 DecodeParms=parms)
    del mask["/ColorSpace"]
    page_of(pdf, [(below, WHOLE), (mask, WHOLE)])
    return saved(pdf)


def mixed_pages(first, second):
    """A page of text, then a scanned one."""
    pdf = new()
    rows = sum((textwrap.wrap(line, 85) or [""] for line in first.split("\n")), [])
    shown = "".join(
        f"({row.translate({40: chr(92) + '(', 41: chr(92) + ')', 92: chr(92) * 2})}) '\n" for row in rows)
    font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica,
                              Encoding=pikepdf.Name.WinAnsiEncoding)
    content = f"BT /F0 11 Tf 14 TL 60 780 Td\n{shown}ET".encode("cp1252")
    page = pikepdf.Dictionary(
        Type=pikepdf.Name.Page, MediaBox=[0, 0, 595, 842], Contents=pdf.make_stream(content),
        Resources=pikepdf.Dictionary(Font=pikepdf.Dictionary(F0=font)))
    pdf.pages.append(pikepdf.Page(pdf.make_indirect(page)))
    (scan,) = pages(second, 200, "serif")
    scan = scanned(scan, 10, -0.7)
    page_of(pdf, [(image(pdf, jpeg(scan), scan.size, Filter="/DCTDecode"), WHOLE)])
    return saved(pdf)


def locked_page(text):
    (page,) = pages(text, 150, "serif", 12)
    page = scanned(page, 11, 0.4, 4)
    pdf = new()
    page_of(pdf, [(image(pdf, jpeg(page), page.size, Filter="/DCTDecode"), WHOLE)])
    return saved(pdf, encryption=pikepdf.Encryption(owner="zomer-2024", user="zomer-2024", R=6))


def tiff_pages(text):
    first, *others = [bilevel(scanned(p, 20 + n, 0.5)) for n, p in enumerate(pages(text, 200, "sans", 13, 20))]
    assert others
    return encoded(first, "TIFF", compression="group4", dpi=(200, 200), save_all=True, append_images=others)


def photo(text):
    """A page on a table, taken from an angle in uneven light."""
    (page,) = pages(text, 170, "serif", 12)
    table = Image.new("L", (page.width + 200, page.height + 200), 90)
    table.paste(page, (100, 100))
    (w, h), far = table.size, 45
    table = table.transform((w, h), Image.QUAD, (-far, 0, 0, h, w, h, w + far, 0), Image.BICUBIC)
    light = numpy.linspace(1.0, 0.72, w)[None, :] * numpy.linspace(1.0, 0.85, h)[:, None]
    pixels = numpy.asarray(scanned(table, 12, 1.0, 5, 0.8), dtype=numpy.float32) * light
    colours = [pixels * share for share in (1.0, 0.97, 0.88)]
    picture = numpy.stack(colours, 2).clip(0, 255).astype(numpy.uint8)
    return jpeg(Image.fromarray(picture), 45)


class Arithmetic:
    """The arithmetic coder of JBIG2 (ITU-T T.88, annex E)."""
    TABLE = [
        (0x5601, 1, 1, 1), (0x3401, 2, 6, 0), (0x1801, 3, 9, 0), (0x0AC1, 4, 12, 0), (0x0521, 5, 29, 0),
        (0x0221, 38, 33, 0), (0x5601, 7, 6, 1), (0x5401, 8, 14, 0), (0x4801, 9, 14, 0), (0x3801, 10, 14, 0),
        (0x3001, 11, 17, 0), (0x2401, 12, 18, 0), (0x1C01, 13, 20, 0), (0x1601, 29, 21, 0), (0x5601, 15, 14, 1),
        (0x5401, 16, 14, 0), (0x5101, 17, 15, 0), (0x4801, 18, 16, 0), (0x3801, 19, 17, 0), (0x3401, 20, 18, 0),
        (0x3001, 21, 19, 0), (0x2801, 22, 19, 0), (0x2401, 23, 20, 0), (0x2201, 24, 21, 0), (0x1C01, 25, 22, 0),
        (0x1801, 26, 23, 0), (0x1601, 27, 24, 0), (0x1401, 28, 25, 0), (0x1201, 29, 26, 0), (0x1101, 30, 27, 0),
        (0x0AC1, 31, 28, 0), (0x09C1, 32, 29, 0), (0x08A1, 33, 30, 0), (0x0521, 34, 31, 0), (0x0441, 35, 32, 0),
        (0x02A1, 36, 33, 0), (0x0221, 37, 34, 0), (0x0141, 38, 35, 0), (0x0111, 39, 36, 0), (0x0085, 40, 37, 0),
        (0x0049, 41, 38, 0), (0x0025, 42, 39, 0), (0x0015, 43, 40, 0), (0x0009, 44, 41, 0), (0x0005, 45, 42, 0),
        (0x0001, 45, 43, 0), (0x5601, 46, 46, 0)]

    def __init__(self, contexts):
        self.a, self.c, self.ct, self.out = 0x8000, 0, 12, bytearray([0])
        self.state, self.likely = [0] * contexts, [0] * contexts

    def byte_out(self):
        if self.out[-1] != 0xFF:
            if self.c >= 0x8000000:
                self.out[-1] += 1
                if self.out[-1] == 0xFF:
                    self.c &= 0x7FFFFFF
                else:
                    return self.plain()
            else:
                return self.plain()
        self.out.append(self.c >> 20 & 0xFF)
        self.c &= 0xFFFFF
        self.ct = 7

    def plain(self):
        self.out.append(self.c >> 19 & 0xFF)
        self.c &= 0x7FFFF
        self.ct = 8

    def encode(self, context, bit):
        share, more, less, switch = self.TABLE[self.state[context]]
        self.a -= share
        if bit == self.likely[context]:
            if self.a & 0x8000:
                self.c += share
                return
            if self.a < share:
                self.a = share
            else:
                self.c += share
            self.state[context] = more
        else:
            if self.a < share:
                self.c += share
            else:
                self.a = share
            self.likely[context] ^= switch
            self.state[context] = less
        while not self.a & 0x8000:
            self.a <<= 1
            self.c <<= 1
            self.ct -= 1
            if self.ct == 0:
                self.byte_out()

    def end(self):
        top = self.c + self.a
        self.c |= 0xFFFF
        if self.c >= top:
            self.c -= 0x8000
        for _ in range(2):
            self.c <<= self.ct
            self.byte_out()
        if self.out[-1] != 0xFF:
            self.out.append(0xFF)
        self.out.append(0xAC)
        return bytes(self.out[1:])


def jbig2_page(text):
    """One generic region, template 0, as `jbig2 -p` without symbols gives."""
    (page,) = pages(text, 150, "sans", 12)
    page = bilevel(scanned(page, 4, 0.4))
    width, height = page.size
    black = (numpy.asarray(page) == 0).astype(int)
    rows = numpy.pad(black, ((2, 0), (4, 4))).tolist()
    coder = Arithmetic(1 << 16)
    for y in range(2, height + 2):
        two, one, now = rows[y - 2], rows[y - 1], rows[y]
        for x in range(4, width + 4):
            # Nominal adaptive pixels: (3,-1) (-3,-1) (2,-2) (-2,-2).
            bits = (two[x - 2], two[x - 1], two[x], two[x + 1], two[x + 2], one[x - 3], one[x - 2], one[x - 1], one[x],
                    one[x + 1], one[x + 2], one[x + 3], now[x - 4], now[x - 3], now[x - 2], now[x - 1])
            context = 0
            for bit in bits:
                context = context << 1 | bit
            coder.encode(context, now[x])
    be = lambda n, size=4: n.to_bytes(size, "big")
    segment = lambda n, kind, data: be(n) + bytes([kind, 0, 1]) + be(len(data)) + data
    information = be(width) + be(height) + be(0) + be(0) + b"\0" + be(0, 2)
    region = be(width) + be(height) + be(0) + be(0) + b"\0" + b"\0" + bytes([3, 255, 253, 255, 2, 254, 254, 254])
    data = segment(0, 48, information) + segment(1, 38, region + coder.end())
    pdf = new()
    own = image(pdf, data, page.size, BitsPerComponent=1, Filter="/JBIG2Decode")
    page_of(pdf, [(own, WHOLE)])
    return saved(pdf)


SCANS = [
    ("jpeg.pdf", ["d01-noor/2023-11-14-contactjournaal.txt"], jpeg_pages, "needs_ocr", 1, "JPEG, 200 dpi"),
    ("fax.pdf", ["d08-jesse/2024-02-08-contactjournaal.txt"], fax_page, "needs_ocr", 1, "CCITT G4, 300 dpi"),
    ("grijs.pdf", ["d03-milan/2024-04-25-verslag-gesprek-moeder.txt"], grey_page, "needs_ocr", 1,
     "Flate with predictor, grey, 150 dpi"),
    ("jbig2.pdf", ["d01-noor/2024-01-08-groepsrapportage.txt"], jbig2_page, "needs_ocr", 1, "JBIG2, 150 dpi"),
    ("jpeg2000.pdf", ["d02-yara/2024-01-19-politiemutatie.txt"], jpeg2000_page, "needs_ocr", 1, "JPEG 2000, 200 dpi"),
    ("stroken.pdf", ["d04-lieke/2024-03-15-contactjournaal.txt"], strips_page, "needs_ocr", 1,
     "24 CCITT strips that cut lines, 200 dpi"),
    ("gedraaid.pdf", ["d02-yara/2023-12-04-groepsrapportage.txt"], turned_page, "needs_ocr", 1, "JPEG, Rotate 90"),
    ("op-de-kop.pdf", ["d11-thijs/2023-04-06-contactjournaal.txt"], upside_down_page, "needs_ocr", 1,
     "JPEG, upside down without a word about it"),
    ("grove-fax.pdf", ["d06-ayoub/2024-02-14-contactjournaal.txt"], coarse_fax_page, "needs_ocr", 1,
     "CCITT G3, 204 by 98 dpi, specks"),
    ("lagen.pdf", ["d03-milan/2024-03-19-contactjournaal.txt"], layered_page, "needs_ocr", 1,
     "letters as a mask over the paper"),
    ("gemengd.pdf", ["d01-noor/2024-02-03-weekendrapportage.txt", "d13-wendy-2004/2004-05-27-contactjournaal.txt"],
     mixed_pages, "partial", 2, "a page of text and a scanned one"),
    ("wachtwoord.pdf", ["d04-lieke/2024-05-07-intakebrief.txt"], locked_page, "encrypted", 1, "JPEG, AES-256"),
    ("meerdere.tif", ["d01-noor/2024-05-30-zorgmelding.txt"], tiff_pages, "needs_ocr", 2, "CCITT G4, several pages"),
    ("foto.jpg", ["d05-fleur/2023-11-20-clb-nota.txt"], photo, "needs_ocr", 1, "photo from an angle, uneven light"),
]


def main(parts):
    files = []
    for name, sources, make, status, count, how in SCANS:
        texts = [read(source) for source in sources]
        text = name.replace(".", "-") + ".txt"
        if not parts or any(part in name for part in parts):
            (HERE / name).write_bytes(make(*texts))
            (HERE / text).write_text("\n".join(texts), encoding="utf-8")
            print(name, (HERE / name).stat().st_size)
        files.append({"path": name, "text": text, "sources": [f"dossiers/{s}" for s in sources], "pages": count,
                      "status": status, "with_ocr": "ok", "how": how,
                      "password": "zomer-2024" if status == "encrypted" else None})
    rows = ",\n".join("  " + json.dumps(file, ensure_ascii=False) for file in files)
    (HERE / "manifest.json").write_text('{"files": [\n' + rows + "\n]}\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
