//! How SQLite keeps a store whole when the program or the machine stops.

use std::path::Path;

/// How changes are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Journal {
    /// To a log beside the file that is merged in later: readers and the writer do not wait for each other. Needs memory that processes
    /// share, so it works on a disk of this machine only (<https://sqlite.org/wal.html>).
    Wal,
    /// To the file, with what was there before beside it: slower, and works on network shares as far as their locks do.
    Rollback,
}

impl Journal {
    /// What fits the file system of a folder.
    #[must_use]
    pub fn for_directory(directory: &Path) -> Self {
        match shared_file_system(directory) {
            Some(_) => Self::Rollback,
            None => Self::Wal,
        }
    }

    pub(super) const fn pragma(self) -> &'static str {
        match self {
            Self::Wal => "WAL",
            Self::Rollback => "TRUNCATE",
        }
    }
}

/// The name of the file system of a folder, where other machines may write to it, too; none for a local one, or where it cannot be told.
#[must_use]
pub fn shared_file_system(directory: &Path) -> Option<&'static str> {
    #[cfg(target_os = "linux")]
    {
        let magic = rustix::fs::statfs(directory).ok()?.f_type;
        // Its type differs between machines; all numbers have 32 bits.
        shared(magic as u32)
    }
    #[cfg(not(target_os = "linux"))]
    {
        let _ = directory;
        None
    }
}

/// File systems that other machines may write to, by the numbers of `statfs(2)`.
#[cfg(any(target_os = "linux", test))]
fn shared(magic: u32) -> Option<&'static str> {
    const SHARED: [(u32, &str); 11] = [
        (0x6969, "NFS"),
        (0xFF53_4D42, "CIFS"),
        (0xFE53_4D42, "SMB"),
        (0x517B, "SMB"),
        (0x6573_5546, "FUSE"),
        (0x0102_1997, "9P"),
        (0x5346_414F, "AFS"),
        (0x6B41_4653, "AFS"),
        (0x7375_7245, "Coda"),
        (0x00C3_6400, "Ceph"),
        (0x0BD0_0BD0, "Lustre"),
    ];
    SHARED
        .iter()
        .find(|(m, _)| *m == magic)
        .map(|(_, name)| *name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn network_shares_are_told_by_their_numbers() {
        assert_eq!(shared(0x6969), Some("NFS"));
        assert_eq!(shared(0xFE53_4D42), Some("SMB"));
        for local in [0xEF53, 0x0102_1994, 0x5846_5342, 0x9123_683E, 0x794C_7630] {
            assert_eq!(shared(local), None, "ext4, tmpfs, xfs, btrfs, overlay");
        }
        let folder = tempfile::tempdir().unwrap();
        if shared_file_system(folder.path()).is_none() {
            assert_eq!(Journal::for_directory(folder.path()), Journal::Wal);
        }
    }
}
