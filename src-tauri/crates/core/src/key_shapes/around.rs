//! The keys that are told by what stands around them: private keys, passwords in addresses, headers, assignments.

use super::{Span, likeness, run};
use crate::model::KeyKind;

/// The key that a word leads to, if it does. The word lies between `start` and `end`.
pub(super) fn key_at(bytes: &[u8], start: usize, end: usize) -> Option<Span> {
    let (word, rest) = (&bytes[start..end], &bytes[end..]);
    private_key(bytes, start)
        .or_else(|| password(bytes, start, end))
        .or_else(|| telegram(word, rest, start))
        .or_else(|| terraform(word, rest, start))
        .or_else(|| header(bytes, start, end))
        .or_else(|| assigned(word, rest, end))
}

const fn base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/')
}

/// The shortest line that is taken for one of a key.
const KEY_LINE: usize = 40;

/// A block of a private key, with its first and last line where it has one.
fn private_key(bytes: &[u8], start: usize) -> Option<Span> {
    const LINE: &[u8] = b"-----";
    let rest = bytes[start..].strip_prefix(b"-----BEGIN ")?;
    let label = run(rest, |byte| {
        byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b' '
    });
    let is_private = label <= 40 && rest[..label].windows(11).any(|part| part == b"PRIVATE KEY");
    let body = rest[label..].strip_prefix(LINE).filter(|_| is_private)?;
    let begun = bytes.len() - body.len();
    let (mut at, mut key_ends, mut is_key) = (0, 0, false);
    while at < body.len() && !body[at..].starts_with(LINE) {
        at += header_line(&body[at..]);
        let line = run(&body[at..], base64);
        if line == 0 {
            // White space, escapes, and the checksum of armored keys.
            if !body
                .get(at)
                .is_some_and(|byte| byte.is_ascii_whitespace() || b"\\\":,-=".contains(byte))
            {
                break;
            }
            at += 1;
            continue;
        }
        is_key |= line >= KEY_LINE && likeness::is_drawn(&body[at..at + line]);
        at += line;
        if line >= KEY_LINE || body.get(at) == Some(&b'=') {
            key_ends = at + run(&body[at..], |byte| byte == b'=');
        }
    }
    let last = body[at..].strip_prefix(LINE).and_then(|rest| {
        let line = run(rest, |byte| {
            byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b' '
        });
        (rest.starts_with(b"END ") && rest[line..].starts_with(LINE)).then_some(at + LINE.len() * 2 + line)
    });
    is_key.then_some(Span {
        from: start,
        to: begun + last.unwrap_or(key_ends),
        kind: KeyKind::PrivateKey,
    })
}

/// How long a line like `Version: GnuPG v2.4.5 (Linux)` is, up to its end (RFC 1421, section 4.6; RFC 9580, section
/// 6.2.2); 0 where there is none.
fn header_line(rest: &[u8]) -> usize {
    const MOST: usize = 256;
    let name = run(rest, |byte| byte.is_ascii_alphanumeric() || byte == b'-');
    if !(1..=40).contains(&name) || !rest[name..].starts_with(b": ") {
        return 0;
    }
    // In a string the end of a line is an escape.
    run(&rest[..rest.len().min(MOST)], |byte| !matches!(byte, b'\n' | b'\\'))
}

/// The schemes of databases and queues.
const DATABASES: [&[u8]; 16] = [
    b"postgres",
    b"postgresql",
    b"mysql",
    b"mysql2",
    b"mariadb",
    b"mongodb",
    b"redis",
    b"rediss",
    b"amqp",
    b"amqps",
    b"mssql",
    b"sqlserver",
    b"clickhouse",
    b"cockroachdb",
    b"oracle",
    b"cassandra",
];
/// Other schemes whose addresses carry passwords.
const OTHERS: [&[u8]; 9] = [
    b"http", b"https", b"ftp", b"ftps", b"sftp", b"ssh", b"smtp", b"smtps", b"ldap",
];
/// The longest part of an address that is looked at.
const ADDRESS: usize = 512;

