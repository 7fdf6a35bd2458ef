//! Addresses of repositories in any spelling, brought to one: `https://host/owner/name`. Pure.

use crate::model::Failure;

/// Brings an address to one spelling, or says that it is none.
///
/// Takes `https://…`, `http://…`, `git@host:owner/name.git`, `ssh://git@host/owner/name`, `host/owner/name` and,
/// for GitHub, `owner/name`; pages inside a repository (`/tree/main`, `/pull/3`) lead to it.
pub(crate) fn normalize(text: &str) -> Result<String, Failure> {
    let refused = || Failure::RepositoryMalformed {
        text: text.trim().chars().take(120).collect(),
    };
    let trimmed = text.trim().trim_end_matches('/');
    if trimmed.is_empty() || trimmed.len() > 2048 || trimmed.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return Err(refused());
    }
    let (host, path) = split(trimmed).ok_or_else(refused)?;
    let host = host.to_ascii_lowercase();
    let host = host.strip_prefix("www.").unwrap_or(&host);
    let mut parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    let keep = kept_parts(host, &parts).ok_or_else(refused)?;
    parts.truncate(keep);
    if let Some(last) = parts.last_mut() {
        *last = last.strip_suffix(".git").unwrap_or(last);
    }
    let plain = |part: &str| {
        !matches!(part, "" | "." | "..")
            && part
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '~' | '%' | '+'))
    };
    if !is_host(host) || !parts.iter().copied().all(plain) {
        return Err(refused());
    }
    Ok(format!("https://{host}/{}", parts.join("/")))
}

/// Host and path of any spelling.
fn split(text: &str) -> Option<(String, String)> {
    if let Some((scheme, rest)) = text.split_once("://") {
        if !matches!(scheme.to_ascii_lowercase().as_str(), "https" | "http" | "ssh" | "git") {
            return None;
        }
        let (authority, path) = rest.split_once('/')?;
        let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
        let host = match scheme.to_ascii_lowercase().as_str() {
            // The port of SSH says nothing of the page on the web.
            "ssh" | "git" => host.split(':').next().unwrap_or(host),
            _ => host,
        };
        let path = path.split(['?', '#']).next().unwrap_or(path);
        return Some(web_form(host, path));
    }
    if let Some((user_host, path)) = text.split_once(':') {
        let host = user_host.rsplit_once('@').map_or(user_host, |(_, host)| host);
        return (host.contains('.') && !path.starts_with('/')).then(|| web_form(host, path));
    }
    let (first, rest) = text.split_once('/')?;
    if first.contains('.') {
        return Some(web_form(first, rest));
    }
    // Two plain words are the short spelling of a GitHub repository.
    (!rest.contains('/')).then(|| ("github.com".to_owned(), text.to_owned()))
}

/// Azure writes SSH addresses differently from those on the web.
fn web_form(host: &str, path: &str) -> (String, String) {
    if host.eq_ignore_ascii_case("ssh.dev.azure.com") {
        let parts: Vec<&str> = path.trim_start_matches("v3/").split('/').collect();
        if let [organization, project, name] = parts.as_slice() {
            return (
                "dev.azure.com".to_owned(),
                format!("{organization}/{project}/_git/{name}"),
            );
        }
    }
    (host.to_owned(), path.to_owned())
}

/// How many parts of the path name the repository; none when there are too few.
fn kept_parts(host: &str, parts: &[&str]) -> Option<usize> {
    if let Some(marker) = parts.iter().position(|part| *part == "_git") {
        return (parts.len() > marker + 1).then_some(marker + 2);
    }
    if matches!(host, "github.com" | "bitbucket.org") {
        return (parts.len() >= 2).then_some(2);
    }
    // GitLab nests groups; `/-/` begins a page inside the repository.
    let end = parts.iter().position(|part| *part == "-").unwrap_or(parts.len());
    (end >= 2).then_some(end)
}

fn is_host(host: &str) -> bool {
    let name = host.split(':').next().unwrap_or_default();
    name.contains('.')
        && name.len() <= 253
        && name.split('.').all(|label| {
            !label.is_empty() && !label.starts_with('-') && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
        })
        && host.split_once(':').is_none_or(|(_, port)| port.parse::<u16>().is_ok())
}

/// A branch name that git would take (git-check-ref-format), or the failure; empty stays empty.
pub(crate) fn check_branch(text: &str) -> Result<String, Failure> {
    let branch = text.trim();
    let refused = || Failure::BranchMalformed {
        branch: branch.chars().take(120).collect(),
    };
    let forbidden =
        |c: char| c.is_whitespace() || c.is_control() || matches!(c, '~' | '^' | ':' | '?' | '*' | '[' | '\\');
    let bad = branch.len() > 250
        || branch.chars().any(forbidden)
        || branch.contains("..")
        || branch.contains("@{")
        || branch.contains("//")
        || branch == "@"
        || branch.starts_with(['/', '-', '.'])
        || branch.ends_with(['/', '.'])
        || branch
            .split('/')
            .any(|part| part.starts_with('.') || std::path::Path::new(part).extension().is_some_and(|e| e == "lock"));
    if bad { Err(refused()) } else { Ok(branch.to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_becomes_one() {
        let cases = [
            ("https://github.com/acme/web", "https://github.com/acme/web"),
            ("http://www.github.com/acme/web.git/", "https://github.com/acme/web"),
            ("git@github.com:acme/web.git", "https://github.com/acme/web"),
            (
                "ssh://git@gitlab.example.com:2222/group/sub/web.git",
                "https://gitlab.example.com/group/sub/web",
            ),
            (
                "https://gitlab.com/group/sub/web/-/tree/main",
                "https://gitlab.com/group/sub/web",
            ),
            ("https://github.com/acme/web/pull/12?x=1", "https://github.com/acme/web"),
            ("https://user@bitbucket.org/acme/web", "https://bitbucket.org/acme/web"),
            (
                "https://dev.azure.com/acme/shop/_git/web",
                "https://dev.azure.com/acme/shop/_git/web",
            ),
            (
                "git@ssh.dev.azure.com:v3/acme/shop/web",
                "https://dev.azure.com/acme/shop/_git/web",
            ),
            ("github.com/acme/web", "https://github.com/acme/web"),
            ("acme/web", "https://github.com/acme/web"),
        ];
        for (given, expected) in cases {
            assert_eq!(
                normalize(given),
                Ok(expected.to_owned()),
                "{given} names that repository"
            );
        }
    }

    #[test]
    fn what_is_not_a_repository_is_refused() {
        for given in [
            "",
            "hello",
            "file:///etc/passwd",
            "https://github.com/acme",
            "javascript:alert(1)",
            "https://github.com/../x",
            "a b/c",
            "https://exa mple.com/a/b",
            "-x.com/a/b",
        ] {
            assert!(normalize(given).is_err(), "{given:?} is no address of a repository");
        }
    }

    #[test]
    fn branches_follow_the_rules_of_git() {
        for good in ["", "main", "feature/a-b", "release/1.2"] {
            assert_eq!(check_branch(good), Ok(good.to_owned()), "git takes {good:?}");
        }
        for bad in ["a b", "a..b", "-x", "x.lock", "a//b", "a/", "a~b", "@", "a@{b"] {
            assert!(check_branch(bad).is_err(), "git refuses {bad:?}");
        }
    }
}
