//! A run's stream cut anywhere: whatever the link does, the transcript is the one of the uncut stream, byte for byte.
//! `SENDOFF_CUTS` is the number of seeded schedules (10,000 unless told); `SENDOFF_CUT_SEED` runs a single one.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test stops at the first surprise")]

#[path = "cuts/client.rs"]
mod client;
#[path = "simulation/random.rs"]
mod random;
#[path = "cuts/script.rs"]
mod script;
#[path = "cuts/server.rs"]
mod server;

use sendoff_core::model::{BlockKind, Ending, RunId};
use sendoff_core::transcript::{RunTranscript, SeenEvent};

use client::Client;
use random::Random;
use script::Script;
use server::{Server, Weather};

/// What an uncut stream gives.
fn uncut(script: &Script) -> RunTranscript {
    let mut transcript = RunTranscript::new(RunId::from("run-1"), 0);
    transcript.connected(true);
    for frame in &script.frames {
        let id = Some(frame.id.clone());
        let (kind, data) = (frame.kind.to_owned(), frame.data.clone());
        transcript.apply(&SeenEvent {
            id,
            kind,
            data,
            at: script::EPOCH + frame.at,
        });
    }
    transcript
}

/// What a person sees, without the numbering that a rebuilt transcript may change.
fn shown(transcript: &mut RunTranscript) -> Vec<(u64, BlockKind)> {
    transcript
        .blocks()
        .iter()
        .map(|block| (block.at, block.kind.clone()))
        .collect()
}

/// The last block where steps are lost: with them it is lost whether the last one was a question.
fn last(transcript: &mut RunTranscript) -> Option<BlockKind> {
    let mut last = transcript.blocks().last()?.kind.clone();
    if let BlockKind::Ended { ending, .. } = &mut last
        && *ending == Ending::Asked
    {
        *ending = Ending::Finished;
    }
    Some(last)
}

fn follow(seed: u64, weather: Weather) {
    let mut random = Random::new(seed);
    let script = Script::random(&mut random);
    let mut expected = uncut(&script);
    let server = Server::new(&script, weather, random);
    let mut client = Client::new(server);
    client
        .run_to_end()
        .unwrap_or_else(|problem| panic!("seed {seed}, {weather:?}: {problem}"));
    let Client {
        mut transcript,
        server,
        mirror,
        ..
    } = client;
    if server.went_expired() {
        // The steps are lost for good; the words are not.
        let (text, wanted) = (transcript.text(), script.result_text().trim_end());
        assert!(
            text.trim_end().ends_with(wanted.trim_start()),
            "seed {seed}, {weather:?}: the record's words {wanted:?} in {text:?}",
        );
        let (ends, wanted) = (last(&mut transcript), last(&mut expected));
        assert_eq!(ends, wanted, "seed {seed}, {weather:?}: the end");
    } else {
        assert_eq!(
            transcript.text(),
            expected.text(),
            "seed {seed}, {weather:?}: the words"
        );
        assert_eq!(
            shown(&mut transcript),
            shown(&mut expected),
            "seed {seed}, {weather:?}: the blocks"
        );
        assert_eq!(
            transcript.outcome(),
            expected.outcome(),
            "seed {seed}, {weather:?}: the end"
        );
        assert_eq!(
            transcript.last_tool(),
            expected.last_tool(),
            "seed {seed}, {weather:?}: the last tool"
        );
        assert_eq!(
            transcript.tokens(),
            expected.tokens(),
            "seed {seed}, {weather:?}: tokens"
        );
    }
    let blocks: Vec<_> = transcript.blocks().to_vec();
    assert_eq!(
        mirror, blocks,
        "seed {seed}, {weather:?}: what the page was told adds up to what there is"
    );
}

#[test]
fn no_event_is_lost_or_doubled_whatever_the_link_does() {
    if let Some(seed) = number("SENDOFF_CUT_SEED") {
        return Weather::ALL.into_iter().for_each(|weather| follow(seed, weather));
    }
    let count = number("SENDOFF_CUTS").unwrap_or(10_000);
    for seed in 0..count {
        follow(seed, Weather::ALL[(seed % Weather::ALL.len() as u64) as usize]);
    }
}

#[test]
fn a_short_run_survives_a_cut_at_every_byte() {
    let script = Script::short();
    let mut expected = uncut(&script);
    let bytes = Server::new(&script, Weather::Fair, Random::new(0)).stream_length();
    for place in 0..=bytes {
        let mut server = Server::new(&script, Weather::Fair, Random::new(place as u64));
        server.cut_once_at(place);
        let mut client = Client::new(server);
        client
            .run_to_end()
            .unwrap_or_else(|problem| panic!("cut at byte {place}: {problem}"));
        assert_eq!(
            shown(&mut client.transcript),
            shown(&mut expected),
            "cut at byte {place} of {bytes}"
        );
    }
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}
