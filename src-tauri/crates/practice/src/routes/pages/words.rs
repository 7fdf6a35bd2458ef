//! The markdown of replies as markup: paragraphs, lists, code, bold. Links lose their address, since a page
//! of the practice leads nowhere outside.

/// Text that may stand in an element or in a quoted attribute.
pub(super) fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            other => safe.push(other),
        }
    }
    safe
}

/// A whole reply. Everything is escaped before anything becomes markup.
pub(super) fn markup(text: &str) -> String {
    let mut page = String::new();
    let mut open: Option<&'static str> = None;
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let numbered = line
            .split_once(". ")
            .filter(|(number, _)| number.parse::<u32>().is_ok());
        let item = match line.strip_prefix("- ") {
            Some(item) => Some(("ul", item)),
            None => numbered.map(|(_, item)| ("ol", item)),
        };
        let wanted = match item {
            Some((list, _)) => Some(list),
            None if line.trim().is_empty() || line.starts_with("```") => None,
            None => Some("p"),
        };
        // Lines of one paragraph or list stay together, and everything else begins anew.
        if wanted != open {
            if let Some(tag) = open {
                page.extend(["</", tag, ">"]);
            }
            if let Some(tag) = wanted {
                page.extend(["<", tag, ">"]);
            }
            open = wanted;
        } else if wanted == Some("p") {
            page.push(' ');
        }
        if line.starts_with("```") {
            let code: Vec<&str> = lines.by_ref().take_while(|line| !line.starts_with("```")).collect();
            page.extend(["<pre>", &escape(&code.join("\n")), "</pre>"]);
        } else if let Some((_, item)) = item {
            page.extend(["<li>", &inline(item), "</li>"]);
        } else if wanted.is_some() {
            page += &inline(line);
        }
    }
    if let Some(tag) = open {
        page.extend(["</", tag, ">"]);
    }
    page
}

fn inline(text: &str) -> String {
    let mut page = String::new();
    for (index, part) in without_addresses(text).split('`').enumerate() {
        let part = escape(part);
        if index % 2 == 1 {
            page.extend(["<code>", &part, "</code>"]);
            continue;
        }
        for (index, part) in part.split("**").enumerate() {
            if index % 2 == 1 {
                page.extend(["<strong>", part, "</strong>"]);
            } else {
                page += part;
            }
        }
    }
    page
}

/// `[words](address)` as the words alone.
fn without_addresses(text: &str) -> String {
    let Some((before, rest)) = text.split_once('[') else {
        return text.to_owned();
    };
    match rest.split_once("](") {
        Some((words, rest)) if rest.contains(')') => {
            let after = rest.split_once(')').map_or("", |(_, after)| after);
            format!("{before}{words}{}", without_addresses(after))
        }
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replies_become_markup() {
        let table = [
            ("One.\nTwo.\n\nThree.", "<p>One. Two.</p><p>Three.</p>"),
            (
                "- **A**: `b`\n- c\n\nd",
                "<ul><li><strong>A</strong>: <code>b</code></li><li>c</li></ul><p>d</p>",
            ),
            ("1. a\n2. b", "<ol><li>a</li><li>b</li></ol>"),
            (
                "```css\n.a { b: \"c\"; }\n- d\n```\ne",
                "<pre>.a { b: &quot;c&quot;; }\n- d</pre><p>e</p>",
            ),
            (
                "See the [pull request](https://x/y), please.",
                "<p>See the pull request, please.</p>",
            ),
            ("[a](javascript:b) [c] [d](", "<p>a [c] [d](</p>"),
            (
                "<b> `<i>` **<u>**",
                "<p>&lt;b&gt; <code>&lt;i&gt;</code> <strong>&lt;u&gt;</strong></p>",
            ),
        ];
        for (text, expected) in table {
            assert_eq!(markup(text), expected, "{text}");
        }
    }
}
