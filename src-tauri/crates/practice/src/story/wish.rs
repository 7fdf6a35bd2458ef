//! What a prompt wants done: the kind of change, and everything an agent sees, does and tells for it.
//!
//! `{thing}` stands for what the prompt is about, such as `sign-in form`.

/// One kind of change, from the first look to the reply.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Wish {
    /// Whole words or phrases of prompts that ask for it.
    triggers: &'static [&'static str],
    /// What a picture shows.
    pub(crate) seen: &'static str,
    /// The cause, once the files are read.
    pub(crate) cause: &'static str,
    /// Steps, as they stand in the list of things to do and in a plan.
    pub(crate) steps: [&'static str; 3],
    /// Lines of the style sheet that go.
    pub(crate) removed: &'static [&'static str],
    /// Lines of the style sheet that come.
    pub(crate) added: &'static [&'static str],
    /// What the new test holds on to.
    pub(crate) test: &'static str,
    /// The first sentence of the reply.
    pub(crate) headline: &'static str,
    /// What changed, for somebody who looks and does not read code.
    pub(crate) changes: [&'static str; 3],
    /// What was left alone on purpose.
    pub(crate) kept: &'static str,
    /// A question with its answers, for the story that asks.
    pub(crate) question: (&'static str, [&'static str; 3]),
}

impl Wish {
    /// The first kind of the table that a prompt names; a general polish when it names none.
    pub(crate) fn of(prompt: &str) -> &'static Self {
        WISHES
            .iter()
            .find(|wish| wish.triggers.iter().any(|words| place(prompt, words).is_some()))
            .unwrap_or(&POLISH)
    }
}

/// Where words stand in a text as whole words (a plural counts), whatever their case.
pub(crate) fn place(text: &str, words: &str) -> Option<usize> {
    let text = text.to_lowercase();
    text.match_indices(words).map(|(at, _)| at).find(|at| {
        let before = text[..*at].chars().next_back();
        let after = &text[at + words.len()..];
        let after = after.strip_prefix('s').unwrap_or(after).chars().next();
        !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
    })
}

