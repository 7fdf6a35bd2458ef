//! The same as a picture: for each step a dot for everybody on one logarithmic axis.

use std::fmt::Write;

use crate::report::{Report, Row};

const COLORS: [&str; 4] = ["#d1302f", "#3f6fb5", "#c58a1b", "#4b8f4b"];
const LEFT: f64 = 150.0;
const WIDE: f64 = 620.0;
const ROW: f64 = 22.0;
/// Milliseconds at both ends of the axis.
const ENDS: (f64, f64) = (1.0, 10_000.0);

/// A dot is the median over the pictures of a user interface, its line reaches from the quickest picture to the slowest.
pub(crate) fn svg(report: &Report) -> String {
    let steps = [
        "decode",
        "thumbnail",
        "PNG, preview",
        "PNG, sent",
        "30 marks",
        "30 of all kinds",
    ];
    let group = ROW * (report.names.len() as f64 + 0.6);
    let height = 60.0 + group * steps.len() as f64;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0}\" height=\"{1}\" viewBox=\"0 0 {0} {1}\" \
         font-family=\"sans-serif\" font-size=\"12\">\n<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n\
         <text x=\"{LEFT}\" y=\"16\">4K pictures of a user interface, milliseconds on the processors; dashed: the limit of the design</text>\n",
        LEFT + WIDE + 130.0,
        height + 20.0,
    );
    let mut line = |text: String| {
        svg.push_str(&text);
        svg.push('\n');
    };
    for power in 0..=4 {
        let (x, value) = (place(10f64.powi(power)), 10u32.pow(power as u32));
        line(format!(
            "<path d=\"M{x} 28V{height}\" stroke=\"#ddd\"/><text x=\"{x}\" y=\"{}\" text-anchor=\"middle\">{value}</text>",
            height + 14.0
        ));
    }
    for (index, step) in steps.iter().enumerate() {
        let top = 40.0 + group * index as f64;
        line(format!(
            "<text x=\"10\" y=\"{}\" font-weight=\"bold\">{step}</text>",
            top + 12.0
        ));
        let rows: Vec<&Row> = report
            .rows
            .iter()
            .filter(|row| row.step == *step && row.picture != "noise")
            .collect();
        if let Some(x) = rows.first().and_then(|row| row.limit()).map(place) {
            let bottom = top + group - 10.0;
            line(format!(
                "<path d=\"M{x} {top}V{bottom}\" stroke=\"#333\" stroke-dasharray=\"4 3\"/>"
            ));
        }
        for (who, name) in report.names.iter().enumerate() {
            let mut times: Vec<f64> = rows
                .iter()
                .filter_map(|row| row.middle(who, |taken| taken.busy))
                .map(|(middle, _)| middle)
                .collect();
            times.sort_by(f64::total_cmp);
            let (Some(first), Some(last)) = (times.first(), times.last()) else {
                continue;
            };
            let (y, color, middle) = (
                top + 8.0 + ROW * who as f64,
                COLORS[who % COLORS.len()],
                times[times.len() / 2],
            );
            let mut dot = String::new();
            let _ = write!(
                dot,
                "<path d=\"M{} {y}H{}\" stroke=\"{color}\" stroke-width=\"2\"/>",
                place(*first),
                place(*last)
            );
            let _ = write!(
                dot,
                "<circle cx=\"{}\" cy=\"{y}\" r=\"5\" fill=\"{color}\"/>",
                place(middle)
            );
            let _ = write!(
                dot,
                "<text x=\"{}\" y=\"{}\">{name}: {middle:.0}</text>",
                place(*last) + 10.0,
                y + 4.0
            );
            line(dot);
        }
    }
    svg.push_str("</svg>\n");
    svg
}

fn place(milliseconds: f64) -> f64 {
    let (first, last) = ENDS;
    LEFT + WIDE * (milliseconds.clamp(first, last) / first).ln() / (last / first).ln()
}
