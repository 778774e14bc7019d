//! Where inputs were sought.

use std::path::Path;

use super::location;

/// The places that inputs were sought in: a file of an earlier run that lay there and is not found any more has vanished.
#[derive(Clone, Debug, Default)]
pub struct Roots {
    folders: Vec<String>,
    patterns: Vec<glob::Pattern>,
}

impl Roots {
    /// Those of the inputs as given; a list on standard input has none.
    #[must_use]
    pub fn of(inputs: &[String]) -> Self {
        let mut roots = Self::default();
        for input in inputs.iter().filter(|i| *i != "-") {
            let path = Path::new(input);
            if path.is_dir() {
                roots.folders.push(format!("{}/", location(path)));
            } else if path.symlink_metadata().is_err()
                && let Ok(pattern) = glob::Pattern::new(&location(path))
            {
                roots.patterns.push(pattern);
            }
        }
        roots
    }

    /// Whether a file at `location` would have been found if it were there.
    #[must_use]
    pub fn cover(&self, location: &str) -> bool {
        let mut above = Path::new(location).ancestors();
        self.folders.iter().any(|f| location.starts_with(f))
            || above.any(|a| self.patterns.iter().any(|p| p.matches_path(a)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roots_cover_what_lies_in_them() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join("a/b")).unwrap();
        let below = |name: &str| location(&folder.path().join(name));
        let roots = |input: &str| Roots::of(&[below(input)]);
        assert!(roots("a").cover(&below("a/b/1.txt")) && !roots("a").cover(&below("ab/1.txt")));
        assert!(
            roots("a/*.txt").cover(&below("a/1.txt")) && !roots("a/*.txt").cover(&below("a/1.pdf"))
        );
        assert!(
            roots("a*").cover(&below("a/b/1.txt")),
            "a folder that the pattern finds is read in full"
        );
        assert!(!Roots::of(&["-".to_owned()]).cover(&below("a/1.txt")));
    }
}
