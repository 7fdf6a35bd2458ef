//! Whether a run under way is alive: by its heartbeats and events, and by what its record says once they stay away.
//! Never by words, by the agent's lifecycle, or by a time that the service or this computer's calendar names: all times
//! here are milliseconds of one steady clock.

#[cfg(test)]
mod tests;

/// Neither heartbeat nor event for so long is a silence worth a look. A link that died is noticed after 42 s, and the one
/// that takes its place brings its first heartbeat after 36 s at most: a run that is alive is heard again before this.
const SILENT_QUIET: u64 = 90_000;
/// Six times as long, with the record still saying that it runs, and it is not likely to come back by itself.
const SILENT_STUCK: u64 = 10 * 60_000;
/// Heartbeats without anything new. One long command (a build, a whole test run) is silent for this long and well.
const STILL_QUIET: u64 = 15 * 60_000;
/// The service ends no command by itself; an hour without a word is past what people wait for.
const STILL_STUCK: u64 = 60 * 60_000;
/// How often the record of a quiet run is asked for again, and of a stuck one: a quiet window may have many of them.
const ASK_QUIET: u64 = 2 * 60_000;
const ASK_STUCK: u64 = 5 * 60_000;
/// A question that got no answer is put again after so long.
const ASK_AGAIN: u64 = 30_000;

/// What was heard of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sound {
    /// A sign of life without news.
    Heartbeat,
    /// Something that the agent said or did, for the first time.
    News,
    /// The record says that it runs.
    Runs,
    /// There is no link: what is not heard now says nothing.
    Deaf,
    /// There is a link again.
    Listening,
    /// The computer slept: what was heard before says nothing any more.
    Woke,
}

/// How alive it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing speaks against it.
    Working,
    /// It was not heard of for a while; its record says that it runs.
    Quiet(Lack),
    /// The same for so long that somebody should look.
    Stuck(Lack),
}

/// What is missing, and for how long it was when last looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lack {
    /// Since when.
    pub since: u64,
    /// Whether heartbeats come: it is connected, and nothing new happens.
    pub beats: bool,
}

/// A verdict, and what it takes to keep it true.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Judgement {
    /// The verdict.
    pub verdict: Verdict,
    /// Whether the record is to be asked for now.
    pub ask: bool,
    /// When to judge again at the latest.
    pub wake_at: Option<u64>,
}

/// What is known of the life of one run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Life {
    sign: u64,
    news: u64,
    /// Since when nothing can be heard.
    deaf: Option<u64>,
    /// When the record last said that it runs.
    runs: Option<u64>,
    asked: Option<u64>,
}

impl Life {
    /// Listening begins; nothing is held against the run for the time before.
    pub fn new(now: u64) -> Self {
        Self {
            sign: now,
            news: now,
            deaf: None,
            runs: None,
            asked: None,
        }
    }

    /// Takes what was heard.
    pub fn hear(&mut self, sound: Sound, now: u64) {
        match sound {
            Sound::Heartbeat => self.sign = now,
            Sound::News => (self.sign, self.news) = (now, now),
            // While nothing can be heard, its record says nothing of a silence.
            Sound::Runs if self.deaf.is_some() => {}
            Sound::Runs => self.runs = Some(now),
            Sound::Deaf => drop(self.deaf.get_or_insert(now)),
            Sound::Listening => {
                // Only the time in which it could have been heard counts as silence.
                let deaf = self.deaf.take().map_or(0, |since| now.saturating_sub(since));
                self.sign = (self.sign + deaf).min(now);
                self.news = (self.news + deaf).min(now);
                self.runs = self.runs.map(|at| (at + deaf).min(now));
            }
            Sound::Woke => {
                *self = Self {
                    deaf: self.deaf.map(|_| now),
                    ..Self::new(now)
                }
            }
        }
    }

    /// Judges. What is suspected is said only once the record, asked for after it was, says that the run goes on.
    pub fn judge(&mut self, now: u64) -> Judgement {
        let verdict = self.runs.map_or(Verdict::Working, |at| self.suspicion(at));
        if self.deaf.is_some() {
            return Judgement {
                verdict,
                ask: false,
                wake_at: None,
            };
        }
        let due = match (verdict, self.runs) {
            // Nothing is wrong, or it has just begun to be.
            (Verdict::Working, _) | (_, None) => self
                .sign
                .saturating_add(SILENT_QUIET)
                .min(self.news.saturating_add(STILL_QUIET)),
            (Verdict::Quiet(_), Some(at)) => {
                let worse = self
                    .sign
                    .saturating_add(SILENT_STUCK)
                    .min(self.news.saturating_add(STILL_STUCK));
                worse.min(at + ASK_QUIET)
            }
            (Verdict::Stuck(_), Some(at)) => at + ASK_STUCK,
        };
        let due = self.asked.map_or(due, |at| due.max(at + ASK_AGAIN));
        let ask = due <= now;
        if ask {
            self.asked = Some(now);
        }
        let wake_at = Some(if ask { now + ASK_AGAIN } else { due });
        Judgement { verdict, ask, wake_at }
    }

    /// What was to be suspected at a time.
    fn suspicion(&self, at: u64) -> Verdict {
        let silent = at.saturating_sub(self.sign);
        let still = at.saturating_sub(self.news);
        let without_beats = Lack {
            since: self.sign,
            beats: false,
        };
        let with_beats = Lack {
            since: self.news,
            beats: true,
        };
        if silent >= SILENT_STUCK {
            Verdict::Stuck(without_beats)
        } else if silent >= SILENT_QUIET {
            Verdict::Quiet(without_beats)
        } else if still >= STILL_STUCK {
            Verdict::Stuck(with_beats)
        } else if still >= STILL_QUIET {
            Verdict::Quiet(with_beats)
        } else {
            Verdict::Working
        }
    }
}
