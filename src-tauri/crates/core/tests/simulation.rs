//! The proof by simulation: machines in a world that goes wrong in every way known, from seeds that can be repeated.
//! `cargo xtask test proofs` is the full proof, of a million seeds each; `SENDOFF_SEEDS` is the number of seeds otherwise;
//! `SENDOFF_SEED=<n>` lives through one seed and prints its trace.
//!
//! What is promised of every seed, once faults stop and every question is answered:
//! * a launch is one agent, or none with the draft given back, and two only where the user said "send it again";
//! * nothing is stuck, shown as gone while there is an agent, or shown as confirmed without one;
//! * nothing is posted before it is on disk, with another's key, or with another body or identifier.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test stops at the first surprise"
)]

mod simulation {
    pub(crate) mod cloud;
    pub(crate) mod disk;
    pub(crate) mod fault;
    pub(crate) mod follow_ups;
    pub(crate) mod launches;
    pub(crate) mod random;
    pub(crate) mod requests;
}

use std::time::Instant;

use simulation::fault::Tally;
use simulation::follow_ups::{FollowUpOutcome, FollowUpWorld};
use simulation::launches::{Outcome, World};

/// Seeds start here, so that a seed's number says where it comes from.
const FIRST: u64 = 0x5E4D_0FF0;

fn seeds() -> u64 {
    std::env::var("SENDOFF_SEEDS")
        .ok()
        .map_or(20_000, |count| count.parse().expect("SENDOFF_SEEDS is a number"))
}

fn one_seed() -> Option<u64> {
    std::env::var("SENDOFF_SEED")
        .ok()
        .map(|seed| seed.parse().expect("SENDOFF_SEED is a number"))
}

#[test]
fn every_launch_happens_exactly_once_or_its_owner_is_told() {
    if let Some(seed) = one_seed() {
        let (result, trace) = replay(seed);
        println!("{trace}\n{result:?}");
        return;
    }
    let started = Instant::now();
    let count = seeds();
    let mut tally = Tally::default();
    let mut outcomes = [0_u64; 4];
    let mut asked_again = 0_u64;
    for seed in FIRST..FIRST + count {
        let mut world = World::new(seed, false);
        match world.live() {
            Ok(outcome) => outcomes[outcome as usize] += 1,
            Err(promise) => {
                let (_, trace) = replay(seed);
                panic!("seed {seed}: {promise}\n{trace}");
            }
        }
        asked_again += u64::from(world.resends_told > 0);
        tally.add(&world.tally);
    }
    let seconds = started.elapsed().as_secs_f64();
    let met: Vec<_> = tally.counts().filter(|(_, count)| *count > 0).collect();
    for (name, count) in &met {
        println!("{count:>10}  {name}");
    }
    println!(
        "launches: {count} seeds, {} fault points met, {:.0} seeds a second; \
         {} confirmed, {} rejected, {} taken back, {} never launched; {asked_again} sent again because told to",
        met.len(),
        count as f64 / seconds,
        outcomes[Outcome::Confirmed as usize],
        outcomes[Outcome::Rejected as usize],
        outcomes[Outcome::TakenBack as usize],
        outcomes[Outcome::NeverLaunched as usize],
    );
    if count >= 10_000 {
        assert!(met.len() >= 60, "a fault that is never met proves nothing");
        assert!(
            outcomes.iter().all(|&outcome| outcome > 0),
            "every ending has to be reached: {outcomes:?}"
        );
    }
}

#[test]
fn every_follow_up_arrives_once_or_its_owner_is_asked() {
    let replay = |seed| {
        let mut world = FollowUpWorld::new(seed, true);
        let result = world.live();
        (result, world.trace.unwrap().join("\n"))
    };
    if let Some(seed) = one_seed() {
        let (result, trace) = replay(seed);
        println!("{trace}\n{result:?}");
        return;
    }
    let started = Instant::now();
    let count = seeds();
    let mut tally = Tally::default();
    let mut outcomes = [0_u64; 4];
    let (mut asked_again, mut mistaken) = (0_u64, 0_u64);
    for seed in FIRST..FIRST + count {
        let mut world = FollowUpWorld::new(seed, false);
        match world.live() {
            Ok(outcome) => outcomes[outcome as usize] += 1,
            Err(promise) => panic!("seed {seed}: {promise}\n{}", replay(seed).1),
        }
        asked_again += u64::from(world.told > 0);
        mistaken += u64::from(world.mistaken);
        tally.add(&world.tally);
    }
    let met = tally.counts().filter(|(_, count)| *count > 0).count();
    println!(
        "follow-ups: {count} seeds, {met} fault points met, {:.0} seeds a second; {} confirmed, {} rejected, \
         {} removed, {} never queued; {asked_again} sent again because told to, \
         {mistaken} took somebody else's run of the same minutes for theirs",
        count as f64 / started.elapsed().as_secs_f64(),
        outcomes[FollowUpOutcome::Confirmed as usize],
        outcomes[FollowUpOutcome::Rejected as usize],
        outcomes[FollowUpOutcome::Removed as usize],
        outcomes[FollowUpOutcome::NeverQueued as usize],
    );
    if count >= 10_000 {
        assert!(met >= 40, "a fault that is never met proves nothing");
        assert!(
            outcomes.iter().all(|&outcome| outcome > 0),
            "every ending has to be reached: {outcomes:?}"
        );
    }
}

fn replay(seed: u64) -> (Result<Outcome, String>, String) {
    let mut world = World::new(seed, true);
    let result = world.live();
    (result, world.trace.unwrap().join("\n"))
}
