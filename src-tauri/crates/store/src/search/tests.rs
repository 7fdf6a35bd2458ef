//! The index gives what a naive look at every document gives, and takes nothing that is typed for a language.

use std::time::Duration;

use proptest::prelude::*;
use tempfile::TempDir;

use super::*;
use crate::{AccountRow, AgentRow, ArtifactRow, DocumentRow, RunRow};

const PATIENCE: Duration = Duration::from_secs(20);

fn store() -> (TempDir, Store) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    for (position, account) in ["work", "home"].into_iter().enumerate() {
        let row = AccountRow {
            id: account.to_owned(),
            position: position as u32,
            body: "{}".to_owned(),
        };
        store.put_account(&row).unwrap();
    }
    store
        .put_agents(&[agent("work", "bc-1"), agent("work", "bc-2"), agent("home", "bc-3")])
        .unwrap();
    (folder, store)
}

fn agent(account: &str, id: &str) -> AgentRow {
    AgentRow {
        account: account.to_owned(),
        id: id.to_owned(),
        updated_at_ms: 1,
        body: "{}".to_owned(),
    }
}

fn run(agent: &str, id: &str) -> RunRow {
    RunRow {
        account: "work".to_owned(),
        agent: agent.to_owned(),
        id: id.to_owned(),
        created_at_ms: 1,
        body: "{}".to_owned(),
    }
}

fn document(block: &str, text: &str) -> DocumentRow {
    DocumentRow {
        run: "run-1".to_owned(),
        block: block.to_owned(),
        at_ms: 1_700_000_000_000,
        text: text.to_owned(),
    }
}

fn places(store: &Store, typed: &str) -> Vec<String> {
    let found = store.search("work", typed, 1_000, PATIENCE).unwrap();
    assert!(!found.cut, "there is time enough");
    let mut places: Vec<String> = found.hits.into_iter().map(|hit| hit.place).collect();
    places.sort_unstable();
    places
}

/// Words as designers and agents write them, some alike at their beginnings, some of other scripts.
fn word() -> impl Strategy<Value = String> {
    let known = [
        "login",
        "log",
        "logo",
        "Login",
        "form",
        "format",
        "große",
        "GROSSE",
        "café",
        "cafe",
        "登录",
        "登",
        "录页",
        "שלום",
        "login.css",
        "src/form.tsx",
        "npm",
        "test",
        "a",
        "ab",
        "abc",
        "x-y",
        "\"",
        "*",
        "NEAR",
        "-",
        "\0",
        "한국",
        "한국어",
    ];
    prop::sample::select(known.to_vec()).prop_map(str::to_owned)
}

fn words(count: std::ops::Range<usize>) -> impl Strategy<Value = String> {
    prop::collection::vec(word(), count).prop_map(|words| words.join(" "))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn the_index_gives_what_a_naive_look_gives(
        writes in prop::collection::vec((0_u8..20, words(0..12)), 1..60),
        questions in prop::collection::vec(words(1..4), 12),
        gone in 0_u8..20,
    ) {
        let (_folder, store) = store();
        let mut kept = std::collections::BTreeMap::new();
        // Some are written more than once, and an empty one takes its place away.
        for (place, text) in &writes {
            let one = document(&place.to_string(), text);
            store.put_run(&run("bc-1", "run-1"), std::slice::from_ref(&one)).unwrap();
            kept.insert(place.to_string(), text.clone());
        }
        store.put_run(&run("bc-1", "run-1"), &[document(&gone.to_string(), "")]).unwrap();
        kept.remove(&gone.to_string());
        for typed in &questions {
            let mut expected: Vec<String> = match Question::of(typed) {
                None => Vec::new(),
                Some(question) => {
                    let fitting = kept.iter().filter(|(_, text)| question.places(text).is_some());
                    fitting.map(|(place, _)| place.clone()).collect()
                }
            };
            expected.sort_unstable();
            prop_assert_eq!(places(&store, typed), expected, "{:?}", typed);
        }
        prop_assert_eq!(store.integrity_check(), Ok(()));
    }

    #[test]
    fn nothing_that_is_typed_is_a_language(typed in any::<String>()) {
        let (_folder, store) = store();
        store.put_run(&run("bc-1", "run-1"), &[document("b", "login")]).unwrap();
        let found = store.search("work", &typed, 50, PATIENCE);
        prop_assert!(found.is_ok(), "{:?}", found);
        let found = found.unwrap();
        let lengths: Vec<usize> = found.hits.iter().map(|hit| hit.snippet.len()).collect();
        prop_assert!(lengths.iter().all(|length| *length > 0), "what is found is shown");
    }
}

