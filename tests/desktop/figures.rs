//! Figures of many rounds, in milliseconds.

/// Sorted times.
pub(crate) struct Figures(Vec<f64>);

impl Figures {
    /// Takes times in any order.
    pub(crate) fn of(mut times: Vec<f64>) -> Self {
        times.sort_by(f64::total_cmp);
        Self(times)
    }

    /// The time that this part of all rounds did not exceed; nearest rank.
    pub(crate) fn at(&self, part: f64) -> f64 {
        let rank = (part * self.0.len() as f64).ceil() as usize;
        self.0[rank.clamp(1, self.0.len()) - 1]
    }

    /// Prints median, 95th percentile and spread.
    pub(crate) fn print(&self, name: &str) {
        println!(
            "{name:<34} p50 {:>7.1} ms   p95 {:>7.1} ms   from {:.1} to {:.1} ms in {} rounds",
            self.at(0.5),
            self.at(0.95),
            self.0[0],
            self.0[self.0.len() - 1],
            self.0.len()
        );
    }
}
