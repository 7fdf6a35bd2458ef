//! Which addresses may be shown as links, and which the shell may open.
//! The list is closed: what is not allowed here stays plain text.

use std::net::{Ipv4Addr, Ipv6Addr};

use url::{Host, Url};

use crate::model::ImageSource;

/// The most bytes an address may have.
const LENGTH_LIMIT: usize = 2048;

/// An address that passed the allow-list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The address in its normal spelling: lower-case scheme and host, other alphabets as punycode.
    pub url: String,
    /// The host as ASCII (punycode), to be shown; none for mail.
    pub host: Option<String>,
}

/// Checks an address from outside: `https`, `http` or `mailto`, at most 2,048 bytes, without user information.
/// Of a mail address only the recipient is kept: other fields can attach files in some mail programs.
pub fn allowed(url: &str) -> Option<Link> {
    let url = url.trim_matches(' ');
    if url.len() > LENGTH_LIMIT || url.chars().any(is_refused) {
        return None;
    }
    let (scheme, rest) = url.split_once(':')?;
    match scheme.to_ascii_lowercase().as_str() {
        // Parsers repair `https:host` and `https:///host`; such spellings only occur in attacks.
        "https" | "http" if rest.starts_with("//") && !rest.starts_with("///") => web(url),
        "mailto" => mail(rest),
        _ => None,
    }
}

/// Checks an address the page wants opened: `https` anywhere, mail, and plain `http` only for the practice pages
/// on this computer. Returns what is to be opened.
///
/// The practice cloud has another port when its last one was taken, and what its agents wrote before names the old one:
/// any loopback address of its pages is opened where they are now.
pub fn may_open(url: &str, practice_base: Option<&str>) -> Option<Link> {
    let link = allowed(url)?;
    if link.url.starts_with("http:") {
        return practice_page(&link.url, practice_base?);
    }
    Some(link)
}

/// Hosts that pictures are fetched from. None belongs to whoever writes an address: what an address says is read by the
/// host it goes to, and with a host of their own an agent's words could carry away what it knows.
pub(crate) const PICTURE_HOSTS: [&str; 8] = [
    "raw.githubusercontent.com",
    "user-images.githubusercontent.com",
    "private-user-images.githubusercontent.com",
    "avatars.githubusercontent.com",
    "repository-images.githubusercontent.com",
    "opengraph.githubassets.com",
    "cursor.com",
    "www.cursor.com",
];

/// Where a picture in an agent's words may be fetched from, when somebody asks for it: `https` on its own port, and a host
/// of the closed list.
pub fn picture(url: &str) -> Option<ImageSource> {
    let url = Url::parse(&allowed(url)?.url).ok()?;
    let host = url.host_str().filter(|host| PICTURE_HOSTS.contains(host))?.to_owned();
    (url.scheme() == "https" && url.port().is_none()).then(|| ImageSource { host, url: url.into() })
}

/// Controls, white space, what reorders text, and what parsers silently repair.
fn is_refused(character: char) -> bool {
    character.is_control()
        || character.is_whitespace()
        || matches!(character, '\\' | '<' | '>' | '"' | '`')
        || crate::markdown::is_invisible(character)
}

fn web(url: &str) -> Option<Link> {
    let parsed = Url::parse(url).ok()?;
    let authority = url.split("//").nth(1)?;
    let authority = authority.split(['/', '?', '#']).next()?;
    if authority.contains('@') || !parsed.username().is_empty() || parsed.password().is_some() {
        return None;
    }
    let host = parsed.host_str().filter(|host| !host.is_empty())?;
    let link = Link {
        host: Some(host.to_owned()),
        url: parsed.to_string(),
    };
    (link.url.len() <= LENGTH_LIMIT * 3).then_some(link)
}

fn mail(rest: &str) -> Option<Link> {
    let address = rest.split(['?', '#']).next()?;
    let (name, host) = address.split_once('@')?;
    let plain = |part: &str| {
        !part.is_empty()
            && part
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b".-_+".contains(&byte))
    };
    (plain(name) && plain(host)).then(|| Link {
        url: format!("mailto:{address}"),
        host: None,
    })
}

/// Where the practice cloud has its pages.
const PRACTICE_PAGES: &str = "/_pages/";

