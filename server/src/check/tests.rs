use lianxin_shared::texts::Lang;

use super::*;

/// Every message of the check has words for what the code puts into it, and every key that the code names has a message.
#[test]
fn every_finding_has_words() {
    let sources = [
        include_str!("mod.rs"),
        include_str!("backup.rs"),
        include_str!("certificate.rs"),
        include_str!("clock.rs"),
        include_str!("database.rs"),
        include_str!("disk.rs"),
    ];
    let mut keys = Vec::new();
    for source in sources {
        for call in ["::good(\"", "::notice(\"", "::wrong(\""] {
            let found = source.split(call).skip(1);
            keys.extend(found.filter_map(|rest| rest.split_once('"').map(|(key, _)| key)));
        }
    }
    assert!(keys.len() > 20, "{keys:?}");
    for lang in Lang::ALL {
        let texts = Texts::of(*lang);
        for key in &keys {
            assert!(texts.has(&format!("check-{key}")), "{lang:?}: check-{key}");
        }
    }
}

#[test]
fn a_clock_before_what_was_stored_is_behind() {
    let minute = 60_000;
    // Far ahead: the files of this machine are older.
    let now = Moment(4_000_000_000_000);
    let key = |last: i64| clock::check(now, Some(Moment(last)), &[]).key;
    assert_eq!(key(now.0), "clock");
    assert_eq!(key(now.0 + minute), "clock");
    assert_eq!(key(now.0 + 10 * minute), "clock-behind");
    assert_eq!(
        clock::check(Moment(0), None, &[]).key,
        "clock-behind",
        "this program is newer"
    );
}

#[test]
fn an_old_backup_is_wrong_and_none_is_worth_a_look() {
    let folder = tempfile::tempdir().unwrap();
    // 2026-11-26T00:00:00Z
    let now = Moment(1_795_651_200_000);
    let key = |in_database: Option<i64>, text: Option<&str>| {
        if let Some(text) = text {
            std::fs::write(folder.path().join("last-backup"), text).unwrap();
        }
        backup::check(in_database.map(Moment), in_folder(folder.path()), now).key
    };
    assert_eq!(key(None, None), "backup-none");
    assert_eq!(key(Some(now.0 - 1_000), None), "backup");
    assert_eq!(key(Some(1), None), "backup-old");
    assert_eq!(key(None, Some("2026-11-25T12:00:00Z\n")), "backup");
    assert_eq!(key(Some(1), None), "backup", "the later one counts");
    assert_eq!(key(None, Some("2026-11-20T12:00:00+08:00")), "backup-old");
    assert_eq!(key(None, Some("yesterday")), "backup-unreadable");
}

#[test]
fn what_cannot_be_stored_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let keys = |path: &Path| -> Vec<_> { disk::check(path).0.iter().map(|finding| finding.key).collect() };
    assert!(keys(folder.path()).contains(&"folder"));
    assert_eq!(keys(&folder.path().join("none")), ["folder-missing"]);
    let file = folder.path().join("lianxin.sqlite");
    std::fs::write(&file, "").unwrap();
    assert!(keys(folder.path()).contains(&"folder"));
    assert_eq!(keys(&file), ["folder-unreadable"]);
}
