//! Measures finding by words against `rg` over the same text, in one run: a million lines of conversations, questions
//! that are rare, common, half typed, of two words, and of nothing.
//! `cargo run --release -p sendoff-store --example find [lines] [rounds]`
#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a measuring program prints, and stops at the first surprise"
)]

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use sendoff_store::{AccountRow, AgentRow, DocumentRow, RunRow, Store};

/// What the design asks for.
const LIMIT: Duration = Duration::from_millis(10);
const WORST: &str = "north southern";
const PATIENCE: Duration = Duration::from_secs(10);
/// Lines of each run, and runs of each agent.
const LINES_OF_A_RUN: usize = 2_000;
const RUNS_OF_AN_AGENT: usize = 3;

/// A question, and the same for `rg`. The last is the worst there is, outside of the sum: two words that each stand in
/// every second document and never in the same. The app cuts such a search off.
const QUESTIONS: [(&str, &str, &[&str]); 10] = [
    ("rare", "zanzibar", &["zanzibar"]),
    ("rare, file", "zanzibar.css", &["zanzibar\\.css"]),
    ("common", "the ", &["\\bthe\\b"]),
    ("common, half typed", "th", &["\\bth"]),
    ("common, half typed", "butto", &["\\bbutto"]),
    ("half typed", "conf", &["\\bconf"]),
    ("two, common", "login button", &["\\blogin\\b", "\\bbutton"]),
    ("two, one rare", "the zanz", &["\\bthe\\b", "\\bzanz"]),
    ("none", "qwertzuiop", &["qwertzuiop"]),
    ("two, that never meet", WORST, &["\\bnorth\\b", "\\bsouthern"]),
];

/// The same numbers on every machine.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % sides
    }

    /// Words as people use them: a few all the time, most hardly ever.
    fn word(&mut self, words: &[String]) -> usize {
        let part = self.roll(1 << 20) as f64 / f64::from(1 << 20);
        ((words.len() as f64).powf(part) as usize).clamp(1, words.len()) - 1
    }
}

fn vocabulary() -> Vec<String> {
    let common = "the a to and of in is it for that with on this button page login as be header color now was small \
                  test file change css form configure config width mobile menu run add fix error confirm";
    let mut words: Vec<String> = common.split_whitespace().map(str::to_owned).collect();
    let sounds = [
        "ka", "ren", "lo", "mi", "ta", "sol", "ver", "in", "du", "pa", "str", "on", "el", "qua",
    ];
    let mut dice = Dice(7);
    while words.len() < 30_000 {
        let parts = 2 + dice.roll(3);
        words.push((0..parts).map(|_| sounds[dice.roll(sounds.len())]).collect());
    }
    words
}

/// One document: a prompt or reply of some lines, or a step of one.
fn document(dice: &mut Dice, words: &[String], lines: usize, number: usize) -> String {
    let mut text = String::new();
    for line in 0..lines {
        if line > 0 {
            text.push('\n');
        }
        for _ in 0..4 + dice.roll(12) {
            text.push_str(&words[dice.word(words)]);
            text.push(' ');
        }
        // Words that stand in every second document each, and never in the same.
        text.push_str(if number.is_multiple_of(2) { "north" } else { "southern" });
    }
    text
}

struct Made {
    lines: usize,
    documents: usize,
    bytes: usize,
    writing: Duration,
}

fn make(store: &Store, corpus: &Path, lines: usize) -> Made {
    let words = vocabulary();
    let mut dice = Dice(42);
    let account = AccountRow {
        id: "work".to_owned(),
        position: 0,
        body: "{}".to_owned(),
    };
    store.put_account(&account).unwrap();
    let mut file = BufWriter::new(File::create(corpus).unwrap());
    let mut made = Made {
        lines: 0,
        documents: 0,
        bytes: 0,
        writing: Duration::ZERO,
    };
    let mut at_ms = 1_700_000_000_000;
    while made.lines < lines {
        let number = made.lines / LINES_OF_A_RUN;
        let (agent, run) = (format!("bc-{}", number / RUNS_OF_AN_AGENT), format!("run-{number}"));
        let mut documents = Vec::new();
        let until = (made.lines + LINES_OF_A_RUN).min(lines);
        while made.lines < until {
            let long = if dice.roll(2) == 0 { 1 } else { 2 + dice.roll(12) };
            let long = long.min(until - made.lines);
            let mut text = document(&mut dice, &words, long, made.documents);
            if made.documents.is_multiple_of(40_000) {
                text.push_str(" src/zanzibar.css");
            }
            made.lines += long;
            made.documents += 1;
            made.bytes += text.len();
            writeln!(file, "{text}").unwrap();
            at_ms += 20_000;
            documents.push(DocumentRow {
                run: run.clone(),
                block: format!("{run}:{}", documents.len()),
                at_ms,
                text,
            });
        }
        let row = RunRow {
            account: "work".to_owned(),
            agent: agent.clone(),
            id: run,
            created_at_ms: at_ms,
            body: "{}".to_owned(),
        };
        let agent = AgentRow {
            account: "work".to_owned(),
            id: agent,
            updated_at_ms: at_ms,
            body: "{}".to_owned(),
        };
        store.put_agents(&[agent]).unwrap();
        let begun = Instant::now();
        // As much as a run that is followed writes at a time.
        for part in documents.chunks(20) {
            store.put_run(&row, part).unwrap();
        }
        made.writing += begun.elapsed();
    }
    file.flush().unwrap();
    made
}