/// The password in `scheme://user:password@host`, without what is around it.
fn password(bytes: &[u8], start: usize, end: usize) -> Option<Span> {
    let rest = bytes[end..].strip_prefix(b"://")?;
    let before = &bytes[start.saturating_sub(24)..start];
    // `mongodb+srv`, `postgresql+asyncpg`
    let base = before.strip_suffix(b"+").map_or(&bytes[start..end], |before| {
        let length = before
            .iter()
            .rev()
            .take_while(|byte| byte.is_ascii_alphanumeric())
            .count();
        &before[before.len() - length..]
    });
    let kind = if DATABASES.contains(&base) {
        KeyKind::DatabasePassword
    } else if OTHERS.contains(&base) || OTHERS.contains(&&bytes[start..end]) {
        KeyKind::AddressPassword
    } else {
        return None;
    };
    let rest = rest.get(..ADDRESS).unwrap_or(rest);
    let authority = run(rest, |byte| {
        !byte.is_ascii_whitespace() && !b"/?#\"'`<>\\".contains(&byte)
    });
    let at = rest[..authority].iter().rposition(|byte| *byte == b'@')?;
    let colon = rest[..at].iter().position(|byte| *byte == b':')?;
    let (user, secret, host) = (&rest[..colon], &rest[colon + 1..at], &rest[at + 1..authority]);
    let from = end + "://".len() + colon + 1;
    (!is_made_up(user, secret) && !is_here(host)).then_some(Span {
        from,
        to: from + secret.len(),
        kind,
    })
}

/// Passwords of examples and of first steps.
const MADE_UP: [&[u8]; 22] = [
    b"password",
    b"passwd",
    b"passwort",
    b"pass",
    b"pwd",
    b"pw",
    b"secret",
    b"changeme",
    b"example",
    b"test",
    b"postgres",
    b"mysql",
    b"mongo",
    b"redis",
    b"root",
    b"admin",
    b"guest",
    b"user",
    b"mysecretpassword",
    b"my-secret-pw",
    b"hunter",
    b"p@ssw0rd",
];

/// Whether it is nobody's password: a blank to be filled in, or one that everybody has.
fn is_made_up(user: &[u8], secret: &[u8]) -> bool {
    let small = secret.to_ascii_lowercase();
    let letters = small
        .iter()
        .rposition(u8::is_ascii_alphabetic)
        .map_or(0, |last| last + 1);
    let is_name = secret.iter().all(|byte| byte.is_ascii_uppercase() || *byte == b'_');
    let is_one = secret.iter().all(|byte| Some(byte) == secret.first());
    secret.len() < 4
        || (letters == 0 && secret.len() <= 10)
        || is_name
        || is_one
        || secret == user
        || MADE_UP.contains(&&small[..letters])
        || secret
            .iter()
            .any(|byte| b"${}[]*".contains(byte) || byte.is_ascii_control())
        || small.windows(3).any(|part| part == b"...")
        || ["your", "example", "placeholder", "redacted", "password"]
            .iter()
            .any(|word| small.windows(word.len()).any(|part| part == word.as_bytes()))
}

/// Whether only this computer can be meant, or nobody's.
fn is_here(host: &[u8]) -> bool {
    let host = host.to_ascii_lowercase();
    let name = if host.starts_with(b"[") {
        &host[..]
    } else {
        &host[..run(&host, |byte| byte != b':')]
    };
    let known: [&[u8]; 5] = [b"localhost", b"127.0.0.1", b"0.0.0.0", b"host", b"hostname"];
    let endings: [&[u8]; 6] = [
        b".localhost",
        b"example.com",
        b"example.org",
        b"example.net",
        b".example",
        b".test",
    ];
    name.is_empty()
        || name.starts_with(b"[::1]")
        || known.contains(&name)
        || endings.iter().any(|end| name.ends_with(end))
}

