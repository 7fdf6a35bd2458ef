//! The stories themselves.

use super::builder::Builder;
use super::wish::Wish;
use super::{Act, Beat, Kind, Scene, Topic};
use crate::options::Told;
use crate::state::Failure;

/// What a story is about: the thing, what is wanted of it, and all the scene knows.
struct Matter<'s> {
    scene: &'s Scene<'s>,
    topic: Topic,
    wish: &'static Wish,
}

impl Matter<'_> {
    /// A text of the wish with the thing put in its place.
    fn about(&self, text: &str) -> String {
        text.replace("{thing}", &self.topic.words)
    }
}

/// All beats of a run. The same scene always gives the same beats: a restart goes on in the middle.
pub(crate) fn beats(scene: &Scene<'_>) -> Vec<Beat> {
    let asked = match scene.kind {
        Kind::Followup => scene.prompt,
        _ => scene.first_prompt,
    };
    let matter = Matter {
        scene,
        topic: Topic::of(scene.first_prompt),
        wish: Wish::of(asked),
    };
    let stretch = if scene.kind == Kind::Slow { 18 } else { 1 };
    let mut story = Builder::new(scene.event_delay_ms, stretch);
    match scene.kind {
        Kind::Normal | Kind::Slow => {
            look_around(&mut story, &matter);
            work(&mut story, &matter);
        }
        Kind::Fail => fail(&mut story, &matter, true),
        Kind::FailWordless => fail(&mut story, &matter, false),
        Kind::Expire => {
            look_around(&mut story, &matter);
            story.pause(1500).act(Act::Expire);
        }
        Kind::Ask => ask(&mut story, &matter),
        Kind::Plan => plan(&mut story, &matter),
        Kind::Silent => {
            look_around(&mut story, &matter);
            story.act(Act::Silence);
        }
        Kind::Unending => {
            look_around(&mut story, &matter);
            story.act(Act::Wait);
        }
        Kind::Huge => huge(&mut story, scene),
        Kind::Told => told(&mut story, scene),
        Kind::Followup => followup(&mut story, &matter),
        Kind::Carry => {
            story.think("The plan is agreed. I will carry it out step by step.\n");
            work(&mut story, &matter);
        }
    }
    story.finish()
}

/// Thinking, searching and reading: how every story begins.
fn look_around(story: &mut Builder, matter: &Matter<'_>) {
    let topic = &matter.topic;
    let seen = matter.about(matter.wish.seen);
    story.think(&match matter.scene.pictures {
        0 => format!(
            "This is about the {}. I should find where it is built before changing anything.\n",
            topic.words
        ),
        1 => {
            format!("Looking at the picture first. {seen} I should find where it is built before changing anything.\n")
        }
        many => format!(
            "Looking at all {many} pictures first. {seen} I should find where it is built before changing anything.\n"
        ),
    });
    story.say(&format!("I’ll look at the {} first.\n\n", topic.words));
    story.grep(&topic.component, &[topic.source(), topic.style(), topic.test()]);
    story.read(&topic.source(), &source(topic));
    story.read(&topic.style(), &style(matter));
}

