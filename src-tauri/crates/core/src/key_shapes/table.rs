//! The keys that are told by their beginning: prefix, alphabet and length as their makers publish them.

use super::{Span, likeness::is_drawn, run};
use crate::model::KeyKind;

/// One kind of key. Longer prefixes stand before shorter ones that begin alike.
struct Shape {
    kind: KeyKind,
    prefix: &'static str,
    parts: &'static [Part],
}

/// A run of characters of one alphabet, behind a fixed text.
struct Part {
    after: &'static str,
    of: fn(u8) -> bool,
    least: usize,
    most: usize,
}

const fn shape(kind: KeyKind, prefix: &'static str, parts: &'static [Part]) -> Shape {
    Shape { kind, prefix, parts }
}

const fn part(after: &'static str, of: fn(u8) -> bool, least: usize, most: usize) -> Part {
    Part { after, of, least, most }
}

const fn letters(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
}

const fn hex(byte: u8) -> bool {
    byte.is_ascii_hexdigit()
}

const fn digits(byte: u8) -> bool {
    byte.is_ascii_digit()
}

/// The alphabet of Base64 for addresses.
const fn url(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')
}

/// The alphabet of Base32.
const fn base32(byte: u8) -> bool {
    matches!(byte, b'A'..=b'Z' | b'2'..=b'7')
}

const HEX_32: &[Part] = &[part("", hex, 32, 32)];
const HEX_64: &[Part] = &[part("", hex, 64, 64)];
const GITHUB: &[Part] = &[part("", letters, 36, 251)];
const GITLAB: &[Part] = &[part("", url, 20, 64)];
const SLACK: &[Part] = &[part("", url, 40, 250)];
const STRIPE: &[Part] = &[part("", letters, 16, 247)];
const OPEN_AI: &[Part] = &[part("", url, 40, 250)];
const DISCORD_HOOK: &[Part] = &[part("", digits, 15, 22), part("/", url, 60, 80)];
const DISCORD_BOT: &[Part] = &[part("", letters, 23, 27), part(".", url, 6, 6), part(".", url, 27, 40)];
const AMAZON: &[Part] = &[part("", base32, 16, 16)];
const VAULT: &[Part] = &[part("", url, 24, 300)];
const DOPPLER: &[Part] = &[part("", letters, 40, 44)];
const PLANET_SCALE: &[Part] = &[part("", url, 32, 64)];

