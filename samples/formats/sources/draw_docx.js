// A Word document by the npm package docx, from the blocks that make.py sends on standard input.
const fs = require("fs");
const d = require("docx");

const job = JSON.parse(fs.readFileSync(0, "utf8"));
const footnotes = {};
let ids = 100;

function runs(parts) {
  return parts.map(([kind, text]) => {
    const change = { id: ids++, author: job.author, date: job.date };
    if (kind === "ins") return new d.InsertedTextRun({ text, ...change });
    if (kind === "del") return new d.DeletedTextRun({ text, ...change });
    if (kind === "bold") return new d.TextRun({ text, bold: true });
    if (kind === "foot") {
      const number = Object.keys(footnotes).length + 1;
      footnotes[number] = { children: [new d.Paragraph({ children: [new d.TextRun(text)] })] };
      return new d.FootnoteReferenceRun(number);
    }
    return new d.TextRun(text);
  });
}

const children = [];
let rows = [];
function flush() {
  if (!rows.length) return;
  children.push(new d.Table({
    width: { size: 100, type: d.WidthType.PERCENTAGE },
    rows: rows.map((cells) => new d.TableRow({
      children: cells.map((parts) => new d.TableCell({ children: [new d.Paragraph({ children: runs(parts) })] })),
    })),
  }));
  rows = [];
}
for (const b of job.blocks) {
  if (b.kind === "row") { rows.push(b.cells); continue; }
  flush();
  const heading = { title: d.HeadingLevel.HEADING_1, heading: d.HeadingLevel.HEADING_2 }[b.kind];
  children.push(new d.Paragraph({ heading, children: runs(b.parts) }));
}
flush();

const line = (text) => new d.Paragraph({ children: [new d.TextRun(text)] });
const doc = new d.Document({
  creator: job.author, lastModifiedBy: job.author, title: job.title, description: "",
  footnotes,
  sections: [{
    headers: { default: new d.Header({ children: [line(job.header)] }) },
    footers: { default: new d.Footer({ children: [line(job.footer)] }) },
    children,
  }],
});
d.Packer.toBuffer(doc).then((buffer) => fs.writeFileSync(process.argv[2], buffer));