/// How long this thread was on a processor so far, some milliseconds late: on a machine that does other things as well,
/// what the searches themselves take. Only Linux tells.
fn on_processor() -> Option<Duration> {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    Some(Duration::from_nanos(told.split(' ').next()?.parse().ok()?))
}

/// Median and 95th percentile.
fn spread(mut times: Vec<Duration>) -> (Duration, Duration) {
    times.sort_unstable();
    let at = |part: usize| times[(times.len() * part / 100).min(times.len() - 1)];
    (at(50), at(95))
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// The lines that hold a question, by `rg`; two words are looked for one after the other, as a person would.
fn by_rg(corpus: &Path, patterns: &[&str]) {
    let rg = |pattern: &str| {
        let mut command = Command::new("rg");
        command.args(["--ignore-case", "--no-line-number", "--no-config", "--", pattern]);
        command
    };
    let mut first = rg(patterns[0]);
    first.arg(corpus);
    if let [_, second] = patterns {
        let mut child = first.stdout(Stdio::piped()).spawn().unwrap();
        let from = child.stdout.take().unwrap();
        rg(second).arg("-").stdin(from).stdout(Stdio::null()).status().unwrap();
        child.wait().unwrap();
    } else {
        // Into a pipe that is read, for what goes nowhere is not even looked for.
        first.stdout(Stdio::piped()).output().unwrap();
    }
}

fn main() -> ExitCode {
    let argument = |place: usize, usual: usize| {
        let given = std::env::args().nth(place).and_then(|given| given.parse().ok());
        given.unwrap_or(usual)
    };
    let (lines, rounds) = (argument(1, 1_000_000), argument(2, 40).max(5));
    let folder = tempfile::tempdir().unwrap();
    let corpus = folder.path().join("corpus.txt");
    let store = Store::open(&folder.path().join("store")).unwrap();
    let made = make(&store, &corpus, lines);
    let size = std::fs::metadata(folder.path().join("store/sendoff.sqlite3"))
        .unwrap()
        .len();
    println!(
        "{} lines in {} documents, {:.0} MB of text, a database of {:.0} MB; {:.0} µs to write a document",
        made.lines,
        made.documents,
        made.bytes as f64 / 1e6,
        size as f64 / 1e6,
        made.writing.as_secs_f64() * 1e6 / made.documents as f64,
    );
    let has_rg = Command::new("rg")
        .arg("--version")
        .stdout(Stdio::null())
        .status()
        .is_ok();
    println!(
        "{:<22} {:<16} {:>5} {:>10} {:>9} {:>9} {:>9} {:>8}",
        "question", "typed", "hits", "median ms", "p95 ms", "cpu ms", "rg ms", "ratio"
    );
    let (mut all, mut by_rg_all) = (Vec::new(), Vec::new());
    for (name, typed, patterns) in QUESTIONS {
        let mut hits = 0;
        let mut times = Vec::new();
        let before = on_processor();
        for _ in 0..rounds {
            let begun = Instant::now();
            let found = store.search("work", typed, 50, PATIENCE).unwrap();
            times.push(begun.elapsed());
            hits = found.hits.len();
        }
        let busy = before.zip(on_processor()).map_or("–".to_owned(), |(before, after)| {
            format!("{:.2}", milliseconds(after.saturating_sub(before)) / rounds as f64)
        });
        if typed != WORST {
            all.extend_from_slice(&times);
        }
        let (median, late) = spread(times);
        let (rg, ratio) = if has_rg {
            let times = (0..rounds / 4 + 3)
                .map(|_| {
                    let begun = Instant::now();
                    by_rg(&corpus, patterns);
                    begun.elapsed()
                })
                .collect();
            let (rg, _) = spread(times);
            by_rg_all.push(rg);
            let ratio = rg.as_secs_f64() / median.as_secs_f64();
            (format!("{:.1}", milliseconds(rg)), format!("{ratio:.0}×"))
        } else {
            ("–".to_owned(), "–".to_owned())
        };
        println!(
            "{name:<22} {typed:<16} {hits:>5} {:>10.2} {:>9.2} {:>9} {rg:>9} {ratio:>8}",
            milliseconds(median),
            milliseconds(late),
            busy
        );
    }
    let (median, late) = spread(all);
    println!(
        "all but the last: median {:.2} ms, p95 {:.2} ms; limit {:.0} ms",
        milliseconds(median),
        milliseconds(late),
        milliseconds(LIMIT)
    );
    println!(
        "plot\tone question, 1 M lines\tSendoff\t{:.2}\tms",
        milliseconds(median)
    );
    if !by_rg_all.is_empty() {
        println!(
            "plot\tone question, 1 M lines\tripgrep\t{:.1}\tms",
            milliseconds(spread(by_rg_all).0)
        );
    }
    if late > LIMIT {
        println!("Finding is slower than its limit.");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}
