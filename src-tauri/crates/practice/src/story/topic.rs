//! What a prompt is about: a component, its files and a short title.

use super::wish::place;

/// Words of prompts and the component they point to.
const COMPONENTS: [(&str, &str); 34] = [
    ("login", "SignInForm"),
    ("log in", "SignInForm"),
    ("sign in", "SignInForm"),
    ("sign-in", "SignInForm"),
    ("signin", "SignInForm"),
    ("password", "SignInForm"),
    ("sign up", "SignUpForm"),
    ("signup", "SignUpForm"),
    ("register", "SignUpForm"),
    ("checkout", "Checkout"),
    ("cart", "Cart"),
    ("pricing", "PricingTable"),
    ("dashboard", "Dashboard"),
    ("chart", "RevenueChart"),
    ("graph", "RevenueChart"),
    ("table", "DataTable"),
    ("settings", "SettingsPage"),
    ("profile", "ProfileCard"),
    ("avatar", "ProfileCard"),
    ("navigation", "NavigationBar"),
    ("navbar", "NavigationBar"),
    ("menu", "NavigationBar"),
    ("header", "PageHeader"),
    ("footer", "PageFooter"),
    ("sidebar", "Sidebar"),
    ("dialog", "Dialog"),
    ("modal", "Dialog"),
    ("tooltip", "Tooltip"),
    ("search", "SearchBox"),
    ("hero", "HeroSection"),
    ("landing", "HeroSection"),
    ("card", "Card"),
    ("form", "Form"),
    ("button", "Button"),
];

/// A component and where it lives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Topic {
    /// `SignInForm`
    pub(crate) component: String,
    /// `sign-in-form`
    pub(crate) kebab: String,
    /// `sign-in form`
    pub(crate) words: String,
}

impl Topic {
    /// The component that is named first in the prompt.
    pub(crate) fn of(prompt: &str) -> Self {
        let component = COMPONENTS
            .iter()
            .filter_map(|(word, component)| Some((place(prompt, word)?, *component)))
            .min_by_key(|(at, _)| *at)
            .map_or("Page", |(_, component)| component);
        let mut kebab = String::new();
        for (index, letter) in component.chars().enumerate() {
            if letter.is_uppercase() && index > 0 {
                kebab.push('-');
            }
            kebab.extend(letter.to_lowercase());
        }
        let words = match component {
            "SignInForm" => "sign-in form".to_owned(),
            "SignUpForm" => "sign-up form".to_owned(),
            _ => kebab.replace('-', " "),
        };
        Self {
            component: component.to_owned(),
            kebab,
            words,
        }
    }

    pub(crate) fn source(&self) -> String {
        format!("src/components/{}.tsx", self.component)
    }

    pub(crate) fn style(&self) -> String {
        format!("src/styles/{}.css", self.kebab)
    }

    pub(crate) fn test(&self) -> String {
        format!("src/components/{}.test.tsx", self.component)
    }

    /// Which page the picture of the result shows.
    pub(crate) fn screen(&self) -> Screen {
        match self.component.as_str() {
            "SignInForm" => Screen::SignIn,
            "SignUpForm" => Screen::SignUp,
            "Checkout" | "Cart" => Screen::Checkout,
            "SettingsPage" | "ProfileCard" => Screen::Settings,
            "Dialog" | "Form" => Screen::Contact,
            "Dashboard" | "RevenueChart" | "DataTable" | "Sidebar" | "SearchBox" => Screen::Dashboard,
            _ => Screen::Landing,
        }
    }
}

/// A page of the shop that all practice agents work on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Screen {
    SignIn,
    SignUp,
    Checkout,
    Settings,
    Contact,
    Dashboard,
    Landing,
}

/// A short title from a prompt: its first sentence without bracketed words, at most 60 characters.
pub(crate) fn title(prompt: &str) -> String {
    let mut plain = String::new();
    let mut depth = 0_u32;
    for letter in prompt.chars() {
        match letter {
            '[' => depth += 1,
            ']' => depth = depth.saturating_sub(1),
            _ if depth == 0 => plain.push(letter),
            _ => {}
        }
    }
    let words = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    let sentence = words
        .split_inclusive(['.', '!', '?'])
        .next()
        .unwrap_or_default()
        .trim_end_matches(['.', '!']);
    let mut short: String = sentence.chars().take(60).collect();
    if sentence.chars().count() > 60 {
        if let Some(space) = short.rfind(' ') {
            short.truncate(space);
        }
        short.push('…');
    }
    if short.trim().is_empty() {
        "Untitled task".to_owned()
    } else {
        short
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_the_prompt_name_the_files() {
        let topic = Topic::of("The Log in button is cut off");
        assert_eq!(
            (topic.source().as_str(), topic.style().as_str(), topic.words.as_str()),
            (
                "src/components/SignInForm.tsx",
                "src/styles/sign-in-form.css",
                "sign-in form"
            )
        );
        for (prompt, component) in [
            ("make it nicer", "Page"),
            ("The button in the header is too small", "Button"),
            ("A paragraph about our platform", "Page"),
            ("All cards are crooked", "Card"),
        ] {
            assert_eq!(Topic::of(prompt).component, component, "{prompt}");
        }
    }

    #[test]
    fn titles_are_short_and_without_commands() {
        assert_eq!(title("[slow] Fix the header. Then rest."), "Fix the header");
        assert_eq!(title("  [ask] "), "Untitled task");
        let long = title(&"word ".repeat(40));
        assert!(long.chars().count() <= 61 && long.ends_with("word…"), "{long}");
    }
}
