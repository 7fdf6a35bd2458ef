//! The pages that are drawn: a card with a form, a dashboard and a front page.

use super::canvas::{Canvas, Color};
use super::glyphs::{Face, width, write};
use super::palette::Look;
use crate::story::Screen;

const WHITE: Color = [255, 255, 255];

fn centered(canvas: &mut Canvas, face: Face, middle: f32, y: f32, text: &str, color: Color) {
    let x = middle - width(face, text) / 2.0;
    write(canvas, face, (x, y), text, color);
}

fn top_bar(canvas: &mut Canvas, look: Look) {
    let (across, line) = (canvas.width as f32, look.line());
    canvas.rectangle((0.0, 0.0, across, 64.0), 0.0, look.paper(), 1.0);
    canvas.rectangle((0.0, 63.0, across, 1.0), 0.0, line, 1.0);
    canvas.rectangle((32.0, 18.0, 28.0, 28.0), 8.0, look.accent, 1.0);
    canvas.rectangle((40.0, 26.0, 12.0, 12.0), 6.0, WHITE, 1.0);
    write(canvas, Face::Strong, (72.0, 38.0), "Northwind", look.ink());
}

fn field(canvas: &mut Canvas, look: Look, top: f32, label: &str, value: &str, focused: bool) {
    write(canvas, Face::Strong, (462.0, top), label, look.ink());
    let frame = (462.0, top + 12.0, 356.0, 44.0);
    if focused {
        canvas.rectangle((459.0, top + 9.0, 362.0, 50.0), 11.0, look.accent, 0.22);
    }
    let border = if focused { look.accent } else { look.line() };
    canvas.box_with_border(frame, 8.0, look.paper(), border);
    write(canvas, Face::Text, (476.0, top + 39.0), value, look.soft());
}

/// What stands on a card with a form.
pub(crate) struct Words {
    title: &'static str,
    line: &'static str,
    fields: [(&'static str, &'static str); 2],
    tick: &'static str,
    aside: &'static str,
    action: &'static str,
    other: &'static str,
    below: &'static str,
}

/// The words of a screen that is a form.
pub(crate) fn words(screen: Screen) -> Option<Words> {
    Some(match screen {
        Screen::SignIn => Words {
            title: "Welcome back",
            line: "Sign in to go on where you stopped",
            fields: [("Email", "robin@northwind.example"), ("Password", "* * * * * * * * *")],
            tick: "Stay signed in",
            aside: "Forgot password?",
            action: "Sign in",
            other: "Use a passkey",
            below: "New here? Create an account",
        },
        Screen::SignUp => Words {
            title: "Create your account",
            line: "It takes less than a minute",
            fields: [
                ("Email", "robin@northwind.example"),
                ("New password", "At least 12 characters"),
            ],
            tick: "Send me news now and then",
            aside: "Terms",
            action: "Create account",
            other: "Use a passkey",
            below: "Been here before? Sign in",
        },
        Screen::Checkout => Words {
            title: "Almost there",
            line: "2 things, $203.50 with delivery",
            fields: [
                ("Deliver to", "Robin Vale, 12 Harbor Street"),
                ("Card number", "4242 4242 4242 4242"),
            ],
            tick: "Remember this card",
            aside: "Edit order",
            action: "Pay $203.50",
            other: "Pay by invoice",
            below: "Free returns within 30 days",
        },
        Screen::Settings => Words {
            title: "Your profile",
            line: "Others see your name next to what you write",
            fields: [("Name", "Robin Vale"), ("Email", "robin@northwind.example")],
            tick: "Show my picture",
            aside: "Change picture",
            action: "Save changes",
            other: "Discard",
            below: "Last saved today at 9:41",
        },
        Screen::Contact => Words {
            title: "Write to us",
            line: "We answer within a day",
            fields: [("Email", "robin@northwind.example"), ("Message", "How can we help?")],
            tick: "Send me a copy",
            aside: "Add a file",
            action: "Send message",
            other: "Call us instead",
            below: "Monday to Friday, 9 to 5",
        },
        Screen::Dashboard | Screen::Landing => return None,
    })
}

fn top_links(canvas: &mut Canvas, look: Look) {
    for (index, text) in ["Product", "Pricing", "Help"].into_iter().enumerate() {
        let x = 980.0 + 88.0 * index as f32;
        write(canvas, Face::Text, (x, 38.0), text, look.soft());
    }
}

