use proptest::prelude::*;

use super::*;
use crate::model::{BlockId, BlockKind, Ending, Inline, Node, RunId, Shot, Step, StepDetail, StepState};

fn words() -> Words {
    let table = [
        ("export.you", "You"),
        ("export.repository", "Repository"),
        ("export.file", "File"),
        ("export.more_files", "{count} more"),
        ("export.done_in", "Done in {time}"),
        ("export.picture", "One picture"),
        ("step.edits", "Edited"),
        ("step.runs", "Ran"),
    ];
    Words::new(table.map(|(key, word)| (key.to_owned(), word.to_owned())))
}

fn block(order: u64, kind: BlockKind) -> Block {
    Block {
        id: BlockId(order.to_string()),
        order,
        run: Some(RunId("run-1".to_owned())),
        at: 0,
        kind,
    }
}

fn shot(hash: &str) -> Shot {
    let shot = serde_json::json!({
        "id": "shot-1", "hash": hash, "mime": "image/png", "width": 1, "height": 1, "bytes": 3, "notes": [],
    });
    serde_json::from_value(shot).unwrap()
}

fn conversation() -> Conversation {
    let step = |detail| BlockKind::Steps {
        step: Step {
            detail,
            state: StepState::Done,
        },
        ended_at: None,
        calls: None,
    };
    Conversation {
        title: "Fix <it>".to_owned(),
        repository: Some("https://github.com/a/b".to_owned()),
        branches: Vec::new(),
        pull_requests: Vec::new(),
        files: vec![LeftFile {
            name: "/home/anna/before `x`.png".to_owned(),
            picture: Some("aa".to_owned()),
        }],
        more_files: 2,
        blocks: vec![
            block(
                0,
                BlockKind::Prompt {
                    text: "1. Do *this*\n# in /home/anna/app".to_owned(),
                    shots: vec![shot("aa")],
                },
            ),
            block(
                1,
                step(StepDetail::Edits {
                    name: Some("a.css".to_owned()),
                    added: Some(2),
                    removed: Some(1),
                }),
            ),
            block(
                2,
                step(StepDetail::Runs {
                    command: "ls /home/anna".to_owned(),
                }),
            ),
            block(
                3,
                BlockKind::Words {
                    nodes: crate::markdown::parse(
                        "It is **done**, see [it](https://a.test/?x=1&y).\n\n```sh\nls <x>\n```",
                    ),
                },
            ),
            block(
                4,
                BlockKind::Ended {
                    ending: Ending::Finished,
                    duration: Some(184_000),
                },
            ),
        ],
        pictures: BTreeMap::from([(
            "aa".to_owned(),
            Picture {
                mime: "image/png",
                bytes: Arc::new(vec![1, 2, 3]),
            },
        )]),
    }
}

fn private() -> Private {
    Private::new(["/home/anna/".to_owned(), "/".to_owned()], "[key]".to_owned())
}

#[test]
fn a_conversation_as_markdown() {
    let expected = "# Fix \\<it>\n\n- Repository: https://github.com/a/b\n- File: ``~/before `x`.png``\n- File: 2 more\n\n## You, 1970-01-01 00:00 UTC\n\n> 1\\. Do \\*this\\*\\\n> \\# in \\~/app\n\n*One picture*\n\n- Edited `a.css` (+2 −1)\n- Ran `ls ~`\n\nIt is **done**, see [it](<https://a.test/?x=1&y>).\n\n```sh\nls <x>\n```\n\n*Done in 3:04*\n\n---\n";
    assert_eq!(
        write(&conversation(), ExportFormat::Markdown, &words(), &private()),
        expected
    );
}

#[test]
fn a_conversation_as_a_page_that_runs_and_loads_nothing() {
    let page = write(&conversation(), ExportFormat::Html, &words(), &private());
    let body = page.split_once("<main>").unwrap().1;
    let expected = "\n<h1 dir=\"auto\">Fix &lt;it&gt;</h1>\n<dl><dt>Repository</dt><dd><a rel=\"noopener noreferrer\" href=\"https://github.com/a/b\">https://github.com/a/b</a></dd><dt>File</dt><dd>~/before `x`.png</dd><dt>File</dt><dd>2 more</dd></dl>\n<section class=\"you\">\n<h2>You, 1970-01-01 00:00 UTC</h2><img alt=\"\" src=\"data:image/png;base64,AQID\">\n<p class=\"said\" dir=\"auto\">1. Do *this*\n# in ~/app</p>\n</section>\n<ul class=\"steps\">\n<li>Edited <code>a.css</code> <ins>+2</ins> <del>−1</del></li>\n<li>Ran <code>ls ~</code></li>\n</ul>\n<div class=\"reply\" dir=\"auto\">\n<p>It is <strong>done</strong>, see <a rel=\"noopener noreferrer\" href=\"https://a.test/?x=1&amp;y\">it</a>.</p>\n<pre dir=\"ltr\"><code>ls &lt;x&gt;\n</code></pre>\n</div>\n<p class=\"ended\">Done in 3:04</p>\n<p class=\"ended\">~/before `x`.png</p><img alt=\"\" src=\"data:image/png;base64,AQID\">\n</main>\n</body>\n</html>\n";
    assert_eq!(body, expected);
    assert!(page.contains("default-src 'none'; img-src data:; style-src 'sha256-"));
}

