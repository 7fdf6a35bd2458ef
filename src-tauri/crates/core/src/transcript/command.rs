//! Whether a shell command runs tests.

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

/// Looks at each simple command of a line; enough to narrate, no more.
pub(super) fn runs_tests(command: &str) -> bool {
    command.split(['\n', ';', '|', '&', '(', ')']).any(is_test)
}

fn is_test(simple: &str) -> bool {
    let mut words = simple
        .split_whitespace()
        .map(|word| word.trim_matches(['"', '\'']))
        .peekable();
    while words
        .next_if(|word| WRAPPERS.contains(word) || is_assignment(word))
        .is_some()
    {}
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
}
