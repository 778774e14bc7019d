// Draws a document with jsPDF: node draw_jspdf.js OUT < job.json
const fs = require('fs');
const { jsPDF } = require('jspdf');
const { autoTable } = require('jspdf-autotable');
const job = JSON.parse(fs.readFileSync(0, 'utf8'));
const doc = new jsPDF({ unit: 'pt', format: 'a4', compress: true, putOnlyUsedFonts: true });
doc.setProperties({ title: job.title, author: 'signaalbril voorbeelden' });
doc.setCreationDate(new Date(job.date + 'T12:00:00Z'));
doc.setFileId(job.id);
let family = 'helvetica';
if (job.font) {
  family = 'eigen';
  for (const [file, style] of [[job.font, 'normal'], [job.bold, 'bold']]) {
    doc.addFileToVFS(style + '.ttf', fs.readFileSync(file).toString('base64'));
    doc.addFont(style + '.ttf', family, style);
  }
}
job.pages.forEach((blocks, index) => {
  if (index) doc.addPage();
  const number = text => text.replace('{n}', index + 1);
  doc.setFont(family, 'normal').setFontSize(8);
  if (job.header) doc.text(number(job.header), 60, 40);
  if (job.footer) doc.text(number(job.footer), 535, 810, { align: 'right' });
  if (job.side) doc.text(job.side, 32, 500, { angle: 90 });
  let y = 80;
  for (let i = 0; i < blocks.length; i++) {
    if (blocks[i].kind === 'row') {
      const rows = [];
      while (i < blocks.length && blocks[i].kind === 'row') rows.push(blocks[i++].cells);
      i--;
      const head = job.tablehead ? [rows.shift()] : undefined;
      autoTable(doc, { head, body: rows, startY: y - 8, margin: { left: 60, right: 60 }, theme: 'grid',
        styles: { font: family, fontSize: 9.5, overflow: 'linebreak' }, headStyles: { fillColor: [220, 225, 235], textColor: 20 } });
      y = doc.lastAutoTable.finalY + 22;
      continue;
    }
    const heading = blocks[i].kind === 'title' || blocks[i].kind === 'heading';
    doc.setFont(family, heading ? 'bold' : 'normal').setFontSize(heading ? 15 : 10.5);
    const lines = doc.splitTextToSize(blocks[i].text, 475);
    doc.text(lines, 60, y, { lineHeightFactor: 1.35 });
    y += lines.length * (heading ? 22 : 14.2) + 8;
  }
});
fs.writeFileSync(process.argv[2], Buffer.from(doc.output('arraybuffer')));