/// In order of how much they say: a mock to match says more than a color, and "fix" says least.
static WISHES: [Wish; 7] = [
    Wish {
        triggers: &[
            "mock",
            "mockup",
            "match",
            "figma",
            "sketch",
            "look like",
            "like this",
            "like in",
        ],
        seen: "It is a design to match: calmer spacing, one strong action, rounded corners. The {thing} we have is squarer and tighter.",
        cause: "Most of the difference is in three values: padding, corner radius and the weight of the main button. The structure can stay.",
        steps: [
            "Take the spacing over from the design",
            "Round the corners and lift the main action",
            "Compare side by side",
        ],
        removed: &["  padding: 13px 9px;", "  border-radius: 4px;"],
        added: &[
            "  padding: var(--space-5);",
            "  border-radius: var(--radius-3);",
            "  box-shadow: var(--shadow-1);",
        ],
        test: "has the one main action of the design",
        headline: "The {thing} now matches your design.",
        changes: [
            "**Spacing**: the same calm rhythm as in the design, on every row",
            "**Shape**: softer corners and a light shadow, as drawn",
            "**Main action**: one strong button instead of two that compete",
        ],
        kept: "I kept your words and your font. Where the design and the style guide differ by a pixel or two, I followed the style guide.",
        question: (
            "Should the {thing} match the design exactly, or may it keep the sizes of your style guide?",
            ["Match it exactly", "Keep the style guide", "You decide"],
        ),
    },
    Wish {
        triggers: &[
            "mobile",
            "phone",
            "responsive",
            "small screen",
            "narrow",
            "tablet",
            "cut off",
            "overlap",
            "overflow",
            "iphone",
            "android",
            "too wide",
        ],
        seen: "On a narrow screen the {thing} runs past the edge, and the last part cannot be reached.",
        cause: "It has a fixed width of 420 pixels. Anything narrower than that has to lose something.",
        steps: [
            "Let it shrink with the screen",
            "Stack the parts where it gets narrow",
            "Look at it on a phone, a tablet and a desktop",
        ],
        removed: &["  width: 420px;"],
        added: &[
            "  width: min(100%, 420px);",
            "  flex-wrap: wrap;",
            "  gap: var(--space-3);",
        ],
        test: "stays inside a screen of 320 pixels",
        headline: "The {thing} fits every screen now, from a small phone up.",
        changes: [
            "**Small phones**: it shrinks with the screen, and nothing is cut off",
            "**Tablets**: the parts sit below each other where there is no room beside",
            "**Touch**: everything that can be tapped is at least 44 pixels tall",
        ],
        kept: "On a desktop it looks exactly as before.",
        question: (
            "On phones, should the {thing} fill the whole width, or stay a card with a margin?",
            ["Fill the width", "Stay a card", "You decide"],
        ),
    },
    Wish {
        triggers: &[
            "color",
            "colour",
            "contrast",
            "dark",
            "light",
            "theme",
            "accent",
            "readable",
            "readability",
            "gray",
            "grey",
            "brand",
            "palette",
            "legible",
        ],
        seen: "The text of the {thing} is pale on a pale ground, and the main button hardly differs from the rest.",
        cause: "It uses its own shades of gray instead of the palette. The contrast is 2.9 to 1, and easy reading takes 4.5.",
        steps: [
            "Use the colors of the palette",
            "Check every text against its ground",
            "Look at it in light and dark",
        ],
        removed: &["  color: #9aa0a6;", "  background: #f4f4f5;"],
        added: &[
            "  color: var(--ink);",
            "  background: var(--surface);",
            "  accent-color: var(--accent);",
        ],
        test: "has enough contrast in light and dark",
        headline: "The {thing} is easy to read again, in light and in dark.",
        changes: [
            "**Text**: from a pale gray to the ink color of your palette (contrast 2.9 → 8.1)",
            "**Main action**: in your accent color, so it is found at once",
            "**Dark mode**: the same colors by name, so nothing glares at night",
        ],
        kept: "Sizes, spacing and words are as they were.",
        question: (
            "Should the {thing} use your accent color for the main action only, or for links as well?",
            ["The main action only", "Links as well", "You decide"],
        ),
    },
    Wish {
        triggers: &[
            "font",
            "text",
            "heading",
            "headline",
            "typography",
            "letter",
            "bigger",
            "larger",
            "smaller",
            "size",
            "bold",
            "big",
            "small",
        ],
        seen: "In the {thing} the heading and the text are nearly the same size, so the eye finds no place to start.",
        cause: "Three sizes lie within two pixels of each other. The type scale has clear steps, but it is not used here.",
        steps: [
            "Use the steps of the type scale",
            "Give the lines more air",
            "Check that nothing wraps badly",
        ],
        removed: &["  font-size: 15px;", "  line-height: 1.2;"],
        added: &[
            "  font-size: var(--text-2);",
            "  line-height: 1.5;",
            "  min-height: 44px;",
        ],
        test: "has one heading above its text",
        headline: "The {thing} has a clear order now: heading, text, action.",
        changes: [
            "**Heading**: two steps larger than the text, as in your type scale",
            "**Lines**: more air between them, so longer texts read easily",
            "**Action**: large enough to hit with a thumb",
        ],
        kept: "I did not change a single word.",
        question: (
            "Should only the heading of the {thing} grow, or its text as well?",
            ["Only the heading", "Both", "You decide"],
        ),
    },
    Wish {
        triggers: &[
            "spacing",
            "space",
            "padding",
            "margin",
            "gap",
            "align",
            "aligned",
            "alignment",
            "uneven",
            "cramped",
            "tidy",
            "clean",
            "layout",
            "center",
            "crowded",
        ],
        seen: "The gaps in the {thing} are uneven: tight at the top, loose at the bottom. The left edges do not line up either.",
        cause: "The styles mix loose pixel values with the spacing scale. Using the scale everywhere gives it one rhythm.",
        steps: ["Even out the spacing", "Line up the edges", "Compare before and after"],
        removed: &["  padding: 13px 9px;", "  gap: 3px;"],
        added: &[
            "  padding: var(--space-4);",
            "  gap: var(--space-3);",
            "  align-items: stretch;",
        ],
        test: "keeps its rows in one line",
        headline: "The {thing} is tidy: one rhythm, and every edge lines up.",
        changes: [
            "**Gaps**: the same distance between all rows, from your spacing scale",
            "**Edges**: labels, fields and buttons share one left edge",
            "**Air**: more room around the outside, so it no longer looks cramped",
        ],
        kept: "Colors, words and behavior are as they were.",
        question: (
            "Should the {thing} become roomier, or stay compact and only line up?",
            ["Roomier", "Compact", "You decide"],
        ),
    },
    Wish {
        triggers: &[
            "add",
            "new",
            "build",
            "create",
            "introduce",
            "include",
            "missing",
            "put",
        ],
        seen: "There is a free place in the {thing} below the heading, so the new part does not have to push anything away.",
        cause: "Everything needed is there already: the same field and the same button are used elsewhere. I only have to put them together.",
        steps: [
            "Build it from parts that exist",
            "Fit it into the layout",
            "Try it with the keyboard and a test",
        ],
        removed: &["  grid-template-rows: auto;"],
        added: &[
            "  grid-template-rows: auto 1fr auto;",
            "  gap: var(--space-3);",
            "  padding: var(--space-4);",
        ],
        test: "shows the new part and can be used with the keyboard",
        headline: "It’s in: the {thing} has the new part, made from pieces you already use.",
        changes: [
            "**New part**: it sits below the heading and looks like its neighbors",
            "**Keyboard**: it can be reached and used without a mouse",
            "**Empty state**: when there is nothing to show, it says so instead of leaving a hole",
        ],
        kept: "Nothing that was there has moved.",
        question: (
            "Where should the new part of the {thing} go: at the top, or below what is there?",
            ["At the top", "Below", "You decide"],
        ),
    },
    Wish {
        triggers: &[
            "fix",
            "broken",
            "bug",
            "wrong",
            "error",
            "crash",
            "fails",
            "doesn't",
            "doesn’t",
            "does not",
            "not working",
            "weird",
        ],
        seen: "The {thing} looks finished, but its button is a dead end: it has no type, so pressing Enter does nothing.",
        cause: "The button is not part of the form, and its click area is covered by an invisible label. Both are small.",
        steps: [
            "Show the fault with a test",
            "Mend the button",
            "Check the rest of the {thing}",
        ],
        removed: &["  z-index: 10;", "  position: absolute;"],
        added: &["  position: relative;", "  min-height: 44px;"],
        test: "answers to a click and to Enter",
        headline: "Fixed: the {thing} works again, with the mouse and with Enter.",
        changes: [
            "**Cause**: an invisible label lay over the button and took its clicks",
            "**Fix**: the label is back in its place, and the button belongs to the form",
            "**So it stays fixed**: a new test fails if the button ever stops answering",
        ],
        kept: "It looks the same as before, apart from a slightly taller button.",
        question: (
            "After a press, should the {thing} wait for the answer, or go on at once?",
            ["Wait and show progress", "Go on at once", "You decide"],
        ),
    },
];