/// GitHub's tokens end in a checksum. It is not asked for: a token with a slip, or of a form to come, is a secret too.
const SHAPES: &[Shape] = &[
    shape(KeyKind::Cursor, "crsr_", HEX_64),
    shape(KeyKind::Cursor, "key_", HEX_64),
    shape(KeyKind::GitHub, "github_pat_", &[part("", url, 40, 244)]),
    shape(KeyKind::GitHub, "ghp_", GITHUB),
    shape(KeyKind::GitHub, "gho_", GITHUB),
    shape(KeyKind::GitHub, "ghu_", GITHUB),
    shape(KeyKind::GitHub, "ghs_", GITHUB),
    shape(KeyKind::GitHub, "ghr_", GITHUB),
    shape(
        KeyKind::GitLab,
        "glpat-",
        &[
            part("", url, 20, 300),
            part(".", letters, 2, 2),
            part(".", letters, 9, 9),
        ],
    ),
    shape(KeyKind::GitLab, "glpat-", GITLAB),
    shape(KeyKind::GitLab, "gldt-", GITLAB),
    shape(KeyKind::GitLab, "glrt-", GITLAB),
    shape(KeyKind::GitLab, "glptt-", GITLAB),
    shape(KeyKind::GitLab, "glcbt-", GITLAB),
    shape(KeyKind::GitLab, "gloas-", GITLAB),
    shape(KeyKind::GitLab, "glagent-", GITLAB),
    shape(KeyKind::Amazon, "AKIA", AMAZON),
    shape(KeyKind::Amazon, "ASIA", AMAZON),
    shape(KeyKind::Amazon, "ABIA", AMAZON),
    shape(KeyKind::Amazon, "ACCA", AMAZON),
    shape(KeyKind::Google, "AIza", &[part("", url, 35, 35)]),
    shape(KeyKind::Google, "GOCSPX-", &[part("", url, 28, 28)]),
    shape(KeyKind::Google, "ya29.", &[part("", url, 40, 2048)]),
    shape(KeyKind::Anthropic, "sk-ant-", &[part("", url, 60, 200)]),
    shape(KeyKind::ModelService, "sk-or-v1-", HEX_64),
    shape(KeyKind::OpenAi, "sk-proj-", OPEN_AI),
    shape(KeyKind::OpenAi, "sk-svcacct-", OPEN_AI),
    shape(KeyKind::OpenAi, "sk-admin-", OPEN_AI),
    shape(KeyKind::OpenAi, "sk-", &[part("", letters, 48, 48)]),
    shape(KeyKind::ModelService, "sk-", HEX_32),
    shape(KeyKind::ModelService, "gsk_", &[part("", letters, 52, 52)]),
    shape(KeyKind::ModelService, "xai-", &[part("", letters, 80, 80)]),
    shape(KeyKind::ModelService, "pplx-", &[part("", letters, 48, 56)]),
    shape(KeyKind::ModelService, "r8_", &[part("", letters, 37, 37)]),
    shape(KeyKind::HuggingFace, "hf_", &[part("", letters, 34, 37)]),
    shape(KeyKind::Slack, "xoxb-", SLACK),
    shape(KeyKind::Slack, "xoxp-", SLACK),
    shape(KeyKind::Slack, "xoxa-", SLACK),
    shape(KeyKind::Slack, "xoxr-", SLACK),
    shape(KeyKind::Slack, "xoxs-", SLACK),
    shape(KeyKind::Slack, "xoxc-", SLACK),
    shape(KeyKind::Slack, "xoxe-", SLACK),
    shape(KeyKind::Slack, "xapp-", SLACK),
    shape(
        KeyKind::Slack,
        "hooks.slack.com/services/",
        &[
            part("T", letters, 8, 12),
            part("/B", letters, 8, 12),
            part("/", letters, 24, 24),
        ],
    ),
    shape(KeyKind::Discord, "discord.com/api/webhooks/", DISCORD_HOOK),
    shape(KeyKind::Discord, "discordapp.com/api/webhooks/", DISCORD_HOOK),
    shape(KeyKind::Discord, "M", DISCORD_BOT),
    shape(KeyKind::Discord, "N", DISCORD_BOT),
    shape(KeyKind::Stripe, "sk_live_", STRIPE),
    shape(KeyKind::Stripe, "rk_live_", STRIPE),
    shape(KeyKind::Stripe, "sk_test_", STRIPE),
    shape(KeyKind::Stripe, "rk_test_", STRIPE),
    shape(KeyKind::Stripe, "whsec_", &[part("", letters, 32, 64)]),
    shape(KeyKind::Square, "sq0atp-", &[part("", url, 22, 22)]),
    shape(KeyKind::Square, "sq0csp-", &[part("", url, 43, 43)]),
    shape(KeyKind::Shopify, "shpat_", HEX_32),
    shape(KeyKind::Shopify, "shpca_", HEX_32),
    shape(KeyKind::Shopify, "shppa_", HEX_32),
    shape(KeyKind::Shopify, "shpss_", HEX_32),
    shape(KeyKind::Npm, "npm_", &[part("", letters, 36, 36)]),
    shape(KeyKind::PyPi, "pypi-AgEIcHlwaS5vcmc", &[part("", url, 50, 1000)]),
    shape(KeyKind::RubyGems, "rubygems_", &[part("", hex, 48, 48)]),
    shape(KeyKind::Docker, "dckr_pat_", &[part("", url, 27, 27)]),
    shape(KeyKind::Docker, "dckr_oat_", &[part("", url, 32, 32)]),
    shape(KeyKind::DigitalOcean, "dop_v1_", HEX_64),
    shape(KeyKind::DigitalOcean, "doo_v1_", HEX_64),
    shape(KeyKind::DigitalOcean, "dor_v1_", HEX_64),
    shape(KeyKind::Databricks, "dapi", HEX_32),
    shape(KeyKind::Supabase, "sbp_", &[part("", hex, 40, 40)]),
    shape(KeyKind::Supabase, "sb_secret_", &[part("", url, 28, 40)]),
    shape(KeyKind::PlanetScale, "pscale_tkn_", PLANET_SCALE),
    shape(KeyKind::PlanetScale, "pscale_pw_", PLANET_SCALE),
    shape(
        KeyKind::SendGrid,
        "SG.",
        &[part("", url, 22, 22), part(".", url, 43, 43)],
    ),
    shape(KeyKind::Linear, "lin_api_", &[part("", letters, 40, 40)]),
    shape(KeyKind::Linear, "lin_oauth_", HEX_64),
    shape(KeyKind::Notion, "ntn_", &[part("", letters, 43, 50)]),
    shape(KeyKind::Notion, "secret_", &[part("", letters, 43, 43)]),
    shape(KeyKind::Figma, "figd_", &[part("", url, 38, 50)]),
    shape(
        KeyKind::Airtable,
        "pat",
        &[part("", letters, 14, 14), part(".", hex, 64, 64)],
    ),
    shape(
        KeyKind::Atlassian,
        "ATATT3xFfGF0",
        &[part("", url, 100, 300), part("=", hex, 8, 8)],
    ),
    shape(KeyKind::Atlassian, "ATATT3xFfGF0", &[part("", url, 100, 300)]),
    shape(
        KeyKind::Postman,
        "PMAK-",
        &[part("", hex, 24, 24), part("-", hex, 34, 34)],
    ),
    shape(KeyKind::Sentry, "sntryu_", HEX_64),
    shape(
        KeyKind::Sentry,
        "sntrys_eyJ",
        &[part("", url, 60, 500), part("=_", url, 43, 43)],
    ),
    shape(
        KeyKind::Sentry,
        "sntrys_eyJ",
        &[part("", url, 60, 500), part("==_", url, 43, 43)],
    ),
    shape(KeyKind::Sentry, "sntrys_eyJ", &[part("", url, 60, 500)]),
    shape(
        KeyKind::Grafana,
        "glsa_",
        &[part("", letters, 32, 32), part("_", hex, 8, 8)],
    ),
    shape(KeyKind::NewRelic, "NRAK-", &[part("", letters, 27, 27)]),
    shape(KeyKind::HashiCorp, "hvs.", VAULT),
    shape(KeyKind::HashiCorp, "hvb.", VAULT),
    shape(KeyKind::Doppler, "dp.pt.", DOPPLER),
    shape(KeyKind::Doppler, "dp.st.", DOPPLER),
    shape(KeyKind::PrivateKey, "AGE-SECRET-KEY-1", &[part("", letters, 58, 58)]),
    shape(
        KeyKind::SignedToken,
        "eyJ",
        &[
            part("", url, 14, 4096),
            part(".eyJ", url, 10, 16384),
            part(".", url, 20, 2048),
        ],
    ),
];