#[test]
fn hostile_questions_find_what_their_words_say() {
    let (_folder, store) = store();
    let texts = [
        ("near", "NEAR the login, say \"hello world\" and OR"),
        ("file", "src/app/login.css"),
        ("chinese", "请修复登录页面"),
        ("hebrew", "שלום עולם"),
    ];
    for (place, text) in texts {
        store.put_run(&run("bc-1", "run-1"), &[document(place, text)]).unwrap();
    }
    let long = format!("login {}", "x".repeat(10 * 1024 * 1024));
    let ten_megabytes = "login ".repeat(2 * 1024 * 1024);
    let table: [(&str, &[&str]); 23] = [
        ("", &[]),
        ("   ", &[]),
        ("\"", &[]),
        ("* - ( ) : ^ { }", &[]),
        ("\"hello world\"", &["near"]),
        ("\"hello", &["near"]),
        ("world hello", &["near"]),
        ("near OR login", &["near"]),
        ("NEAR(login say, 5)", &[]),
        ("words:login", &[]),
        ("login*", &["file", "near"]),
        ("login -hello", &["near"]),
        ("login NOT hello", &[]),
        ("lo", &["file", "near"]),
        ("lo ", &[]),
        ("l", &[]),
        ("login.cs", &["file"]),
        ("login.c", &["file", "near"]),
        ("css.login", &[]),
        ("a\0p\0p", &[]),
        ("登录", &["chinese"]),
        ("录登", &[]),
        ("\u{202e}שלו", &["hebrew"]),
    ];
    for (typed, expected) in table {
        assert_eq!(places(&store, typed), expected, "{typed:?}");
    }
    assert_eq!(
        places(&store, &long),
        Vec::<String>::new(),
        "only its beginning is looked at, and that is no word here"
    );
    assert_eq!(places(&store, &ten_megabytes), ["file", "near"]);
}

#[test]
fn what_is_deleted_is_not_found_and_others_stay() {
    let (_folder, store) = store();
    for (agent, id) in [("bc-1", "run-1"), ("bc-2", "run-2")] {
        let mut one = document("b", "purple elephant");
        id.clone_into(&mut one.run);
        store.put_run(&run(agent, id), &[one]).unwrap();
    }
    let file = ArtifactRow {
        account: "work".to_owned(),
        agent: "bc-1".to_owned(),
        run: "run-1".to_owned(),
        path: "out/elephant.png".to_owned(),
        updated_at: String::new(),
        hash: None,
        body: "{}".to_owned(),
    };
    store.put_artifacts(&[file]).unwrap();
    assert_eq!(places(&store, "elephant"), ["b", "b", "out/elephant.png"]);
    assert_eq!(
        store.search("home", "elephant", 50, PATIENCE).unwrap(),
        Found::default(),
        "another account's"
    );
    store.delete_agent("work", "bc-1").unwrap();
    assert_eq!(places(&store, "elephant"), ["b"]);
    store.delete_account("work").unwrap();
    let left: i64 = store
        .read(|connection| Ok(connection.query_row("SELECT count(*) FROM documents", (), |row| row.get(0))?))
        .unwrap();
    assert_eq!(left, 0, "nothing of it is left");
    assert_eq!(store.integrity_check(), Ok(()));
}

#[test]
fn an_agent_that_two_accounts_see_is_found_until_both_are_gone() {
    let (_folder, store) = store();
    store.put_agents(&[agent("home", "bc-1")]).unwrap();
    store
        .put_run(&run("bc-1", "run-1"), &[document("b", "shared words")])
        .unwrap();
    store.delete_agent("home", "bc-1").unwrap();
    assert_eq!(places(&store, "shared"), ["b"]);
}

#[test]
fn documents_of_before_are_written_once_and_replace_what_is_there() {
    let (_folder, store) = store();
    store
        .write(crate::database::Durability::Process, |transaction| {
            transaction.execute("INSERT INTO undocumented VALUES ('work', 'bc-1')", ())?;
            Ok(())
        })
        .unwrap();
    store
        .put_run(&run("bc-1", "run-1"), &[document("stale", "old words")])
        .unwrap();
    assert_eq!(store.undocumented(), Ok(Some(("work".to_owned(), "bc-1".to_owned()))));
    store
        .put_documents("work", "bc-1", &[document("b", "new words")])
        .unwrap();
    assert_eq!(
        (places(&store, "words"), store.undocumented()),
        (vec!["b".to_owned()], Ok(None))
    );
}

