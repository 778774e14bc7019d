//! Plots of the evaluation page: inline SVG, drawn by plotters, no script and no outside resource.

use plotters::prelude::*;

use super::ranking::Curve;

const SIZE: (u32, u32) = (560, 360);
const INK: RGBColor = RGBColor(32, 42, 58);
const LINE: RGBColor = RGBColor(11, 87, 148);
const MUTED: RGBColor = RGBColor(150, 158, 170);

/// A chart's axes: titles and largest values; both start at 0.
struct Axes<'a> {
    x: (&'a str, f64),
    y: (&'a str, f64),
}

/// Draws lines; an empty string when nothing can be drawn.
fn lines(axes: &Axes<'_>, series: &[(&[(f64, f64)], RGBColor)], dots: bool) -> String {
    let mut svg = String::new();
    {
        let root = SVGBackend::with_string(&mut svg, SIZE).into_drawing_area();
        let chart = ChartBuilder::on(&root)
            .margin(12)
            .x_label_area_size(42)
            .y_label_area_size(52)
            .build_cartesian_2d(0.0..axes.x.1.max(1e-9), 0.0..axes.y.1.max(1e-9));
        let Ok(mut chart) = chart else {
            return String::new();
        };
        let mesh = chart
            .configure_mesh()
            .x_desc(axes.x.0)
            .y_desc(axes.y.0)
            .x_labels(6)
            .y_labels(6)
            .light_line_style(WHITE)
            .axis_style(INK)
            .axis_desc_style(("sans-serif", 15).into_font().color(&INK))
            .label_style(("sans-serif", 14).into_font().color(&INK))
            .draw();
        if mesh.is_err() {
            return String::new();
        }
        for (points, colour) in series {
            let style = ShapeStyle::from(colour).stroke_width(2);
            if chart
                .draw_series(LineSeries::new(points.iter().copied(), style))
                .is_err()
            {
                return String::new();
            }
            if dots
                && chart
                    .draw_series(points.iter().map(|p| Circle::new(*p, 3, colour.filled())))
                    .is_err()
            {
                return String::new();
            }
        }
        if root.present().is_err() {
            return String::new();
        }
    }
    svg
}

/// Relevant documents found against documents read, with the diagonal of reading in no order.
pub(super) fn recall_curve(curve: &Curve) -> String {
    let (total, relevant) = (curve.total as f64, curve.relevant as f64);
    let chance = [(0.0, 0.0), (total, relevant)];
    lines(
        &Axes {
            x: ("documents read, highest score first", total),
            y: ("hoog and midden found", relevant),
        },
        &[(&chance, MUTED), (&curve.points, LINE)],
        false,
    )
}

/// Precision against recall over all thresholds of the score.
pub(super) fn precision_recall(points: &[(f64, f64)]) -> String {
    lines(
        &Axes {
            x: ("recall of hoog and midden", 1.0),
            y: ("precision", 1.0),
        },
        &[(points, LINE)],
        false,
    )
}

/// Share of gold hoog and midden by score.
pub(super) fn calibration(points: &[(f64, f64)]) -> String {
    let ideal = [(0.0, 0.0), (100.0, 1.0)];
    lines(
        &Axes {
            x: ("score", 100.0),
            y: ("share that is hoog or midden", 1.0),
        },
        &[(&ideal, MUTED), (points, LINE)],
        true,
    )
}

/// A bar with its interval, from 0 to 1.
#[derive(Clone, Debug)]
pub(super) struct Bar {
    pub(super) name: String,
    pub(super) value: f64,
    pub(super) low: f64,
    pub(super) high: f64,
}

/// Bars by name, with intervals as lines.
pub(super) fn bars(title: &str, bars: &[Bar]) -> String {
    let mut svg = String::new();
    let height = 60 + 22 * bars.len() as u32;
    {
        let root = SVGBackend::with_string(&mut svg, (SIZE.0, height)).into_drawing_area();
        let chart = ChartBuilder::on(&root)
            .margin(12)
            .x_label_area_size(36)
            .y_label_area_size(170)
            .build_cartesian_2d(0.0..1.0, 0.0..(bars.len().max(1) as f64));
        let Ok(mut chart) = chart else {
            return String::new();
        };
        let mesh = chart
            .configure_mesh()
            .disable_y_mesh()
            .disable_y_axis()
            .x_desc(title)
            .x_labels(6)
            .light_line_style(WHITE)
            .axis_style(INK)
            .axis_desc_style(("sans-serif", 15).into_font().color(&INK))
            .label_style(("sans-serif", 14).into_font().color(&INK))
            .draw();
        if mesh.is_err() {
            return String::new();
        }
        for (n, bar) in bars.iter().enumerate() {
            let y = (bars.len() - 1 - n) as f64;
            let rectangle = Rectangle::new(
                [(0.0, y + 0.2), (bar.value, y + 0.8)],
                RGBColor(144, 184, 217).filled(),
            );
            let interval = PathElement::new(
                [(bar.low, y + 0.5), (bar.high, y + 0.5)],
                ShapeStyle::from(&INK).stroke_width(2),
            );
            if chart.draw_series([rectangle]).is_err() || chart.draw_series([interval]).is_err() {
                return String::new();
            }
            let at = chart.backend_coord(&(0.0, y + 0.5));
            let style = ("sans-serif", 13).into_font().color(&INK).pos(
                plotters::style::text_anchor::Pos::new(
                    plotters::style::text_anchor::HPos::Right,
                    plotters::style::text_anchor::VPos::Center,
                ),
            );
            if root
                .draw(&Text::new(bar.name.clone(), (at.0 - 8, at.1), style))
                .is_err()
            {
                return String::new();
            }
        }
        if root.present().is_err() {
            return String::new();
        }
    }
    svg
}
