//! Every sample is made when the test runs: no key, not even a made-up one, stands in the repository.

use super::*;

/// Numbers that are the same in every run.
struct Draw(u64);

impl Draw {
    fn next(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % below
    }

    fn text(&mut self, alphabet: &str, length: usize) -> String {
        let alphabet: Vec<char> = alphabet.chars().collect();
        (0..length).map(|_| alphabet[self.next(alphabet.len())]).collect()
    }
}

const LOWER: &str = "abcdefghijklmnopqrstuvwxyz";
const DIGITS: &str = "0123456789";
const HEX: &str = "0123456789abcdef";
const BASE32: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const LETTERS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const URL: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const BASE64: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Fills in a form: `{H40}` are 40 hexadecimal digits, and so on.
fn filled(form: &str, draw: &mut Draw) -> String {
    let mut text = String::new();
    let mut rest = form;
    while let Some((before, hole)) = rest.split_once('{') {
        let (hole, behind) = hole.split_once('}').unwrap();
        let alphabet = match &hole[..1] {
            "a" => LOWER,
            "D" => DIGITS,
            "H" => HEX,
            "B" => BASE32,
            "L" => LETTERS,
            "U" => URL,
            _ => BASE64,
        };
        text.push_str(before);
        let drawn = draw.text(alphabet, hole[1..].parse().unwrap());
        // Next to a part, `-` would be read as an end.
        text.push_str(&drawn.replace(['-', '_'], "k"));
        rest = behind;
    }
    text + rest
}