#[test]
fn what_was_not_written_is_not_found() {
    let (_folder, store) = store();
    let outside = [crate::EventRow {
        position: 7,
        event_id: None,
        kind: "assistant".to_owned(),
        body: "{}".to_owned(),
    }];
    let refused = store.put_events("bc-1", "run-1", false, &outside, &[document("b", "lost words")]);
    assert_eq!(refused, Err(StoreError::OutOfOrder { expected: 0, found: 7 }));
    assert_eq!(
        places(&store, "lost"),
        Vec::<String>::new(),
        "events and documents are one transaction"
    );
}

#[test]
fn a_newer_question_overtakes_and_time_is_bounded() {
    let (_folder, store) = store();
    store.put_run(&run("bc-1", "run-1"), &[document("b", "login")]).unwrap();
    let none = store.search("work", "login", 50, Duration::ZERO).unwrap();
    assert_eq!(
        none,
        Found {
            hits: Vec::new(),
            cut: true
        }
    );
    let busy = store.reader.lock().unwrap();
    std::thread::scope(|scope| {
        let first = scope.spawn(|| store.search("work", "login", 50, PATIENCE).unwrap());
        while store.asked.load(Ordering::SeqCst) < 2 {
            std::thread::yield_now();
        }
        let second = scope.spawn(|| store.search("work", "login", 50, PATIENCE).unwrap());
        while store.asked.load(Ordering::SeqCst) < 3 {
            std::thread::yield_now();
        }
        drop(busy);
        assert!(first.join().unwrap().cut, "nobody waits for the older one");
        assert_eq!(second.join().unwrap().hits.len(), 1);
    });
}

#[test]
fn a_search_under_way_holds_no_writing_up() {
    let (_folder, store) = store();
    store.put_run(&run("bc-1", "run-1"), &[document("b", "login")]).unwrap();
    let reader = store.reader.lock().unwrap();
    let mut statement = reader
        .prepare("SELECT rowid FROM document_words WHERE document_words MATCH 'login'")
        .unwrap();
    let mut rows = statement.query(()).unwrap();
    assert!(
        rows.next().unwrap().is_some(),
        "the search is in the middle of its rows"
    );
    assert_eq!(store.put_run(&run("bc-1", "run-1"), &[document("c", "login")]), Ok(()));
    drop(rows);
    drop(statement);
    drop(reader);
    assert_eq!(places(&store, "login"), ["b", "c"]);
}

#[test]
fn the_newest_and_closest_come_first() {
    let (_folder, store) = store();
    let at = |block: &str, days: i64, text: &str| DocumentRow {
        at_ms: 1_700_000_000_000 - days * 86_400_000,
        ..document(block, text)
    };
    let long = format!("login {}", "and something else ".repeat(60));
    store
        .put_run(
            &run("bc-1", "run-1"),
            &[
                at("old", 400, "login login"),
                at("long", 0, &long),
                at("close", 1, "the login form"),
                at("month", 30, "the login form"),
            ],
        )
        .unwrap();
    let found = store.search("work", "login", 3, PATIENCE).unwrap();
    let order: Vec<&str> = found.hits.iter().map(|hit| hit.place.as_str()).collect();
    assert_eq!(order, ["close", "month", "long"], "of four the best three");
}

#[test]
fn a_snippet_is_one_line_with_every_mark() {
    let piece = |text: &str, found: bool| Piece {
        text: text.to_owned(),
        found,
    };
    let of = |typed: &str, text: &str| {
        let (places, _) = Question::of(typed).unwrap().places(text).unwrap();
        snippet(text, &places)
    };
    assert_eq!(
        of("größe form", "Die\n  GRÖSSE? Größe\tder Form"),
        [
            piece("Die ", false),
            piece("GRÖSSE", true),
            piece("? ", false),
            piece("Größe", true),
            piece(" der ", false),
            piece("Form", true)
        ]
    );
    let far = format!("{} needle {}", "word ".repeat(100), "after ".repeat(100));
    let cut = of("needle", &far);
    assert_eq!(cut[0], piece("…", false));
    assert_eq!(
        (cut[2].clone(), cut[4].clone()),
        (piece("needle", true), piece("…", false))
    );
    let whole: usize = cut.iter().map(|piece| piece.text.len()).sum();
    assert!(whole <= SNIPPET + 8, "{whole}");
}