/// The payload of the token that tutorials and jwt.io show.
const TUTORIAL: &[u8] = b".eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6Ikpv";

/// The key that begins at a place, if one does.
pub(super) fn key_at(bytes: &[u8], start: usize) -> Option<Span> {
    let rest = bytes.get(start..)?;
    SHAPES.iter().find_map(|shape| {
        let body = rest.strip_prefix(shape.prefix.as_bytes())?;
        let length = shape.length(body)?;
        let body = body.get(..length)?;
        let shown = shape.kind == KeyKind::SignedToken && body.windows(TUTORIAL.len()).any(|part| part == TUTORIAL);
        (is_drawn(body) && !shown).then_some(Span {
            from: start,
            to: start + shape.prefix.len() + length,
            kind: shape.kind,
        })
    })
}

impl Shape {
    /// How long the part behind the prefix is, if it has this shape.
    fn length(&self, body: &[u8]) -> Option<usize> {
        let mut at = 0;
        for part in self.parts {
            let rest = body.get(at..)?.strip_prefix(part.after.as_bytes())?;
            let length = run(rest, part.of);
            if !(part.least..=part.most).contains(&length) {
                return None;
            }
            at += part.after.len() + length;
        }
        // It is not the beginning of something else.
        let ends = body.get(at).is_none_or(|next| !next.is_ascii_alphanumeric());
        ends.then_some(at)
    }
}