#[test]
fn no_key_leaves_in_words_code_steps_or_links() {
    let key = format!("crsr_{}", "0a1b2c3d".repeat(8));
    let mut conversation = conversation();
    conversation.title = format!("Use {key}");
    conversation.branches = vec![format!("b/{key}")];
    conversation.files[0].name = format!("{key}.png");
    conversation.blocks.push(block(
        5,
        BlockKind::Words {
            nodes: crate::markdown::parse(&format!(
                "a {key} `{key}` [x](https://a.test/?key={key}) https://a.test/{key}\n\n```\n{key}\n```\n\n|{key}|\n|-|\n\n![{key}](https://a.test/)"
            )),
        },
    ));
    conversation.blocks.push(block(
        6,
        BlockKind::Prompt {
            text: key.clone(),
            shots: Vec::new(),
        },
    ));
    for format in [ExportFormat::Markdown, ExportFormat::Html] {
        let file = write(&conversation, format, &words(), &private());
        assert!(!file.contains("0a1b2c3d"), "{file}");
        assert!(file.matches("[key").count() >= 8, "each is told of: {file}");
    }
}

/// The tags of a page, names only.
fn tags(page: &str) -> std::collections::BTreeSet<String> {
    page.split('<')
        .skip(1)
        .map(|rest| {
            let name = rest.split(|c: char| c.is_whitespace() || c == '>').next();
            name.unwrap_or_default().trim_start_matches('/').to_owned()
        })
        .collect()
}

const TAGS: &str = "!doctype html head meta title style body main h1 h2 h3 h4 h5 h6 dl dt dd a section p ul ol li code ins del em \
                    strong s br pre blockquote table thead tbody tr th td hr div img";

proptest! {
    #[test]
    fn hostile_words_stay_words(text in "(\\PC|\n|<script>|</title>|</style>|\"|'|`|&|\\||\\*|\\[x\\]\\(javascript:a\\)|!\\[x\\]\\(https://a.test\\)|> |# |- )*") {
        let mut conversation = conversation();
        conversation.title.clone_from(&text);
        conversation.repository = Some(text.clone());
        conversation.branches = vec![text.clone()];
        conversation.files[0].name.clone_from(&text);
        conversation.blocks.push(block(7, BlockKind::Prompt { text: text.clone(), shots: Vec::new() }));
        conversation.blocks.push(block(8, BlockKind::Words { nodes: crate::markdown::parse(&text) }));
        let page = write(&conversation, ExportFormat::Html, &words(), &private());
        let known: std::collections::BTreeSet<String> = TAGS.split_whitespace().map(str::to_owned).collect();
        let more: Vec<_> = tags(&page).difference(&known).cloned().collect();
        prop_assert!(more.is_empty(), "{more:?}");
        let mut leads = page.split("href=\"").skip(1);
        let opens = |lead: &str| ["https://", "http://", "mailto:"].iter().any(|scheme| lead.starts_with(scheme));
        prop_assert!(leads.all(opens), "nothing but pages and letters is opened");
    }

    /// What a reply says is the same when its export is read again: no word became markup, and none was lost.
    #[test]
    fn a_paragraph_reads_the_same_again(text in "[a-zA-Z0-9 *_`~<>#.!&|\\[\\]()+=-]{0,60}") {
        let content = vec![Inline::Text { text: text.trim().to_owned() }];
        let nodes = vec![Node::Paragraph { content }];
        let conversation = Conversation {
            title: "x".to_owned(),
            repository: None,
            branches: Vec::new(),
            pull_requests: Vec::new(),
            files: Vec::new(),
            more_files: 0,
            blocks: vec![block(0, BlockKind::Words { nodes: nodes.clone() })],
            pictures: BTreeMap::new(),
        };
        let file = write(&conversation, ExportFormat::Markdown, &words(), &Private::default());
        let again = crate::markdown::parse(file.strip_prefix("# x\n\n").unwrap_or(&file));
        let plain = |nodes: &[Node]| crate::markdown::words(nodes);
        prop_assert_eq!(plain(&again), plain(&nodes), "{}", file);
        prop_assert!(again.iter().all(|node| matches!(node, Node::Paragraph { .. })), "{:?}", again);
    }
}
