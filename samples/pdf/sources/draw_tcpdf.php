<?php
// Draws a questionnaire with TCPDF: php draw_tcpdf.php OUT < job.json
require_once 'tcpdf/tcpdf.php';
$job = json_decode(file_get_contents('php://stdin'), true);
class Sheet extends TCPDF {
    public $job;
    public function Header() { $this->SetFont('helvetica', 'I', 8); $this->Cell(0, 6, $this->job['header'], 0, 0, 'R'); }
    public function Footer() {
        $this->SetY(-15); $this->SetFont('helvetica', '', 8);
        $this->Cell(0, 6, str_replace('{n}', $this->PageNo(), $this->job['footer']), 0, 0, 'C');
    }
    public function plain() { $this->tcpdflink = false; }
}
$pdf = new Sheet('P', 'mm', 'A4', true, 'UTF-8');
$pdf->job = $job;
$pdf->plain();
$day = strtotime($job['date'] . 'T12:00:00Z');
$pdf->setDocCreationTimestamp($day);
$pdf->setDocModificationTimestamp($day);
$pdf->SetTitle($job['title']);
$pdf->SetAuthor('signaalbril voorbeelden');
$pdf->SetMargins(25, 25, 25);
foreach ($job['pages'] as $blocks) {
    $pdf->AddPage();
    foreach ($blocks as $block) {
        if ($block['kind'] == 'title') {
            $pdf->SetFont('helvetica', 'B', 15);
            $pdf->MultiCell(0, 9, $block['text'], 0, 'L');
            $pdf->Ln(2);
        } elseif ($block['kind'] == 'tick') {
            $pdf->SetFont('zapfdingbats', '', 11);
            $pdf->Cell(8, 7, $block['on'] ? '4' : 'o');
            $pdf->SetFont('helvetica', '', 11);
            $pdf->Cell(0, 7, $block['text'], 0, 1);
        } else {
            $pdf->SetFont('helvetica', '', 11);
            $pdf->Ln(2);
            $pdf->MultiCell(0, 6, $block['text'], 0, 'J');
        }
    }
}
file_put_contents($argv[1], $pdf->Output('', 'S'));
