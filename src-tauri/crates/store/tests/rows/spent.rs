//! What runs used: sums by day, repository, model and agent, within bounds and over restarts.

use sendoff_store::{SpendingBy, SpendingRow, SpendingSum, StoreError};

use crate::samples::{account, reopened, store};

/// Noon of 25 November 2026, a Wednesday, at Greenwich.
const NOON: i64 = 1_795_608_000_000;
const DAY: i64 = 86_400_000;

fn run(id: &str, at_ms: i64, micros: Option<i64>) -> SpendingRow {
    SpendingRow {
        account: "work".to_owned(),
        agent: "bc-1".to_owned(),
        run: id.to_owned(),
        at_ms,
        repository: Some("https://github.com/acme/web".to_owned()),
        model: Some("gpt".to_owned()),
        input: 100,
        output: 10,
        cache_read: 1_000,
        cache_write: 5,
        micros,
    }
}

fn sum(runs: i64, micros: i64, unpriced: i64) -> SpendingSum {
    SpendingSum {
        runs,
        input: 100 * runs,
        output: 10 * runs,
        cache_read: 1_000 * runs,
        cache_write: 5 * runs,
        micros,
        unpriced,
    }
}

#[test]
fn runs_are_summed_by_day_and_survive_a_restart() {
    let (folder, store) = store();
    assert_eq!(
        store.put_spending(&[run("run-1", NOON, None)]),
        Err(StoreError::UnknownAccount),
        "money belongs to somebody"
    );
    store.put_account(&account("work", 0)).unwrap();
    let other = SpendingRow {
        agent: "bc-2".to_owned(),
        model: None,
        repository: None,
        ..run("run-3", NOON, Some(70_000))
    };
    store
        .put_spending(&[
            run("run-1", NOON - 2 * DAY, Some(4_000)),
            run("run-2", NOON, None),
            other,
        ])
        .unwrap();
    let store = reopened(&folder, store);
    let (today, monday) = store.local_day(NOON, 0).unwrap();
    let (first, _) = store.local_day(NOON, 2).unwrap();
    assert_eq!(
        (today.as_str(), monday.as_str(), first.as_str()),
        ("2026-11-25", "2026-11-23", "2026-11-23"),
        "noon is the same day nearly everywhere"
    );
    let days: Vec<_> = store.spending_days("work", &first, &today).unwrap();
    let days: Vec<_> = days.iter().map(|(day, sum)| (day.as_str(), *sum)).collect();
    assert_eq!(
        days,
        [
            ("2026-11-23", sum(1, 4_000, 0)),
            ("2026-11-24", sum(0, 0, 0)),
            ("2026-11-25", sum(2, 70_000, 1)),
        ],
        "a day without runs is a day too"
    );
    assert_eq!(store.spending_total("work", &first, &today), Ok(sum(3, 74_000, 1)));
    assert_eq!(
        store.spending_by("work", &first, &today, SpendingBy::Model),
        Ok(vec![
            (None, sum(1, 70_000, 0)),
            (Some("gpt".to_owned()), sum(2, 4_000, 1))
        ]),
        "the dearest first, and what is not known is one of them"
    );
    assert_eq!(
        store.spending_by("work", &today, &today, SpendingBy::Agent),
        Ok(vec![
            (Some("bc-2".to_owned()), sum(1, 70_000, 0)),
            (Some("bc-1".to_owned()), sum(1, 0, 1))
        ]),
        "only of the days asked for"
    );
    assert_eq!(
        store.spending_total("home", &first, &today),
        Ok(sum(0, 0, 0)),
        "accounts do not see each other's"
    );
}

#[test]
fn a_later_answer_replaces_all_but_the_day_and_what_it_does_not_tell() {
    let (_folder, store) = store();
    store.put_account(&account("work", 0)).unwrap();
    store.put_spending(&[run("run-1", NOON, Some(4_000))]).unwrap();
    let later = SpendingRow {
        input: 300,
        model: None,
        ..run("run-1", NOON + DAY, None)
    };
    store.put_spending(&[later]).unwrap();
    let expected = SpendingSum {
        input: 300,
        ..sum(1, 4_000, 0)
    };
    assert_eq!(
        store.spending_by("work", "2026-11-25", "2026-11-25", SpendingBy::Model),
        Ok(vec![(Some("gpt".to_owned()), expected)]),
        "the cost that was told stays when an answer has none"
    );
}

#[test]
fn absurd_numbers_are_cut_so_that_sums_stay_sums() {
    let (_folder, store) = store();
    store.put_account(&account("work", 0)).unwrap();
    let absurd = |id: &str, amount: i64, at_ms: i64| SpendingRow {
        input: amount,
        output: amount,
        cache_read: amount,
        cache_write: amount,
        ..run(id, at_ms, Some(amount))
    };
    let runs: Vec<_> = (0..20).map(|id| absurd(&id.to_string(), i64::MAX, i64::MAX)).collect();
    store.put_spending(&runs).unwrap();
    store.put_spending(&[absurd("less", i64::MIN, i64::MIN)]).unwrap();
    let most = 20 * 1_000_000_000_000;
    let expected = SpendingSum {
        runs: 21,
        input: most,
        output: most,
        cache_read: most,
        cache_write: most,
        micros: most,
        unpriced: 0,
    };
    assert_eq!(
        store.spending_total("work", "1969-01-01", "2101-01-01"),
        Ok(expected),
        "what is below zero is nothing, and no clock is beyond 2100"
    );
}

#[test]
fn the_costs_of_the_past_are_those_of_a_repository_and_model() {
    let (_folder, store) = store();
    store.put_account(&account("work", 0)).unwrap();
    let with = |model: &str, id: i64| SpendingRow {
        model: Some(model.to_owned()),
        ..run(&id.to_string(), NOON + id, Some(id))
    };
    store
        .put_spending(&[with("gpt", 1), with("", 2), with("gpt", 3), run("free", NOON, None)])
        .unwrap();
    let web = "https://github.com/acme/web";
    assert_eq!(
        store.spending_costs("work", web, Some("gpt")),
        Ok(vec![3, 1]),
        "the newest first"
    );
    assert_eq!(
        store.spending_costs("work", web, Some("")),
        Ok(vec![2]),
        "the default is a model too"
    );
    assert_eq!(store.spending_costs("work", web, None), Ok(vec![3, 2, 1]));
    assert_eq!(store.spending_costs("work", "elsewhere", None), Ok(vec![]));
    let many: Vec<_> = (10..70).map(|id| with("gpt", id)).collect();
    store.put_spending(&many).unwrap();
    assert_eq!(
        store.spending_costs("work", web, Some("gpt")).unwrap().len(),
        50,
        "the past is bounded"
    );
}
