//! Documents that attack whoever draws them: the same ones on every machine, every kind of trick in turn.

use practice_cloud::Told;

/// Numbers that look random and are the same every time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % sides
    }

    fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.roll(of.len())]
    }
}

/// How a script would tell that it ran, and an address that must not be asked for.
struct Bait {
    run: String,
    address: String,
}

const SCHEMES: [&str; 18] = [
    "javascript:",
    "JaVaScRiPt:",
    "java\tscript:",
    "java\nscript:",
    "\u{1}javascript:",
    "javascript&colon;",
    "&#106;avascript:",
    "&#x6A;avascript&#58;",
    "java&Tab;script:",
    "%6aavascript:",
    "vbscript:",
    "data:text/html,<script>",
    "data:text/html;base64,PHNjcmlwdD5yYW4ucHVzaCgxKTwvc2NyaXB0Pg#",
    "data:image/svg+xml,<svg onload=",
    "file:///etc/passwd#",
    "blob:null/",
    "ipc://localhost/",
    "view-source:javascript:",
];

const HANDLERS: [&str; 12] = [
    "onload",
    "onerror",
    "onclick",
    "onmouseover",
    "onfocus autofocus tabindex=1 onfocus",
    "ontoggle",
    "onanimationstart",
    "onbegin",
    "onpointerenter",
    "onwheel",
    "oncontentvisibilityautostatechange",
    "OnErRoR",
];

const INVISIBLE: [&str; 10] = [
    "\u{202e}", "\u{202d}", "\u{2066}", "\u{2067}", "\u{2069}", "\u{200b}", "\u{200d}", "\u{feff}", "\u{ad}", "\u{0}",
];

/// The ways to attack, each used in turn.
const KINDS: [fn(&mut Dice, &Bait) -> String; 12] = [
    script, element, handler, link, image, reference, fence, table, entities, hidden, nested, mixed,
];

fn script(dice: &mut Dice, Bait { run, address }: &Bait) -> String {
    let (open, close) = [
        ("<script>", "</script>"),
        ("<SCRIPT type=module>", "</SCRIPT >"),
        ("<scr<script>ipt>", "</scr</script>ipt>"),
        ("<svg><script>", "</script></svg>"),
        ("<!--><script>", "</script>-->"),
        ("<noscript><p title=\"</noscript><script>", "</script>\">"),
        ("<style><!--</style><script>", "</script>--></style>"),
        ("<textarea></textarea><script>", "</script>"),
    ][dice.roll(8)];
    format!("{open}{run};fetch('{address}'){close}\n\n<script src={address}></script>")
}

fn element(dice: &mut Dice, Bait { run, address }: &Bait) -> String {
    let name = dice.one(&[
        "iframe",
        "object",
        "embed",
        "frame",
        "portal",
        "video",
        "audio",
        "applet",
        "input type=image",
    ]);
    let way = dice.one(&["src", "data", "srcdoc", "poster", "href", "code"]);
    let more = dice.one(&[
        "<base href=",
        "<link rel=stylesheet href=",
        "<meta http-equiv=refresh content=0;url=",
        "<form action=",
        "<style>@import ",
        "<link rel=prefetch href=",
        "<link rel=dns-prefetch href=",
    ]);
    format!(
        "<{name} {way}=\"{address}\" onload=\"{run}\"></{name}>\n\n{more}{address}><button>go</button></form></style>"
    )
}

fn handler(dice: &mut Dice, Bait { run, address }: &Bait) -> String {
    let name = dice.one(&[
        "img",
        "svg",
        "body",
        "details open",
        "a",
        "div",
        "math",
        "input",
        "marquee",
        "b",
    ]);
    let on = dice.one(&HANDLERS);
    let space = dice.one(&[" ", "/", "\n", "\u{c}", "\" "]);
    format!("<{name}{space}{on}={run} src={address} style=\"background:url({address})\">words</{name}>")
}

fn link(dice: &mut Dice, Bait { run, .. }: &Bait) -> String {
    let scheme = dice.one(&SCHEMES);
    match dice.roll(5) {
        0 => format!("[look here]({scheme}{run})"),
        1 => format!(
            "[look here](<{scheme}{run}> \"title\\\" {}={run}\")",
            dice.one(&HANDLERS)
        ),
        2 => format!("<{scheme}{run}>"),
        3 => format!("<a href=\"{scheme}{run}\">look here</a>"),
        _ => format!(
            "[**[inner]({scheme}{run})**](https://example.com/\"{}={run})",
            dice.one(&HANDLERS)
        ),
    }
}

fn image(dice: &mut Dice, Bait { run, address }: &Bait) -> String {
    let scheme = dice.one(&SCHEMES);
    format!(
        "![alt \" {}={run}]({address}?a) ![b]({scheme}{run}) [![c]({address}.png)]({scheme}{run}) <img src={address} srcset=\"{address} 2x\">",
        dice.one(&HANDLERS)
    )
}

fn reference(dice: &mut Dice, Bait { run, .. }: &Bait) -> String {
    let scheme = dice.one(&SCHEMES);
    let number = dice.roll(1 << 30);
    format!(
        "[a link][r{number}], ![a picture][r{number}], [r{number}][]\n\n[r{number}]: {scheme}{run} '\"{}={run}'",
        dice.one(&HANDLERS)
    )
}