/// Kinds and their forms; `«` and `»` are around what is to be found where more is needed to tell it.
fn forms() -> Vec<(KeyKind, &'static str)> {
    use KeyKind::*;
    vec![
        (Cursor, "crsr_{H64}"),
        (Cursor, "key_{H64}"),
        (GitHub, "ghp_{L36}"),
        (GitHub, "gho_{L36}"),
        (GitHub, "ghu_{L36}"),
        (GitHub, "ghs_{L36}"),
        (GitHub, "ghr_{L76}"),
        (GitHub, "github_pat_{L22}_{L59}"),
        (GitHub, "https://x-access-token:«ghp_{L36}»@github.com/o/r.git"),
        (GitLab, "glpat-{U20}"),
        (GitLab, "glpat-{U27}.01.{L9}"),
        (GitLab, "gldt-{U20}"),
        (GitLab, "glrt-{U20}"),
        (GitLab, "glptt-{H40}"),
        (GitLab, "gloas-{H64}"),
        (Amazon, "AKIA{B16}"),
        (Amazon, "ASIA{B16}"),
        (Amazon, "AWS_SECRET_ACCESS_KEY=«{S40}»"),
        (Amazon, "aws_secret_access_key = «{S40}»"),
        (Amazon, "\"SecretAccessKey\": \"«{S40}»\""),
        (Google, "AIza{U35}"),
        (Google, "GOCSPX-{U28}"),
        (Google, "ya29.{U180}"),
        (
            Azure,
            "AccountName=shop;AccountKey=«{S86}==»;EndpointSuffix=core.windows.net",
        ),
        (OpenAi, "sk-proj-{U74}T3BlbkFJ{U74}"),
        (OpenAi, "sk-svcacct-{U74}T3BlbkFJ{U74}"),
        (OpenAi, "sk-admin-{U74}"),
        (OpenAi, "sk-{L20}T3BlbkFJ{L20}"),
        (Anthropic, "sk-ant-api03-{U93}AA"),
        (Anthropic, "sk-ant-oat01-{U93}AA"),
        (ModelService, "sk-or-v1-{H64}"),
        (ModelService, "sk-{H32}"),
        (ModelService, "gsk_{L52}"),
        (ModelService, "xai-{L80}"),
        (ModelService, "pplx-{L48}"),
        (ModelService, "r8_{L37}"),
        (HuggingFace, "hf_{L34}"),
        (Slack, "xoxb-{D12}-{D13}-{L24}"),
        (Slack, "xoxp-{D12}-{D12}-{D13}-{H32}"),
        (Slack, "xapp-1-A{L10}-{D13}-{H64}"),
        (Slack, "xoxe.«xoxp-1-{L160}»"),
        (Slack, "https://«hooks.slack.com/services/T{L9}/B{L9}/{L24}»"),
        (Discord, "https://«discord.com/api/webhooks/{D18}/{U68}»"),
        (Discord, "M{L23}.{U6}.{U38}"),
        (Telegram, "{D10}:AA{U33}"),
        (Stripe, "sk_live_{L24}"),
        (Stripe, "rk_live_{L99}"),
        (Stripe, "sk_test_{L24}"),
        (Stripe, "whsec_{L32}"),
        (Square, "sq0atp-{U22}"),
        (Square, "sq0csp-{U43}"),
        (Shopify, "shpat_{H32}"),
        (Shopify, "shpss_{H32}"),
        (Npm, "npm_{L36}"),
        (Npm, "//registry.npmjs.org/:_authToken=«npm_{L36}»"),
        (PyPi, "pypi-AgEIcHlwaS5vcmc{U150}"),
        (RubyGems, "rubygems_{H48}"),
        (Docker, "dckr_pat_{U27}"),
        (DigitalOcean, "dop_v1_{H64}"),
        (Databricks, "dapi{H32}"),
        (Supabase, "sbp_{H40}"),
        (Supabase, "sb_secret_{U22}_{L8}"),
        (PlanetScale, "pscale_tkn_{U43}"),
        (SendGrid, "SG.{U22}.{U43}"),
        (Linear, "lin_api_{L40}"),
        (Notion, "ntn_{D11}{L35}"),
        (Notion, "secret_{L43}"),
        (Figma, "figd_{U40}"),
        (Airtable, "pat{L14}.{H64}"),
        (Atlassian, "ATATT3xFfGF0{U175}={H8}"),
        (Postman, "PMAK-{H24}-{H34}"),
        (Sentry, "sntryu_{H64}"),
        (Sentry, "sntrys_eyJ{L120}=_{L43}"),
        (Grafana, "glsa_{L32}_{H8}"),
        (NewRelic, "NRAK-{L27}"),
        (HashiCorp, "hvs.{U95}"),
        (HashiCorp, "{L14}.atlasv1.{U67}"),
        (Doppler, "dp.pt.{L43}"),
        (
            PrivateKey,
            "-----BEGIN RSA PRIVATE KEY-----\n{S64}\n{S64}\n{S20}==\n-----END RSA PRIVATE KEY-----",
        ),
        (
            PrivateKey,
            "-----BEGIN OPENSSH PRIVATE KEY-----\\n{S70}\\n{S70}\\n-----END OPENSSH PRIVATE KEY-----",
        ),
        (
            PrivateKey,
            "-----BEGIN EC PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,{H32}\n\n{S64}\n{S30}==\n-----END EC PRIVATE KEY-----",
        ),
        (
            PrivateKey,
            "-----BEGIN PGP PRIVATE KEY BLOCK-----\nVersion: GnuPG v2.4.5 (GNU/Linux)\nComment: https://shop.io/keys?of=me\n\n{S64}\n{S30}==\n=k9Xq\n-----END PGP PRIVATE KEY BLOCK-----",
        ),
        (
            PrivateKey,
            "«-----BEGIN PRIVATE KEY-----\n{S64}\n{S64}»\nthe rest is cut off!",
        ),
        (PrivateKey, "AGE-SECRET-KEY-1{B58}"),
        (SignedToken, "eyJ{L33}.eyJ{L80}.{U43}"),
        (SignedToken, "Authorization: Bearer «eyJ{L33}.eyJ{L80}.{U43}»"),
        (
            Authorization,
            "curl -H 'Authorization: Bearer «{L40}»' https://a.example",
        ),
        (Authorization, "bearer «{H64}»"),
        (Authorization, "Authorization: Basic «{S30}==»"),
        (
            DatabasePassword,
            "postgres://app:«q{L12}7w»@db.shop.io:5432/shop?sslmode=require",
        ),
        (DatabasePassword, "postgresql+asyncpg://app:«q{L12}7w»@10.0.0.4/shop"),
        (
            DatabasePassword,
            "mongodb+srv://app:«q{L12}7w»@cluster0.ab1cd.mongodb.net/?retryWrites=true",
        ),
        (DatabasePassword, "redis://:«q{L30}7w»@cache.shop.io:6379"),
        (DatabasePassword, "mysql://root:«q!{L9}@7w»@db/shop"),
        (AddressPassword, "https://maria:«q{L9}7w»@staging.shop.io/admin"),
    ]
}

/// What stands before and behind a key; the page counts the face as two.
const AROUND: [(&str, &str); 9] = [
    ("", ""),
    ("Please use ", " for the upload."),
    ("Größe 🙂 zuerst: ", ", dann weiter"),
    ("TOKEN=", "\n"),
    ("{\"key\":\"", "\"}"),
    ("`", "`"),
    ("a line\\n", "\\nanother"),
    ("see (", ")"),
    ("https://a.example/?k%3D", "&x=1"),
];

#[test]
fn keys_of_every_form_are_found_at_their_place() {
    let forms = forms();
    assert!(forms.len() >= 60);
    let mut draw = Draw(0x9e37_79b9_7f4a_7c15);
    let mut missed = Vec::new();
    for (round, (before, behind)) in (0..5).flat_map(|_| AROUND).enumerate() {
        for (kind, form) in &forms {
            // A scheme and a header are words of their own; the others may be glued to the rest of an escape.
            let glued = before.ends_with("3D") || before.ends_with("\\n");
            if glued && (form.contains('«') || form.starts_with('{')) {
                continue;
            }
            let sample = filled(form, &mut draw);
            let text = format!("{before}{sample}{behind}");
            let (head, key) = match text.split_once('«') {
                Some((head, rest)) => (head, rest.split_once('»').unwrap().0),
                None => (before, sample.as_str()),
            };
            let from = head.encode_utf16().count() as u32;
            let to = from + key.encode_utf16().count() as u32;
            let expected = vec![KeyShape { from, to, kind: *kind }];
            let found = find(&text.replace(['«', '»'], ""));
            if found != expected {
                missed.push((round, *form, found, expected));
            }
        }
    }
    assert!(
        missed.is_empty(),
        "{} missed, first {:#?}",
        missed.len(),
        &missed[..missed.len().min(4)]
    );
}

