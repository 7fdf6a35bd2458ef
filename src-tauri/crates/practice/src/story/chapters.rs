//! The stories themselves.

use crate::state::ChangedFile;

use super::builder::Builder;
use super::{Act, Beat, Kind, Scene, Topic};

/// All beats of a run. The same scene always gives the same beats: a restart goes on in the middle.
pub(crate) fn beats(scene: &Scene<'_>) -> Vec<Beat> {
    let topic = Topic::of(scene.first_prompt);
    let stretch = if scene.kind == Kind::Slow { 18 } else { 1 };
    let mut story = Builder::new(scene.event_delay_ms, stretch);
    match scene.kind {
        Kind::Normal | Kind::Slow => normal(&mut story, scene, &topic),
        Kind::Fail => {
            look_around(&mut story, scene, &topic);
            story.terminal(
                1800,
                "npm ci",
                "npm warn deprecated inflight@1.0.6\nadded 812 packages in 14s\n",
            );
            story.say("The packages are in. Building next.\n");
            story.pause(900).act(Act::Fail);
        }
        Kind::Expire => {
            look_around(&mut story, scene, &topic);
            story.pause(1500).act(Act::Expire);
        }
        Kind::Ask => ask(&mut story, scene, &topic),
        Kind::Plan => plan(&mut story, scene, &topic),
        Kind::Silent => {
            look_around(&mut story, scene, &topic);
            story.act(Act::Silence);
        }
        Kind::Unending => {
            look_around(&mut story, scene, &topic);
            story.act(Act::Wait);
        }
        Kind::Huge => huge(&mut story, scene),
        Kind::Followup => followup(&mut story, scene, &topic),
        Kind::Carry => {
            story.think("The plan is agreed. I will carry it out step by step.\n");
            work(&mut story, scene, &topic);
        }
    }
    story.finish()
}

fn normal(story: &mut Builder, scene: &Scene<'_>, topic: &Topic) {
    look_around(story, scene, topic);
    work(story, scene, topic);
}

/// Thinking, searching and reading: how every story begins.
fn look_around(story: &mut Builder, scene: &Scene<'_>, topic: &Topic) {
    let words = &topic.words;
    if scene.pictures > 0 {
        story.think(&format!(
            "The screenshot shows the {words}. The spacing is uneven and the main action does not stand out. I should find where it is built before changing anything.\n"
        ));
    } else {
        story.think(&format!(
            "This is about the {words}. I should find where it is built before changing anything.\n"
        ));
    }
    story.say(&format!("I'll look at the {words} first.\n\n"));
    story.grep(&topic.component, &[topic.source(), topic.style(), topic.test()]);
    story.read(&topic.source(), &source(topic));
    story.read(&topic.style(), &style(topic));
}

/// Edits, tests, a picture of the result, the branch and the pull request, the reply.
fn work(story: &mut Builder, scene: &Scene<'_>, topic: &Topic) {
    let component = &topic.component;
    let kebab = &topic.kebab;
    story.todos(&[
        ("Even out the spacing", "in_progress"),
        ("Make the main action stand out", "pending"),
        ("Check with the tests and a screenshot", "pending"),
    ]);
    story.think("The styles mix pixel values with the spacing scale. Using the scale everywhere fixes the rhythm, and the button needs the accent color.\n");
    story.edit(
        &topic.style(),
        14,
        6,
        &format!("-  padding: 13px 9px;\n+  padding: var(--space-4);\n-  gap: 3px;\n+  gap: var(--space-3);\n+.{kebab}__action {{ background: var(--accent); }}\n"),
    );
    story.edit(
        &topic.source(),
        9,
        4,
        &format!(
            "-<button>Continue</button>\n+<button className=\"{kebab}__action\" type=\"submit\">Continue</button>\n"
        ),
    );
    story.say("The styles now follow the spacing scale. Adding a test and running the suite.\n\n");
    story.edit(
        &topic.test(),
        18,
        0,
        &format!("+it('shows one clear action in {component}', () => {{\n+  render(<{component} />);\n+  expect(screen.getAllByRole('button')).toHaveLength(1);\n+}});\n"),
    );
    story.act(Act::Changed(vec![
        changed(topic.style(), 14, 6),
        changed(topic.source(), 9, 4),
        changed(topic.test(), 18, 0),
    ]));
    let output = test_output(topic, 4);
    story.terminal(3200, &format!("npm test -- {component}"), &output);
    story.act(Act::KeepText {
        path: "artifacts/test-run.log",
        text: format!("$ npm test -- {component}\n{output}"),
    });
    story.screenshot("http://localhost:5173/", "/opt/cursor/artifacts/after.png");
    story.act(Act::KeepPicture);
    let mut reply = format!(
        "The {} is tidy again.\n\n**What changed**\n\n- Spacing in `{}` uses the scale instead of loose pixel values\n- The main action stands out and is a real submit button\n- A new test keeps it to one clear action\n\n```css\n.{kebab} {{\n  padding: var(--space-4);\n  gap: var(--space-3);\n}}\n```\n\nAll 4 tests pass.",
        topic.words,
        topic.style(),
    );
    deliver(story, scene, &mut reply);
    story.say(&reply);
    story.pause(200).act(Act::Finish(reply));
}