/// Edits, tests, a picture of the result, the branch and the pull request, the reply.
fn work(story: &mut Builder, matter: &Matter<'_>) {
    let (topic, wish) = (&matter.topic, matter.wish);
    let (component, kebab) = (&topic.component, &topic.kebab);
    let steps = wish.steps.map(|step| matter.about(step));
    let todos = |done: usize| -> Vec<(&str, &str)> {
        let state = |index: usize| match index {
            index if index < done => "completed",
            index if index == done => "in_progress",
            _ => "pending",
        };
        steps
            .iter()
            .enumerate()
            .map(|(index, step)| (step.as_str(), state(index)))
            .collect()
    };
    story.todos(&todos(0));
    story.think(&format!("{}\n", matter.about(wish.cause)));
    story.edit(&topic.style(), &style_change(matter));
    story.todos(&todos(1));
    story.edit(
        &topic.source(),
        &format!(
            "@@ {component} @@\n       <h1>Welcome back</h1>\n-      <button>Continue</button>\n+      <button className=\"{kebab}__action\" type=\"submit\">\n+        Continue\n+      </button>\n     </section>\n"
        ),
    );
    story.say("That is the change itself. Now a test, so that it stays this way.\n\n");
    story.edit(&topic.test(), &test_change(matter));
    let output = test_output(topic, 4);
    story.terminal(2600, &format!("npm test -- {component}"), &output);
    story.act(Act::KeepText {
        path: "artifacts/test-run.log".to_owned(),
        text: format!("$ npm test -- {component}\n{output}"),
    });
    story.todos(&todos(2));
    story.screenshot("http://localhost:5173/", "/opt/cursor/artifacts/after.png");
    story.act(Act::KeepPicture);
    let [first, second, third] = wish.changes;
    let compared = match matter.scene.pictures {
        0 => "",
        1 => " I compared the result with your picture.",
        _ => " I compared the result with your pictures.",
    };
    let mut reply = format!(
        "{}\n\n**What changed**\n\n- {first}\n- {second}\n- {third}\n\n{}{compared}\n\nThe heart of it, in `{}`:\n\n```css\n.{kebab} {{\n{}\n}}\n```\n\nAll 4 tests pass. `after.png` shows how it looks now.",
        matter.about(wish.headline),
        matter.about(wish.kept),
        topic.style(),
        wish.added.join("\n"),
    );
    deliver(story, matter.scene, &mut reply);
    story.say(&reply);
    story.pause(200).act(Act::Finish(reply));
}

/// Pushes the branch and opens the pull request if there is one to open.
fn deliver(story: &mut Builder, scene: &Scene<'_>, reply: &mut String) {
    use std::fmt::Write;
    if scene.repository.is_some() {
        story.terminal(
            900,
            &format!("git push -u origin {}", scene.branch),
            &format!("branch '{}' set up to track 'origin/{}'.\n", scene.branch, scene.branch),
        );
        story.act(Act::Push);
    }
    if let Some(url) = &scene.pull_url {
        story.pause(400).act(Act::OpenPull);
        // Writing to a string cannot fail.
        let _ = write!(
            reply,
            " Everything is in the [pull request]({url}), ready to look through."
        );
    }
}

/// The change is made, but the project does not build: twice, the second time from clean packages.
fn fail(story: &mut Builder, matter: &Matter<'_>, says_why: bool) {
    look_around(story, matter);
    let style = matter.topic.style();
    story.edit(&style, &style_change(matter));
    let output =
        format!("error: could not resolve \"./tokens.css\"\n  imported by {style}\n  build stopped after 1 error\n");
    story.terminal_ending(1400, "npm run build", &output, 1);
    story.say("The project does not build, and the reason is in a file I did not touch. Trying again from clean packages.\n\n");
    story.terminal(
        1800,
        "npm ci",
        "npm warn deprecated inflight@1.0.6\nadded 812 packages in 14s\n",
    );
    story.terminal_ending(1400, "npm run build", &output, 1);
    let failure = says_why.then(|| Failure {
        message: "The project could not be built: src/styles/tokens.css is missing, so there is nothing to test the change against."
            .to_owned(),
        code: "build_failed".to_owned(),
    });
    story.pause(600).act(Act::Fail(failure));
}

fn ask(story: &mut Builder, matter: &Matter<'_>) {
    look_around(story, matter);
    story.think("Two readings are possible, and they lead to different work. Asking is cheaper than guessing.\n");
    let (question, options) = matter.wish.question;
    let question = matter.about(question);
    let reply = format!(
        "One question before I change anything.\n\n**{question}**\n\nEither is about the same amount of work. Nothing is changed yet."
    );
    story.say(&reply);
    story.question("One question first", &question, &options);
    story.pause(200).act(Act::Finish(reply));
}