#[test]
fn ordinary_prompts_raise_no_alarm() {
    let file = include_str!("../../tests/fixtures/ordinary-prompts.jsonl");
    let prompts: Vec<String> = file.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let different: std::collections::HashSet<&String> = prompts.iter().collect();
    assert_eq!(
        (prompts.len(), different.len()),
        (1000, 1000),
        "a thousand, each another"
    );
    let alarms: Vec<_> = prompts.iter().filter(|text| !find(text).is_empty()).collect();
    assert!(alarms.is_empty(), "{} alarms: {alarms:#?}", alarms.len());
}

#[test]
fn what_stands_in_for_a_key_is_none() {
    let (sk, gh, ak, eyj) = ("sk-", "ghp_", "AKIA", "eyJ");
    let table = [
        format!("{sk}..."),
        format!("{sk}proj-your-key-goes-here-and-it-is-quite-long-indeed-0001"),
        format!("{gh}xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        format!("{gh}{}", "x1Y2".repeat(9)),
        format!("{gh}1234567890abcdefghijklmnopqrstuvwxyzAB"),
        format!("{gh}<token>"),
        format!("{ak}IOSFODNN7EXAMPLE"),
        format!("{ak}XXXXXXXXXXXXXXXX"),
        "AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY".into(),
        format!(
            "{eyj}hbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwiaWF0IjoxNTE2MjM5MDIyfQ.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c"
        ),
        "postgres://postgres:postgres@localhost:5432/app".into(),
        "postgres://app:dev-pass-93x@localhost:5432/app".into(),
        "postgres://user:password@db.shop.io/app".into(),
        "postgres://${USER}:${PASSWORD}@db.shop.io/app".into(),
        "mongodb+srv://<user>:<password>@cluster0.mongodb.net".into(),
        "mysql://root:DB_PASSWORD@db/shop".into(),
        "https://user:pass@example.com and ftp://me@files.shop.io and http://shop.io:8080/@maria".into(),
        "Authorization: Bearer YOUR_ACCESS_TOKEN_GOES_HERE_1".into(),
        "Bearer src/auth/OAuth2/BearerTokenProvider2.test.ts".into(),
        "Authorization: Basic dXNlcjpwYXNz".into(),
        "-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----".into(),
        "-----BEGIN CERTIFICATE-----".into(),
    ];
    for text in table {
        assert_eq!(find(&text), [], "{text}");
    }
}

#[test]
fn long_words_are_looked_at_once() {
    let mut draw = Draw(7);
    let size = 1 << 20;
    let key = filled("ghp_{L36}", &mut draw);
    let hard = [
        draw.text(BASE64, size),
        draw.text(URL, size),
        "sk-".repeat(size / 3),
        ".eyJeyJ".repeat(size / 7),
        "-----BEGIN RSA PRIVATE KEY-----\n".repeat(size / 32),
        "postgres://a:b".repeat(size / 14),
        "Bearer ".repeat(size / 7),
        "secret_access_key = ".repeat(size / 20),
        "😀".repeat(size / 4),
    ];
    for text in hard {
        let started = std::time::Instant::now();
        let units = text.encode_utf16().count() as u32;
        let expected = [KeyShape {
            from: units + 1,
            to: units + 41,
            kind: KeyKind::GitHub,
        }];
        assert_eq!(find(&format!("{text} {key}")), expected, "{}", &text[..20]);
        // A time that grows with the square would be minutes.
        assert!(started.elapsed().as_secs() < 10, "{}", &text[..20]);
    }
}

#[test]
fn only_the_beginning_of_what_is_too_long_is_looked_at() {
    let key = filled("ghp_{L36}\n", &mut Draw(3));
    assert_eq!(find(&key.repeat(MOST_FOUND + 5)).len(), MOST_FOUND);
    assert_eq!(find(&format!("{}{key}", "é".repeat(MOST_BYTES / 2))), []);
}

#[test]
fn keys_are_replaced_and_nothing_else_is() {
    let key = format!("crsr_{}", "0a1b2c3d".repeat(8));
    assert_eq!(
        replaced(&format!("a \u{e9} {key}, and {key}\n"), "[key]"),
        ("a \u{e9} [key], and [key]\n".to_owned(), 2)
    );
    assert_eq!(replaced("no key here", "[key]"), ("no key here".to_owned(), 0));
    let many = format!("{key}\n").repeat(MOST_FOUND + 2);
    let (words, count) = replaced(&many, "[key]");
    assert_eq!(
        (words, count),
        ("[key]\n".repeat(MOST_FOUND + 2), MOST_FOUND + 2),
        "however many there are"
    );
}