static POLISH: Wish = Wish {
    triggers: &[],
    seen: "The {thing} works, but nothing in it stands out: every part has the same weight.",
    cause: "The parts are right, only their order of importance is missing. A little space and one strong action will do.",
    steps: [
        "Give the main action more weight",
        "Calm everything around it",
        "Compare before and after",
    ],
    removed: &["  padding: 13px 9px;", "  gap: 3px;"],
    added: &[
        "  padding: var(--space-4);",
        "  gap: var(--space-3);",
        "  border-radius: var(--radius-2);",
    ],
    test: "shows one clear action",
    headline: "The {thing} is calmer now, with one clear thing to do.",
    changes: [
        "**Main action**: in your accent color, and the only one of its weight",
        "**Calm**: even spacing and softer corners around it",
        "**Order**: what matters most comes first, on phones too",
    ],
    kept: "Words and links are as they were.",
    question: (
        "What matters most in the {thing}: that it looks calmer, or that the main action stands out?",
        ["Calmer", "The main action", "You decide"],
    ),
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_words_decide() {
        for (prompt, headline) in [
            (
                "Tidy the login form",
                "The {thing} is tidy: one rhythm, and every edge lines up.",
            ),
            (
                "Fix the spacing",
                "The {thing} is tidy: one rhythm, and every edge lines up.",
            ),
            (
                "Fix it",
                "Fixed: the {thing} works again, with the mouse and with Enter.",
            ),
            (
                "Buttons are CUT OFF on phones",
                "The {thing} fits every screen now, from a small phone up.",
            ),
            ("Our address book", POLISH.headline),
            ("The highlight of the colorless", POLISH.headline),
        ] {
            assert_eq!(Wish::of(prompt).headline, headline, "{prompt}");
        }
    }

    /// A long first line or a stray placeholder would show in the window.
    #[test]
    fn every_kind_is_told_in_full() {
        for wish in WISHES.iter().chain([&POLISH]) {
            let told = [wish.headline, wish.seen, wish.cause, wish.kept, wish.question.0];
            for text in told.into_iter().chain(wish.changes).chain(wish.steps) {
                let rest = text.replace("{thing}", "");
                assert!(!rest.contains(['{', '}']) && !rest.trim().is_empty(), "{text}");
            }
            assert!(!wish.added.is_empty() && !wish.removed.is_empty(), "{}", wish.headline);
        }
    }
}