fn practice_page(url: &str, practice_base: &str) -> Option<Link> {
    let (url, mut base) = (Url::parse(url).ok()?, Url::parse(practice_base).ok()?);
    if !is_loopback(&url) || !is_loopback(&base) {
        return None;
    }
    if url.origin() != base.origin() {
        if !url.path().starts_with(PRACTICE_PAGES) {
            return None;
        }
        base.set_path(url.path());
        base.set_query(url.query());
        base.set_fragment(url.fragment());
        return web(base.as_str());
    }
    web(url.as_str())
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address == Ipv4Addr::LOCALHOST,
        Some(Host::Ipv6(address)) => address == Ipv6Addr::LOCALHOST,
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link(url: &str, host: &str) -> Option<Link> {
        Some(Link {
            url: url.to_owned(),
            host: Some(host.to_owned()),
        })
    }

    #[test]
    fn pictures_come_from_listed_hosts_by_https_only() {
        let taken = "https://raw.githubusercontent.com/a/b/main/c.png?x=1";
        let source = ImageSource {
            url: taken.to_owned(),
            host: "raw.githubusercontent.com".to_owned(),
        };
        assert_eq!(picture(taken), Some(source));
        for refused in [
            "http://raw.githubusercontent.com/a.png",
            "https://raw.githubusercontent.com:8443/a.png",
            "https://raw.githubusercontent.com.evil.example/a.png",
            "https://evil.example/raw.githubusercontent.com",
            "https://a@raw.githubusercontent.com/a.png",
            "https://127.0.0.1/a.png",
            "//raw.githubusercontent.com/a.png",
            "data:image/png;base64,AAAA",
            "file:///etc/passwd",
            "a.png",
        ] {
            assert_eq!(picture(refused), None, "{refused}");
        }
    }

    #[test]
    fn only_listed_schemes_without_user_information_pass() {
        let table = [
            (
                "https://github.com/a/b/pull/1",
                link("https://github.com/a/b/pull/1", "github.com"),
            ),
            (" HTTPS://GitHub.com/A ", link("https://github.com/A", "github.com")),
            (
                "http://example.org:8080/x?y#z",
                link("http://example.org:8080/x?y#z", "example.org"),
            ),
            (
                "https://аpple.com/",
                link("https://xn--pple-43d.com/", "xn--pple-43d.com"),
            ),
            ("https://good.example@evil.example/", None),
            ("https://@evil.example/", None),
            ("https://user:secret@host.example/", None),
            ("https:\\\\evil.example", None),
            ("https:evil.example", None),
            ("https:///evil.example", None),
            ("https://", None),
            ("//evil.example", None),
            ("/relative", None),
            ("", None),
            ("javascript:alert(1)", None),
            ("JaVaScRiPt://x/%0aalert(1)", None),
            ("java\nscript:alert(1)", None),
            ("data:text/html,x", None),
            ("vbscript:x", None),
            ("file:///etc/passwd", None),
            ("smb://host/share", None),
            ("cursor://anysphere.cursor-deeplink/x", None),
            ("ms-msdt:/id", None),
            ("https://a.example/\u{202e}gpj.exe", None),
            ("https://a.example/a b", None),
            (
                "mailto:me@example.org?attach=/etc/passwd",
                Some(Link {
                    url: "mailto:me@example.org".into(),
                    host: None,
                }),
            ),
            ("mailto:", None),
            ("mailto:a@b@c", None),
            ("mailto:--a b@c", None),
        ];
        for (url, expected) in table {
            assert_eq!(allowed(url), expected, "{url:?}");
        }
        assert_eq!(
            allowed(&format!("https://a.example/{}", "x".repeat(2048))),
            None,
            "too long"
        );
    }

    #[test]
    fn plain_http_opens_only_the_practice_pages_and_where_they_are_now() {
        let base = Some("http://127.0.0.1:4711/v1");
        let table = [
            ("https://example.org/", None, Some("https://example.org/")),
            ("mailto:me@example.org", None, Some("mailto:me@example.org")),
            ("http://example.org/", base, None),
            ("http://example.org/_pages/pull/1", base, None),
            (
                "http://127.0.0.1:4711/pull/1",
                base,
                Some("http://127.0.0.1:4711/pull/1"),
            ),
            (
                "http://127.0.0.1:4712/_pages/pull/1?a=b#c",
                base,
                Some("http://127.0.0.1:4711/_pages/pull/1?a=b#c"),
            ),
            (
                "http://localhost:9/_pages/agent/bc-1",
                base,
                Some("http://127.0.0.1:4711/_pages/agent/bc-1"),
            ),
            ("http://127.0.0.1:4712/pull/1", base, None),
            ("http://127.0.0.1:4712/_pages/../v1/agents", base, None),
            ("http://127.0.0.1:4712/_pages/%2e%2e/v1/agents", base, None),
            ("http://localhost:4711/", base, None),
            ("http://127.0.0.1:4711/_pages/pull/1", None, None),
            ("http://evil.example/", Some("http://evil.example/"), None),
        ];
        for (url, practice, expected) in table {
            let opened = may_open(url, practice).map(|link| link.url);
            assert_eq!(opened.as_deref(), expected, "{url} with {practice:?}");
        }
    }
}