/// A card with two fields and one clear action.
pub(crate) fn form(canvas: &mut Canvas, look: Look, later: bool, words: &Words) {
    top_bar(canvas, look);
    top_links(canvas, look);
    let button = if later { 52.0 } else { 44.0 };
    let card = (422.0, 152.0, 436.0, 486.0 + button);
    canvas.shadow((card.0, card.1 + 14.0, card.2, card.3), 20.0, 44.0);
    canvas.box_with_border(card, 16.0, look.paper(), look.line());
    centered(canvas, Face::Title, 640.0, 214.0, words.title, look.ink());
    centered(canvas, Face::Text, 640.0, 246.0, words.line, look.soft());
    let [(first, first_value), (second, second_value)] = words.fields;
    field(canvas, look, 296.0, first, first_value, true);
    field(canvas, look, 384.0, second, second_value, false);
    canvas.box_with_border((462.0, 462.0, 18.0, 18.0), 5.0, look.accent, look.accent);
    canvas.rectangle((467.0, 470.0, 8.0, 2.0), 1.0, WHITE, 1.0);
    write(canvas, Face::Text, (490.0, 476.0), words.tick, look.ink());
    let x = 818.0 - width(Face::Strong, words.aside);
    write(canvas, Face::Strong, (x, 476.0), words.aside, look.accent);
    let radius = if later { 14.0 } else { 8.0 };
    canvas.shadow((462.0, 508.0, 356.0, button), radius, 14.0);
    canvas.rectangle((462.0, 504.0, 356.0, button), radius, look.accent, 1.0);
    let middle = 504.0 + button / 2.0 + 5.0;
    centered(canvas, Face::Strong, 640.0, middle, words.action, WHITE);
    let below = 504.0 + button;
    canvas.rectangle((462.0, below + 36.0, 150.0, 1.0), 0.0, look.line(), 1.0);
    centered(canvas, Face::Text, 640.0, below + 41.0, "or", look.soft());
    canvas.rectangle((668.0, below + 36.0, 150.0, 1.0), 0.0, look.line(), 1.0);
    let frame = (462.0, below + 62.0, 356.0, 36.0);
    canvas.box_with_border(frame, 8.0, look.back(), look.line());
    centered(canvas, Face::Strong, 640.0, below + 85.0, words.other, look.ink());
    let last = card.1 + card.3 + 40.0;
    centered(canvas, Face::Text, 640.0, last, words.below, look.soft());
}

/// A front page: one sentence, one action, three things to buy.
pub(crate) fn landing(canvas: &mut Canvas, look: Look, later: bool) {
    top_bar(canvas, look);
    top_links(canvas, look);
    canvas.rectangle((0.0, 64.0, 1280.0, 316.0), 0.0, look.accent, 0.08);
    let title = "Things for a calm home";
    centered(canvas, Face::Title, 640.0, 172.0, title, look.ink());
    let line = "Lamps, throws and shelves, made to be kept. Delivered in a week.";
    centered(canvas, Face::Text, 640.0, 212.0, line, look.soft());
    let (wide, tall, radius) = if later { (208.0, 56.0, 14.0) } else { (176.0, 46.0, 8.0) };
    let left = 640.0 - wide / 2.0;
    canvas.shadow((left, 256.0, wide, tall), radius, 16.0);
    canvas.rectangle((left, 252.0, wide, tall), radius, look.accent, 1.0);
    centered(
        canvas,
        Face::Strong,
        640.0,
        252.0 + tall / 2.0 + 5.0,
        "Look around",
        WHITE,
    );
    centered(
        canvas,
        Face::Text,
        640.0,
        346.0,
        "Free returns within 30 days",
        look.soft(),
    );
    for (index, (name, price, kind)) in [
        ("Desk lamp, oak", "$129.00", 0),
        ("Wool throw", "$74.50", 1),
        ("Shelf, two boards", "$210.00", 2),
    ]
    .into_iter()
    .enumerate()
    {
        let left = 112.0 + 368.0 * index as f32;
        canvas.shadow((left, 434.0, 320.0, 316.0), 14.0, 24.0);
        canvas.box_with_border((left, 424.0, 320.0, 316.0), 14.0, look.paper(), look.line());
        canvas.rectangle((left + 16.0, 440.0, 288.0, 196.0), 10.0, look.accent, 0.12);
        drawing_of(canvas, look, left + 160.0, kind);
        write(canvas, Face::Strong, (left + 20.0, 672.0), name, look.ink());
        write(canvas, Face::Text, (left + 20.0, 704.0), price, look.soft());
        let add = "Add";
        canvas.box_with_border((left + 236.0, 680.0, 64.0, 36.0), 8.0, look.paper(), look.line());
        centered(canvas, Face::Strong, left + 268.0, 703.0, add, look.accent);
    }
}

/// A lamp, a throw or a shelf out of rectangles.
fn drawing_of(canvas: &mut Canvas, look: Look, middle: f32, kind: u8) {
    let mut part = |x: f32, y: f32, wide: f32, tall: f32, radius: f32, strength: f32| {
        canvas.rectangle((middle + x, y, wide, tall), radius, look.accent, strength);
    };
    match kind {
        0 => {
            part(-52.0, 470.0, 104.0, 56.0, 28.0, 0.75);
            part(-4.0, 520.0, 8.0, 82.0, 3.0, 0.5);
            part(-40.0, 600.0, 80.0, 12.0, 6.0, 0.75);
        }
        1 => {
            for fold in 0..4 {
                part(
                    -70.0,
                    484.0 + 30.0 * fold as f32,
                    140.0,
                    26.0,
                    10.0,
                    0.35 + 0.13 * fold as f32,
                );
            }
        }
        _ => {
            part(-84.0, 512.0, 168.0, 10.0, 4.0, 0.75);
            part(-84.0, 588.0, 168.0, 10.0, 4.0, 0.75);
            for book in 0..4 {
                let tall = [52.0, 40.0, 58.0, 46.0][book];
                part(
                    -70.0 + 24.0 * book as f32,
                    588.0 - tall,
                    18.0,
                    tall,
                    3.0,
                    0.3 + 0.12 * book as f32,
                );
            }
            part(34.0, 472.0, 30.0, 40.0, 14.0, 0.5);
        }
    }
}