/// Pushes the branch and opens the pull request if there is one to open.
fn deliver(story: &mut Builder, scene: &Scene<'_>, reply: &mut String) {
    use std::fmt::Write;
    if scene.repository.is_some() {
        story.terminal(
            1100,
            &format!("git push -u origin {}", scene.branch),
            &format!("branch '{}' set up to track 'origin/{}'.\n", scene.branch, scene.branch),
        );
        story.act(Act::Push);
    }
    if let Some(url) = &scene.pull_url {
        story.pause(400).act(Act::OpenPull);
        // Writing to a string cannot fail.
        let _ = write!(reply, " See the [pull request]({url}).");
    }
}

fn ask(story: &mut Builder, scene: &Scene<'_>, topic: &Topic) {
    look_around(story, scene, topic);
    story.think("Two readings are possible and they lead to different work. Asking is cheaper than guessing.\n");
    let words = &topic.words;
    let reply = format!("One question before I change the {words}: should it keep its width on phones?");
    story.say(&reply);
    story.question(
        "How wide on phones?",
        &format!("Should the {words} fill the width on phones, or stay a card with a margin?"),
        &["Fill the width", "Stay a card", "You decide"],
    );
    story.pause(200).act(Act::Finish(reply));
}

fn plan(story: &mut Builder, scene: &Scene<'_>, topic: &Topic) {
    look_around(story, scene, topic);
    let words = &topic.words;
    story.think("A plan is asked for, so nothing is changed yet. Three small steps are enough.\n");
    let text = format!(
        "# Tidy the {words}\n\n1. Move loose pixel values in `{}` to the spacing scale\n2. Give the main action in `{}` the accent color\n3. Add a test and take a screenshot\n\n**Not touched:** routing, texts and the API calls.\n",
        topic.style(),
        topic.source(),
    );
    story.plan(
        &format!("Tidy the {words}"),
        &format!("Even spacing and one clear action for the {words}."),
        &text,
        &[
            "Move loose pixel values to the spacing scale",
            "Give the main action the accent color",
            "Add a test and take a screenshot",
        ],
    );
    story.act(Act::Planned);
    let reply = format!("Here is a plan for the {words} in three steps. Say the word and I carry it out.");
    story.say(&reply);
    story.pause(200).act(Act::Finish(reply));
}

fn followup(story: &mut Builder, scene: &Scene<'_>, topic: &Topic) {
    let asked = super::title(scene.prompt);
    story.think(&format!(
        "They now want: {asked}. The files are known, so this is quick.\n"
    ));
    story.say("On it.\n\n");
    story.read(&topic.style(), &style(topic));
    story.edit(
        &topic.style(),
        5,
        2,
        "-  border-radius: 4px;\n+  border-radius: var(--radius-2);\n+  min-height: 44px;\n",
    );
    story.act(Act::Changed(vec![changed(topic.style(), 5, 2)]));
    story.terminal(
        1800,
        &format!("npm test -- {}", topic.component),
        &test_output(topic, 4),
    );
    story.screenshot("http://localhost:5173/", "/opt/cursor/artifacts/after.png");
    story.act(Act::KeepPicture);
    let mut reply = format!(
        "Done: **{asked}**.\n\n- Changed `{}` (+5 −2)\n- All 4 tests still pass",
        topic.style()
    );
    deliver(story, scene, &mut reply);
    story.say(&reply);
    story.pause(200).act(Act::Finish(reply));
}

fn huge(story: &mut Builder, scene: &Scene<'_>) {
    let mut reply = String::new();
    for index in 0..scene.huge_deltas {
        let piece = match index % 20 {
            19 => format!("line {} ends here.\n", index / 20 + 1),
            0 => "- ".to_owned(),
            other => format!("word{other} "),
        };
        reply.push_str(&piece);
        story.pause(1).act(Act::Text(piece));
    }
    if reply.is_empty() {
        reply.push_str("Nothing to say.");
    }
    story.act(Act::Finish(reply));
}

fn changed(path: String, added: u64, removed: u64) -> ChangedFile {
    ChangedFile { path, added, removed }
}

fn test_output(topic: &Topic, tests: u32) -> String {
    format!(
        "\n ✓ {} ({tests} tests) 312ms\n\n Test Files  1 passed (1)\n      Tests  {tests} passed ({tests})\n   Duration  2.31s\n",
        topic.test()
    )
}

fn source(topic: &Topic) -> String {
    format!(
        "import '../styles/{kebab}.css';\n\nexport function {component}() {{\n  return (\n    <section className=\"{kebab}\">\n      <h1>Welcome back</h1>\n      <button>Continue</button>\n    </section>\n  );\n}}\n",
        kebab = topic.kebab,
        component = topic.component,
    )
}

fn style(topic: &Topic) -> String {
    format!(
        ".{} {{\n  display: flex;\n  flex-direction: column;\n  padding: 13px 9px;\n  gap: 3px;\n  border-radius: 4px;\n}}\n",
        topic.kebab
    )
}
