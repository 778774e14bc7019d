# Draws a table of absences with Prawn: ruby draw_prawn.rb OUT < job.json
require 'json'
require 'prawn'
Prawn::Fonts::AFM.hide_m17n_warning = true
job = JSON.parse($stdin.read)
info = { Title: job['title'], Author: 'signaalbril voorbeelden', Creator: 'Prawn', Producer: 'Prawn',
         CreationDate: Time.utc(*job['date'].split('-').map(&:to_i), 12) }
pdf = Prawn::Document.new(page_size: 'A4', page_layout: :landscape, margin: 45, info: info)
pdf.font 'Times-Roman'
widths = [45, 85, 85, 85, 95, 85, 270]
job['pages'].each_with_index do |blocks, index|
  pdf.start_new_page if index > 0
  blocks.each do |block|
    case block['kind']
    when 'title'
      pdf.text block['text'], size: 17, style: :bold, character_spacing: 3
      pdf.move_down 8
    when 'row'
      height = block['cells'].each_with_index.map { |c, i| pdf.height_of(c, width: widths[i] - 8, size: 11) }.max + 8
      x = 0
      top = pdf.cursor
      block['cells'].each_with_index do |cell, i|
        pdf.stroke_rectangle [x, top], widths[i], height
        pdf.text_box cell, at: [x + 4, top - 4], width: widths[i] - 8, height: height, size: 11 unless cell.empty?
        x += widths[i]
      end
      pdf.move_cursor_to top - height
    else
      pdf.move_down 8
      pdf.text block['text'], size: 12, align: :justify, leading: 2
    end
  end
  pdf.draw_text job['footer'].sub('{n}', (index + 1).to_s), at: [0, -20], size: 9
end
pdf.render_file ARGV[0]
