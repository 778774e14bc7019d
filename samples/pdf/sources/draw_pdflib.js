// Draws a form with pdf-lib: node draw_pdflib.js OUT < job.json
const fs = require('fs');
const { PDFDocument, StandardFonts, rgb } = require('pdf-lib');
const job = JSON.parse(fs.readFileSync(0, 'utf8'));
(async () => {
  const pdf = await PDFDocument.create();
  const day = new Date(job.date + 'T12:00:00Z');
  pdf.setTitle(job.title); pdf.setAuthor('signaalbril voorbeelden'); pdf.setCreationDate(day); pdf.setModificationDate(day);
  const regular = await pdf.embedFont(StandardFonts.Helvetica), bold = await pdf.embedFont(StandardFonts.HelveticaBold);
  const page = pdf.addPage([595, 842]), form = pdf.getForm();
  let y = 780, radio = null, count = 0;
  const grey = { borderColor: rgb(0.6, 0.6, 0.6), borderWidth: 0.5, font: regular };
  for (const block of job.pages[0]) {
    const name = 'veld' + (++count);
    if (block.kind === 'title' || block.kind === 'heading') {
      y -= 8;
      page.drawText(block.text, { x: 60, y, size: block.kind === 'title' ? 16 : 11.5, font: bold });
      radio = null; y -= 24;
    } else if (block.kind === 'field') {
      page.drawText(block.label + ':', { x: 60, y, size: 10.5, font: regular });
      const field = form.createTextField(name);
      field.setText(block.text);
      field.addToPage(page, { x: 190, y: y - 5, width: 330, height: 18, ...grey });
      field.setFontSize(10); y -= 26;
    } else if (block.kind === 'area') {
      page.drawText(block.label + ':', { x: 60, y, size: 10.5, font: regular });
      const field = form.createTextField(name);
      field.enableMultiline(); field.setText(block.text);
      field.addToPage(page, { x: 60, y: y - 86, width: 460, height: 78, ...grey });
      field.setFontSize(10); y -= 108;
    } else if (block.kind === 'choice') {
      page.drawText(block.label + ':', { x: 60, y, size: 10.5, font: regular });
      const field = form.createDropdown(name);
      field.addOptions(block.options); field.select(block.text);
      field.addToPage(page, { x: 190, y: y - 5, width: 330, height: 18, ...grey });
      field.setFontSize(10); y -= 26;
    } else if (block.kind === 'tick') {
      const field = form.createCheckBox(name);
      field.addToPage(page, { x: 60, y: y - 2, width: 11, height: 11, borderWidth: 0.7 });
      if (block.on) field.check();
      page.drawText(block.text, { x: 80, y, size: 10.5, font: regular }); y -= 20;
    } else if (block.kind === 'radio') {
      if (!radio) radio = form.createRadioGroup(name);
      radio.addOptionToPage(block.text, page, { x: 60, y: y - 2, width: 11, height: 11, borderWidth: 0.7 });
      if (block.on) radio.select(block.text);
      page.drawText(block.text, { x: 80, y, size: 10.5, font: regular }); y -= 20;
    } else {
      page.drawText(block.text, { x: 60, y, size: 10.5, font: regular, maxWidth: 460, lineHeight: 14 }); y -= 26;
    }
  }
  fs.writeFileSync(process.argv[2], await pdf.save({ updateFieldAppearances: job.appearances, useObjectStreams: job.objectstreams }));
})();
