//! Whether a shell command runs tests, and whether its exit code says that it failed.

/// Words that only wrap the command that follows them.
const WRAPPERS: [&str; 22] = [
    "sudo", "time", "env", "npx", "bunx", "pnpx", "xvfb-run", "nice", "exec", "command", "dotenv", "uv", "poetry",
    "pipenv", "bundle", "run", "exec", "dlx", "-m", "-a", "--", "-s",
];

/// Programs that do nothing but run tests.
const RUNNERS: [&str; 22] = [
    "pytest",
    "py.test",
    "tox",
    "nox",
    "nose2",
    "unittest",
    "jest",
    "vitest",
    "mocha",
    "ava",
    "jasmine",
    "karma",
    "cypress",
    "rspec",
    "minitest",
    "phpunit",
    "pest",
    "ctest",
    "gotestsum",
    "bats",
    "nextest",
    "tap",
];

/// Programs that run tests when told to by one of their first words.
const TOLD: [&str; 27] = [
    "cargo",
    "npm",
    "pnpm",
    "yarn",
    "bun",
    "deno",
    "go",
    "make",
    "just",
    "mvn",
    "./mvnw",
    "gradle",
    "./gradlew",
    "sbt",
    "dotnet",
    "swift",
    "mix",
    "rake",
    "rails",
    "bazel",
    "flutter",
    "dart",
    "zig",
    "node",
    "playwright",
    "composer",
    "xcodebuild",
];

/// Programs that say "no" by the exit code 1.
const ASKED: [&str; 12] = [
    "grep", "egrep", "fgrep", "rg", "ag", "ack", "diff", "cmp", "test", "[", "[[", "pgrep",
];

/// Looks at each simple command of a line; enough to narrate, no more.
pub(super) fn runs_tests(command: &str) -> bool {
    simple(command).any(is_test)
}

/// Whether an exit code says that a command failed, and not only that nothing was found or something differs.
pub(super) fn is_failure(command: &str, code: i64) -> bool {
    code != 0 && !(code == 1 && simple(command).any(is_question))
}

fn simple(command: &str) -> impl Iterator<Item = &str> {
    command.split(['\n', ';', '|', '&', '(', ')'])
}

/// The words of a simple command, without what only wraps it.
fn words(simple: &str) -> impl Iterator<Item = &str> {
    let words = simple.split_whitespace().map(|word| word.trim_matches(['"', '\'']));
    words.skip_while(|word| WRAPPERS.contains(word) || is_assignment(word))
}

fn is_question(simple: &str) -> bool {
    let mut words = words(simple);
    let program = words.next().unwrap_or_default();
    match program.rsplit('/').next() {
        Some("git") => words.next().is_some_and(|word| matches!(word, "diff" | "grep")),
        program => program.is_some_and(|program| ASKED.contains(&program)),
    }
}

fn is_test(simple: &str) -> bool {
    let mut words = words(simple);
    let Some(path) = words.next() else {
        return false;
    };
    let program = path.rsplit('/').next().unwrap_or(path);
    let mut arguments = words.take(4);
    if RUNNERS.contains(&program) {
        return !arguments.any(|word| matches!(word, "--version" | "--help"));
    }
    if TOLD.contains(&program) || TOLD.contains(&path) {
        let mut arguments = arguments.peekable();
        let installs = ["install", "i", "add", "ci", "remove", "uninstall", "build", "publish"];
        return arguments.next_if(|word| installs.contains(word)).is_none() && arguments.any(names_tests);
    }
    let is_script = |word: &str| word.ends_with("manage.py") || word.ends_with("artisan");
    if program.starts_with("python") || program == "php" || program == "ruby" {
        let words: Vec<&str> = arguments.collect();
        let module = words
            .iter()
            .position(|word| *word == "-m")
            .and_then(|at| words.get(at + 1));
        return module.is_some_and(|module| RUNNERS.contains(module))
            || (words.first().is_some_and(|word| is_script(word)) && words.get(1) == Some(&"test"));
    }
    matches!(program, "test.sh" | "run-tests.sh" | "run_tests.sh" | "tests.sh")
}

/// `test`, `test:unit`, `nextest`, `--test`, `e2e:test`, `:app:test`.
fn names_tests(word: &str) -> bool {
    word.trim_start_matches('-')
        .split([':', '-'])
        .any(|part| matches!(part, "test" | "tests" | "nextest" | "vitest" | "jest" | "spec" | "t"))
        && !word.contains('/')
        && word != "-t"
}

fn is_assignment(word: &str) -> bool {
    word.split_once('=').is_some_and(|(name, _)| {
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_that_run_tests_are_told_from_others() {
        let tests = [
            "pytest -q",
            "cd api && python3 -m pytest tests/",
            "cargo test -p core",
            "cargo nextest run",
            "npm test",
            "npm run test:unit -- --watch=false",
            "CI=1 npx vitest run",
            "yarn jest",
            "pnpm exec playwright test",
            "go test ./...",
            "./gradlew :app:test",
            "bundle exec rspec spec/",
            "make test",
            "uv run pytest",
            "python manage.py test",
            "dotnet test",
            "node --test",
            "npm ci; npm test 2>&1 | tail -5",
            "./run-tests.sh",
            "bun test",
            "npx playwright test",
            "deno test",
        ];
        for command in tests {
            assert!(runs_tests(command), "{command}");
        }
        let others = [
            "ls",
            "npm install jest",
            "npm run build",
            "cargo build",
            "git commit -m 'add test'",
            "cat tests/a.py",
            "test -f package.json",
            "echo test",
            "pip install pytest",
            "pytest --version",
            "grep -r test .",
            "",
            "node test/server.js",
            "go build ./test",
            "rm -rf test",
        ];
        for command in others {
            assert!(!runs_tests(command), "{command}");
        }
    }

    #[test]
    fn one_is_no_failure_of_what_was_only_asked() {
        let cases = [
            ("npm run build", 1, true),
            ("npm test", 1, true),
            ("ls nowhere", 2, true),
            ("npm run build", 0, false),
            ("grep -rn color src", 1, false),
            ("cd web && LC_ALL=C /usr/bin/grep -c x y", 1, false),
            ("git diff --exit-code", 1, false),
            ("git push", 1, true),
            ("[ -f a ]", 1, false),
            ("grep -rn color src", 2, true),
            ("", 1, true),
        ];
        for (command, code, failed) in cases {
            assert_eq!(is_failure(command, code), failed, "{command}: {code}");
        }
    }
}
