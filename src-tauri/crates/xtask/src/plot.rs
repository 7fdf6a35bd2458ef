//! Figures as bars: each group has a scale of its own, for it is the peers in it that are compared.

use std::fmt::Write;

/// One figure that a measuring program told in a line of its own: `plot`, group, name, value and unit, with tabs between.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Bar {
    group: String,
    name: String,
    value: f64,
    unit: String,
}

/// The figures in what the programs said.
pub(crate) fn bars(told: &str) -> Vec<Bar> {
    let bar = |line: &str| {
        let [_, group, name, value, unit] = line.split('\t').collect::<Vec<_>>().try_into().ok()?;
        Some(Bar {
            group: group.to_owned(),
            name: name.to_owned(),
            value: value.parse().ok()?,
            unit: unit.to_owned(),
        })
    };
    told.lines()
        .filter(|line| line.starts_with("plot\t"))
        .filter_map(bar)
        .collect()
}

/// An SVG of them.
pub(crate) fn plot(bars: &[Bar]) -> String {
    const WIDE: f64 = 420.0;
    let mut drawn = String::new();
    let mut y = 16.0;
    for (index, bar) in bars.iter().enumerate() {
        if index == 0 || bars[index - 1].group != bar.group {
            y += 24.0;
            // Writing to a string cannot fail.
            let _ = writeln!(
                drawn,
                r#"<text x="20" y="{y}" font-weight="bold">{}</text>"#,
                escaped(&bar.group)
            );
            y += 10.0;
        }
        let most = bars
            .iter()
            .filter(|other| other.group == bar.group)
            .map(|other| other.value)
            .fold(f64::MIN_POSITIVE, f64::max);
        let width = (WIDE * bar.value / most).max(1.0);
        let color = if bar.name.starts_with("Sendoff") {
            "#3d6df2"
        } else {
            "#9aa3b5"
        };
        let (text, end) = (y + 14.0, 190.0 + width);
        let _ = writeln!(
            drawn,
            r#"<text x="180" y="{text}" text-anchor="end">{}</text><rect x="184" y="{y}" width="{width:.1}" height="18" rx="3" fill="{color}"/><text x="{end:.1}" y="{text}">{} {}</text>"#,
            escaped(&bar.name),
            bar.value,
            escaped(&bar.unit),
        );
        y += 24.0;
    }
    let height = y + 16.0;
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"720\" height=\"{height}\" font-family=\"sans-serif\" font-size=\"13\">\n<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n{drawn}</svg>\n"
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

#[cfg(test)]
mod tests {
    use super::{bars, plot};

    #[test]
    fn each_group_has_its_own_scale() {
        let told = "something else\nplot\tfind\tSendoff\t1\tms\nplot\tfind\trg\t4\tms\nplot\tbroken\nplot\tkeys\tfzf\t200\tms\n";
        let bars = bars(told);
        assert_eq!(bars.len(), 3, "what has no value is left out: {bars:?}");
        let svg = plot(&bars);
        let widths: Vec<_> = svg
            .split("width=\"")
            .skip(3)
            .filter_map(|rest| rest.split('"').next())
            .collect();
        assert_eq!(
            widths,
            ["105.0", "420.0", "420.0"],
            "the largest of its group is as wide as can be"
        );
    }
}