/// `12345678:AA…`
fn telegram(word: &[u8], rest: &[u8], start: usize) -> Option<Span> {
    let body = rest.strip_prefix(b":")?;
    let length = run(body, super::is_word);
    let is_bot = (8..=10).contains(&word.len()) && word.iter().all(u8::is_ascii_digit);
    (is_bot && length == 35 && body.starts_with(b"AA") && likeness::is_drawn(&body[..length])).then_some(Span {
        from: start,
        to: start + word.len() + 1 + length,
        kind: KeyKind::Telegram,
    })
}

/// 14 characters, `.atlasv1.`, 60 or more.
fn terraform(word: &[u8], rest: &[u8], start: usize) -> Option<Span> {
    let body = rest.strip_prefix(b".atlasv1.")?;
    let length = run(body, super::is_word);
    (word.len() == 14 && (60..=80).contains(&length) && likeness::is_drawn(&body[..length])).then_some(Span {
        from: start,
        to: start + word.len() + ".atlasv1.".len() + length,
        kind: KeyKind::HashiCorp,
    })
}

/// What tutorials put behind `Basic`: user:pass, username:password, admin:admin, and the one of RFC 7617.
const TUTORIALS: [&[u8]; 4] = [
    b"dXNlcjpwYXNz",
    b"dXNlcm5hbWU6cGFzc3dvcmQ",
    b"YWRtaW46YWRtaW4",
    b"QWxhZGRpbjpvcGVuIHNlc2FtZQ",
];

/// What stands behind `Bearer`, and behind `Basic` in a header.
fn header(bytes: &[u8], start: usize, end: usize) -> Option<Span> {
    let (word, rest) = (&bytes[start..end], &bytes[end..]);
    let spaces = run(rest, |byte| byte == b' ');
    if !(1..=3).contains(&spaces) {
        return None;
    }
    let body = &rest[spaces..];
    let is_secret = |length: usize| -> bool {
        let body = &body[..length];
        if word.eq_ignore_ascii_case(b"bearer") {
            return (20..=4096).contains(&length) && likeness::is_noise(body);
        }
        let before = bytes[start.saturating_sub(20)..start].to_ascii_lowercase();
        word.eq_ignore_ascii_case(b"basic")
            && before.windows(13).any(|part| part == b"authorization")
            && (12..=1024).contains(&length)
            && body.iter().any(u8::is_ascii_uppercase)
            && body.iter().any(u8::is_ascii_lowercase)
            && !TUTORIALS.iter().any(|known| body.starts_with(known))
    };
    if !word.eq_ignore_ascii_case(b"bearer") && !word.eq_ignore_ascii_case(b"basic") {
        return None;
    }
    let length = run(body, |byte| base64(byte) || b"-_.~".contains(&byte));
    // The end of a sentence is not part of it.
    let dots = body[..length].iter().rev().take_while(|byte| **byte == b'.').count();
    let length = length - dots;
    let padding = if dots == 0 {
        run(&body[length..], |byte| byte == b'=').min(2)
    } else {
        0
    };
    let from = end + spaces;
    is_secret(length).then_some(Span {
        from,
        to: from + length + padding,
        kind: KeyKind::Authorization,
    })
}

/// `AWS_SECRET_ACCESS_KEY=…` in any spelling, and `AccountKey=…` of Azure.
fn assigned(word: &[u8], rest: &[u8], end: usize) -> Option<Span> {
    if !word.last().is_some_and(|last| matches!(last, b'y' | b'Y')) || word.len() > 64 {
        return None;
    }
    let between = run(rest, |byte| b" \t=:\"'>".contains(&byte));
    if !(1..=6).contains(&between) {
        return None;
    }
    let mut name = word.to_ascii_lowercase();
    name.retain(u8::is_ascii_alphanumeric);
    let (kind, length, padding) = if name.ends_with(b"secretaccesskey") {
        (KeyKind::Amazon, 40, 0)
    } else if name.ends_with(b"accountkey") {
        (KeyKind::Azure, 86, 2)
    } else {
        return None;
    };
    let body = &rest[between..];
    let is_long = run(body, base64) == length && run(&body[length..], |byte| byte == b'=') == padding;
    let from = end + between;
    (is_long && likeness::is_drawn(&body[..length])).then_some(Span {
        from,
        to: from + length + padding,
        kind,
    })
}
