// Draws a document with PDFKit: node draw_pdfkit.js OUT < job.json
// With job.lines (placed lines) it draws those, word space by word space; otherwise it lays out the blocks itself.
const fs = require('fs');
const PDFDocument = require('pdfkit');
const job = JSON.parse(fs.readFileSync(0, 'utf8'));
const day = new Date(job.date + 'T12:00:00Z');
const options = { size: 'A4', margins: { top: 70, left: 56, right: 56, bottom: 20 }, autoFirstPage: false,
  info: { Title: job.title, Author: 'signaalbril voorbeelden', CreationDate: day, ModDate: day } };
if (job.owner) Object.assign(options, { ownerPassword: job.owner, permissions: { printing: 'highResolution' }, pdfVersion: '1.6' });
const doc = new PDFDocument(options);
doc.pipe(fs.createWriteStream(process.argv[2]));
const regular = job.font || 'Times-Roman', bold = job.bold || 'Times-Bold';
job.pages.forEach((blocks, index) => {
  doc.addPage();
  const number = text => text.replace('{n}', index + 1);
  if (job.header) doc.font(regular).fontSize(8).text(number(job.header), 56, 36, { width: 483, align: 'right', lineBreak: false });
  let y = 70;
  for (const line of job.lines ? job.lines[index] : []) {
    doc.font(line.bold ? bold : regular).fontSize(line.size);
    doc.text(line.text, line.x, 842 - line.y, { lineBreak: false, wordSpacing: line.spread, characterSpacing: line.bold ? 1.5 : 0 });
  }
  for (const block of job.lines ? [] : blocks) {
    const heading = block.kind === 'title' || block.kind === 'heading';
    doc.font(heading ? bold : regular).fontSize(block.kind === 'title' ? 15 : 10.5);
    const text = (block.kind === 'bullet' ? '\u2022 ' : '') + block.text;
    doc.text(text, 56, y, { width: 483, align: heading || block.kind === 'bullet' ? 'left' : 'justify', lineGap: 2 });
    y = doc.y + (heading ? 4 : 7);
  }
  if (job.footer) doc.font(regular).fontSize(8).text(number(job.footer), 56, 800, { width: 483, align: 'center', lineBreak: false });
});
doc.end();