/// A side bar, three figures, a chart and a table.
pub(crate) fn dashboard(canvas: &mut Canvas, look: Look, later: bool) {
    top_bar(canvas, look);
    canvas.rectangle((0.0, 64.0, 220.0, 736.0), 0.0, look.paper(), 1.0);
    canvas.rectangle((219.0, 64.0, 1.0, 736.0), 0.0, look.line(), 1.0);
    for (index, text) in ["Overview", "Orders", "Customers", "Reports", "Settings"]
        .into_iter()
        .enumerate()
    {
        let top = 92.0 + 44.0 * index as f32;
        let (face, color) = if index == 0 {
            canvas.rectangle((16.0, top, 188.0, 36.0), 8.0, look.accent, 0.14);
            (Face::Strong, look.accent)
        } else {
            (Face::Text, look.soft())
        };
        canvas.rectangle((30.0, top + 12.0, 12.0, 12.0), 4.0, color, 0.9);
        write(canvas, face, (54.0, top + 23.0), text, color);
    }
    write(canvas, Face::Title, (256.0, 124.0), "Overview", look.ink());
    let button = if later {
        (1104.0, 96.0, 140.0, 44.0)
    } else {
        (1124.0, 98.0, 120.0, 38.0)
    };
    canvas.rectangle(button, if later { 14.0 } else { 8.0 }, look.accent, 1.0);
    let middle = (button.0 + button.2 / 2.0, button.1 + button.3 / 2.0 + 5.0);
    centered(canvas, Face::Strong, middle.0, middle.1, "New order", WHITE);
    for (index, (label, figure, change)) in [
        ("Revenue", "$48,210", "+12.4 % this month"),
        ("Orders", "1,284", "+3.1 % this month"),
        ("Returning", "62 %", "+0.8 % this month"),
    ]
    .into_iter()
    .enumerate()
    {
        let left = 256.0 + 336.0 * index as f32;
        let frame = (left, 160.0, 316.0, 128.0);
        canvas.shadow((left, 166.0, 316.0, 128.0), 12.0, 18.0);
        canvas.box_with_border(frame, 12.0, look.paper(), look.line());
        write(canvas, Face::Text, (left + 20.0, 192.0), label, look.soft());
        write(canvas, Face::Title, (left + 20.0, 232.0), figure, look.ink());
        write(canvas, Face::Text, (left + 20.0, 264.0), change, look.accent);
    }
    canvas.box_with_border((256.0, 312.0, 988.0, 236.0), 12.0, look.paper(), look.line());
    write(canvas, Face::Strong, (276.0, 344.0), "Orders per week", look.ink());
    for line in 0..4 {
        let top = 376.0 + 44.0 * line as f32;
        canvas.rectangle((276.0, top, 948.0, 1.0), 0.0, look.line(), 0.7);
    }
    for (week, height) in [62, 84, 71, 98, 90, 112, 104, 126, 118, 139, 128, 150]
        .into_iter()
        .enumerate()
    {
        let height = height as f32;
        let left = 292.0 + 79.0 * week as f32;
        let strength = if week == 11 { 1.0 } else { 0.45 };
        canvas.rectangle((left, 524.0 - height, 44.0, height), 6.0, look.accent, strength);
    }
    canvas.box_with_border((256.0, 572.0, 988.0, 196.0), 12.0, look.paper(), look.line());
    write(canvas, Face::Strong, (276.0, 604.0), "Latest orders", look.ink());
    for (index, (name, what, sum)) in [
        ("Ada Byron", "Desk lamp, oak", "$129.00"),
        ("Emil Berg", "Wool throw", "$74.50"),
        ("Noor Haddad", "Shelf, two boards", "$210.00"),
    ]
    .into_iter()
    .enumerate()
    {
        let top = 622.0 + 46.0 * index as f32;
        canvas.rectangle((276.0, top, 948.0, 1.0), 0.0, look.line(), 1.0);
        canvas.rectangle((276.0, top + 11.0, 24.0, 24.0), 12.0, look.accent, 0.3);
        write(canvas, Face::Strong, (314.0, top + 28.0), name, look.ink());
        write(canvas, Face::Text, (560.0, top + 28.0), what, look.soft());
        let x = 1224.0 - width(Face::Strong, sum);
        write(canvas, Face::Strong, (x, top + 28.0), sum, look.ink());
    }
}
