//! What was measured, as a table: medians, how far they spread, ratios, and the limits of the design.

use crate::peer::Peer;

/// What one step took: milliseconds by the clock and on the processors, and the bytes that it made.
#[derive(Clone, Copy)]
pub(crate) struct Taken {
    pub(crate) clock: f64,
    pub(crate) busy: f64,
    pub(crate) bytes: u64,
}

/// One step on one picture: what everybody took, ours first.
pub(crate) struct Row {
    pub(crate) step: &'static str,
    pub(crate) picture: &'static str,
    /// What the peers call it; empty where none does it.
    pub(crate) peer_step: &'static str,
    pub(crate) taken: Vec<Vec<Taken>>,
    pub(crate) bytes: Vec<u64>,
}

pub(crate) struct Report {
    /// Ours first.
    pub(crate) names: Vec<String>,
    pub(crate) rows: Vec<Row>,
    rounds: usize,
}

impl Row {
    pub(crate) fn new(step: &'static str, picture: &'static str, peer_step: &'static str) -> Self {
        Self {
            step,
            picture,
            peer_step,
            taken: Vec::new(),
            bytes: Vec::new(),
        }
    }

    /// Keeps what `who` took in a round; round 0 is for warming up.
    pub(crate) fn add(&mut self, who: usize, round: usize, taken: Taken) {
        let length = self.taken.len().max(who + 1);
        self.taken.resize(length, Vec::new());
        self.bytes.resize(length, 0);
        self.bytes[who] = taken.bytes;
        if round > 0 {
            self.taken[who].push(taken);
        }
    }

    /// Median, and half of the distance between the quartiles.
    pub(crate) fn middle(&self, who: usize, of: fn(&Taken) -> f64) -> Option<(f64, f64)> {
        let mut times: Vec<f64> = self.taken.get(who)?.iter().map(of).collect();
        times.sort_by(f64::total_cmp);
        let at = |share: usize| times[(times.len() - 1) * share / 4];
        (!times.is_empty()).then(|| (at(2), (at(3) - at(1)) / 2.0))
    }

    /// Most milliseconds of the design. It only says "bounded" of noise: here, four times the limit of what is sent.
    pub(crate) fn limit(&self) -> Option<f64> {
        let noise = self.picture == "noise";
        match self.step {
            "PNG, preview" | "PNG, sent" if noise => Some(600.0),
            "PNG, preview" => Some(60.0),
            "PNG, sent" => Some(150.0),
            "30 marks" | "30 of all kinds" => Some(120.0),
            "1,000 Chinese" | "1,000 nowhere" | "1,000 emoji" => Some(1000.0),
            _ => None,
        }
    }
}

impl Report {
    pub(crate) fn new(peers: &[Peer], rounds: usize) -> Self {
        let others = peers.iter().map(|peer| format!("{} {}", peer.name, peer.version));
        Self {
            names: std::iter::once("ours".to_owned()).chain(others).collect(),
            rows: Vec::new(),
            rounds,
        }
    }

    pub(crate) fn print(&self) {
        let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
        let load = load.split(' ').take(3).collect::<Vec<_>>().join(" ");
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        println!(
            "\n4K pictures, milliseconds: median ± half of the quartile distance of {} rounds in turn;",
            self.rounds
        );
        println!("in brackets ours out of theirs, below 1 where we are quicker. {cores} cores, load {load}.");
        println!("\nOn the processors, all threads together: what the clock says of ours on a machine at rest");
        self.print_times(|taken| taken.busy);
        println!("\nBy the clock, with that load beside it");
        self.print_times(|taken| taken.clock);
        self.print_bytes();
        println!(
            "\nThumbnails are {} pixels long and PNG. Peers encode at level 1 with adaptive filters, 8-bit RGB.",
            crate::LONGEST_EDGE
        );
        println!("The 30 marks are boxes, lines, ellipses and redactions: Pillow draws them without soft edges; sharp");
        println!(
            "draws nothing itself, so it lays an SVG over the picture; ImageMagick draws them as we do, and its time"
        );
        println!("contains a copy of the pixels. sharp and ImageMagick use every core, Pillow and ours one at a time.");
    }

    fn print_times(&self, of: fn(&Taken) -> f64) {
        print!("{:<16} {:<7}", "step", "picture");
        self.names.iter().for_each(|name| print!(" {name:>22}"));
        println!("   limit");
        for row in &self.rows {
            print!("{:<16} {:<7}", row.step, row.picture);
            let ours = row.middle(0, of).unwrap_or_default().0;
            for who in 0..self.names.len() {
                let cell = row.middle(who, of).map_or_else(
                    || "-".to_owned(),
                    |(middle, spread)| {
                        let ratio = if who == 0 {
                            String::new()
                        } else {
                            format!(" ({:.2})", ours / middle)
                        };
                        format!("{middle:.1} ±{spread:.1}{ratio}")
                    },
                );
                print!(" {cell:>22}");
            }
            let limit = row.limit().map_or_else(String::new, |limit| held(ours, limit, "ms"));
            println!("   {limit}");
        }
    }

    /// Sizes beside libpng's at level 1, which ImageMagick writes.
    fn print_bytes(&self) {
        let Some(libpng) = self.names.iter().position(|name| name.starts_with("ImageMagick")) else {
            println!("\nSizes are not judged: libpng at level 1 comes with ImageMagick, which is not here.");
            return;
        };
        println!(
            "\n{:<16} {:<7} {:>12} {:>17} {:>7}   limit",
            "bytes", "picture", "ours", "libpng, level 1", "ratio"
        );
        for (step, limit) in [("PNG, preview", 1.35), ("PNG, sent", 1.0)] {
            let mut total = (0, 0);
            for row in self.rows.iter().filter(|row| row.step == step) {
                let (ours, theirs) = (row.bytes[0], row.bytes[libpng]);
                println!(
                    "{step:<16} {:<7} {ours:>12} {theirs:>17} {:>7.2}",
                    row.picture,
                    ratio(ours, theirs)
                );
                if row.picture != "noise" {
                    total = (total.0 + ours, total.1 + theirs);
                }
            }
            let (ours, theirs) = total;
            let share = ratio(ours, theirs);
            println!(
                "{step:<16} {:<7} {ours:>12} {theirs:>17} {share:>7.2}   {}",
                "all UI",
                held(share, limit, "times")
            );
        }
    }
}

fn ratio(one: u64, other: u64) -> f64 {
    one as f64 / other.max(1) as f64
}

fn held(value: f64, limit: f64, unit: &str) -> String {
    let word = if value <= limit { "holds" } else { "DOES NOT HOLD" };
    format!("{limit} {unit}: {word}")
}