fn fence(dice: &mut Dice, bait: &Bait) -> String {
    let marks = dice.one(&[
        "```",
        "````",
        "~~~",
        "``` \t",
        "```html\" onload=x",
        "```<script>",
        "``",
    ]);
    let inner = script(dice, bait);
    let close = dice.one(&["```", "", "~~~", "`` `", "    ```"]);
    format!("{marks}\n{inner}\n{close}\n\n`` {} `", handler(dice, bait))
}

fn table(dice: &mut Dice, bait: &Bait) -> String {
    let columns = 1 + dice.roll(40);
    let mut text = format!("|{}\n|{}\n", " head |".repeat(columns), "---|".repeat(columns));
    for _ in 0..=dice.roll(5) {
        text.push('|');
        for _ in 0..dice.roll(columns + 3) {
            let cell = match dice.roll(4) {
                0 => handler(dice, bait),
                1 => link(dice, bait),
                2 => "\\|".to_owned(),
                _ => "x".to_owned(),
            };
            text.push_str(&cell.replace('\n', " "));
            text.push('|');
        }
        text.push('\n');
    }
    text
}

fn entities(dice: &mut Dice, bait: &Bait) -> String {
    let inner = script(dice, bait) + &handler(dice, bait);
    match dice.roll(4) {
        0 => inner.replace('<', "&lt;").replace('>', "&gt;"),
        1 => inner.replace('<', "&#60;").replace('>', "&#x3E;"),
        2 => inner.replace('<', "&amp;lt;").replace('"', "&quot;"),
        _ => inner.replace('<', "\\<").replace('(', "&lpar;") + "&#0;&#xD800;&#x110000;&unknown;",
    }
}

fn hidden(dice: &mut Dice, bait: &Bait) -> String {
    let mut text = String::new();
    for (at, letter) in (link(dice, bait) + &script(dice, bait)).char_indices() {
        if at % 3 == 0 {
            text.push_str(dice.one(&INVISIBLE));
        }
        text.push(letter);
    }
    text
}

fn nested(dice: &mut Dice, bait: &Bait) -> String {
    let deep = 50 + dice.roll(250);
    let inner = handler(dice, bait).replace('\n', " ");
    match dice.roll(6) {
        0 => format!("{} {inner}", ">".repeat(deep)),
        1 => format!(
            "{}{inner}{}",
            "[".repeat(deep),
            "](javascript:ran.push(1))".repeat(deep)
        ),
        2 => format!("{}{inner}{}", "*".repeat(deep), "*".repeat(deep)),
        3 => format!("{}{inner}", "<div><b>".repeat(deep)),
        4 => {
            let lines = (0..deep.min(60)).map(|level| "  ".repeat(level) + "- " + &inner);
            lines.collect::<Vec<_>>().join("\n")
        }
        _ => format!("{}{inner}", "1. - > ".repeat(deep)),
    }
}

fn mixed(dice: &mut Dice, bait: &Bait) -> String {
    let mut text = String::new();
    for _ in 0..3 {
        let kind = KINDS[dice.roll(KINDS.len() - 1)];
        text.push_str(&kind(dice, bait));
        text.push_str(dice.one(&["\n", "\n\n", " ", "\r\n", "\n> ", "\n- "]));
    }
    text
}

/// One line of an attack, for names of files and branches.
fn name(dice: &mut Dice, bait: &Bait) -> String {
    let kind = [script, handler, link, hidden, entities][dice.roll(5)];
    kind(dice, bait).replace(['\n', '\r'], " ")
}

/// What an agent tells that says the documents from `first` on, each with its number between §, and does steps whose
/// words attack too. `address` must not be asked for.
pub(crate) fn told(first: usize, documents: usize, address: &str) -> Vec<Told> {
    let mut dice = Dice(first as u64 + 1);
    let mut all = Vec::new();
    for number in first..first + documents {
        let bait = Bait {
            run: format!("ran.push({number})"),
            address: format!("{address}/{number}"),
        };
        let words = KINDS[number % KINDS.len()](&mut dice, &bait);
        all.push(Told::Words(format!(
            "§{number}§ {}{words}\n\n",
            dice.one(&["", "\n\n", "\n"])
        )));
        let path = name(&mut dice, &bait);
        // A step ends what the words before it left open.
        all.push(match number % 3 {
            0 => Told::Read { path, content: words },
            1 => Told::Edit {
                path,
                diff: format!("@@ {words} @@\n+{words}\n-{words}\n"),
            },
            _ => Told::Command {
                command: path,
                output: words,
            },
        });
    }
    let bait = Bait {
        run: "ran.push(-1)".to_owned(),
        address: address.to_owned(),
    };
    all.push(Told::Branch(name(&mut dice, &bait)));
    let page =
        format!("<!doctype html><body onload=ran.push(-2)><img src={address}/page><script>ran.push(-3)</script>");
    all.push(Told::Artifact {
        path: "artifacts/page.png".to_owned(),
        text: page.clone(),
    });
    all.push(Told::Artifact {
        path: "artifacts/<img src=x onerror=ran.push(-4)>.html".to_owned(),
        text: page,
    });
    all
}