fn plan(story: &mut Builder, matter: &Matter<'_>) {
    look_around(story, matter);
    story.think(&format!(
        "{} A plan is asked for, so nothing is changed yet.\n",
        matter.about(matter.wish.cause)
    ));
    let [first, second, third] = matter.wish.steps.map(|step| matter.about(step));
    let words = &matter.topic.words;
    let overview = format!(
        "Three small steps in `{}` and `{}`.",
        matter.topic.style(),
        matter.topic.source()
    );
    let text = format!(
        "# Plan for the {words}\n\n{}\n\n1. {first}\n2. {second}\n3. {third}\n\n**Not touched:** {}\n",
        matter.about(matter.wish.cause),
        matter.about(matter.wish.kept),
    );
    story.plan(
        &format!("Plan for the {words}"),
        &overview,
        &text,
        &[&first, &second, &third],
    );
    story.act(Act::Planned);
    let reply = format!(
        "Here is my plan for the {words}: three small steps in `{}` and `{}`. Nothing is changed yet: say the word and I carry it out, or tell me what to do differently.",
        matter.topic.style(),
        matter.topic.source(),
    );
    story.say(&reply);
    story.pause(200).act(Act::Finish(reply));
}

fn followup(story: &mut Builder, matter: &Matter<'_>) {
    let (topic, wish) = (&matter.topic, matter.wish);
    let asked = super::title(matter.scene.prompt);
    story.think(&format!(
        "They now want: {asked}. I know the files from before, so this is quick. {}\n",
        matter.about(wish.cause)
    ));
    story.say("On it.\n\n");
    story.read(&topic.style(), &style(matter));
    story.edit(&topic.style(), &style_change(matter));
    story.terminal(
        1800,
        &format!("npm test -- {}", topic.component),
        &test_output(topic, 4),
    );
    story.screenshot("http://localhost:5173/", "/opt/cursor/artifacts/after.png");
    story.act(Act::KeepPicture);
    let [first, second, _] = wish.changes;
    let mut reply = format!(
        "Done: **{asked}**.\n\n- {first}\n- {second}\n\n{} All 4 tests still pass, and `after.png` is up to date.",
        matter.about(wish.kept),
    );
    deliver(story, matter.scene, &mut reply);
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

/// Letters of a piece: not a whole line, so that the page sees marks before what closes them.
const PIECE: usize = 400;

fn told(story: &mut Builder, scene: &Scene<'_>) {
    let number: usize = scene
        .prompt
        .split_whitespace()
        .find_map(|word| word.parse().ok())
        .unwrap_or_default();
    let mut reply = String::new();
    for what in scene.told.get(number).into_iter().flatten() {
        match what {
            Told::Words(words) => {
                reply.push_str(words);
                let letters: Vec<char> = words.chars().collect();
                for piece in letters.chunks(PIECE) {
                    story.pause(1).act(Act::Text(piece.iter().collect()));
                }
            }
            Told::Read { path, content } => {
                story.read(path, content);
            }
            Told::Edit { path, diff } => {
                story.edit(path, diff);
            }
            Told::Command { command, output } => {
                story.terminal(100, command, output);
            }
            Told::Artifact { path, text } => {
                let (path, text) = (path.clone(), text.clone());
                story.act(Act::KeepText { path, text });
            }
            Told::Branch(branch) => {
                story.act(Act::Branch(branch.clone())).act(Act::Push);
            }
        }
    }
    story.act(Act::Finish(reply));
}

fn style_change(matter: &Matter<'_>) -> String {
    let kebab = &matter.topic.kebab;
    let signed = |sign: char, lines: &[&str]| {
        lines
            .iter()
            .fold(String::new(), |list, line| list + &format!("{sign}{line}\n"))
    };
    format!(
        "@@ .{kebab} @@\n .{kebab} {{\n   display: flex;\n{}{} }}\n+\n+.{kebab}__action {{\n+  background: var(--accent);\n+  color: var(--on-accent);\n+}}\n",
        signed('-', matter.wish.removed),
        signed('+', matter.wish.added),
    )
}

fn test_change(matter: &Matter<'_>) -> String {
    let component = &matter.topic.component;
    format!(
        "@@ {component} @@\n+it('{}', () => {{\n+  render(<{component} />);\n+  expect(screen.getAllByRole('button')).toHaveLength(1);\n+  expect(screen.getByRole('button')).toBeVisible();\n+}});\n",
        matter.about(matter.wish.test),
    )
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

fn style(matter: &Matter<'_>) -> String {
    format!(
        ".{} {{\n  display: flex;\n{}\n}}\n",
        matter.topic.kebab,
        matter.wish.removed.join("\n")
    )
}
