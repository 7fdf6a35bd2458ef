//! What does not leave this computer in a file that is given away.

use crate::key_shapes;

/// Takes out what looks like a key, and the folders of the user.
#[derive(Debug, Default)]
pub struct Private {
    folders: Vec<String>,
    placeholder: String,
}

impl Private {
    /// `folders` are called `~` in the file, the longest first; `placeholder` stands where something looked like a key.
    pub fn new(folders: impl IntoIterator<Item = String>, placeholder: String) -> Self {
        let mut folders: Vec<String> = folders
            .into_iter()
            .map(|folder| folder.trim_end_matches(['/', '\\']).to_owned())
            // The root of the disk says nothing of anybody.
            .filter(|folder| folder.len() > 2)
            .collect();
        folders.sort_by_key(|folder| std::cmp::Reverse(folder.len()));
        Self { folders, placeholder }
    }

    /// The words without either.
    pub(crate) fn clean(&self, text: &str) -> String {
        let (mut clean, _) = key_shapes::replaced(text, &self.placeholder);
        for folder in &self.folders {
            if clean.contains(folder.as_str()) {
                clean = clean.replace(folder.as_str(), "~");
            }
        }
        clean
    }

    /// An address without either; none where it held one, for what is left of it leads nowhere.
    pub(super) fn address<'a>(&self, url: &'a str) -> Option<&'a str> {
        (self.clean(url) == url).then_some(url)
    }
}
