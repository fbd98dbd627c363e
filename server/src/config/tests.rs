use super::file::parse;
use super::raw::Raw;
use super::*;

fn config(text: &str) -> Result<Config, ConfigError> {
    Config::of(parse(text).unwrap())
}

#[test]
fn what_does_not_go_together_is_refused() {
    use ConfigError::*;
    for (text, expected) in [
        ("[store]\ndata = 'a'\ndatabase = 'b'", TwoPlaces),
        ("[tls]\nkey = 'k'", HalfCertificate),
        ("[tls]\ncertificate = 'c'", HalfCertificate),
        (
            "[tls]\ncertificate = 'c'\nkey = 'k'\n[acme]\ndomains = ['a.example']",
            TwoCertificates,
        ),
        ("[acme]\ncontact = 'a@a.example'", NoDomains),
        ("[listen]\nredirect = '[::]:80'", RedirectToPlain),
        ("[backup]\nfor = ['age1']", BackupNowhere),
        ("[backup]\nto = 'b'", BackupForNobody),
        (
            "[store]\ndatabase = 'a'\n[[district]]\nname = 'a'\nhosts = ['a.example']",
            DatabaseOfAll,
        ),
        (
            "[[district]]\nname = 'a'\nhosts = ['a.example']\ndata = 'a'\ndatabase = 'a'",
            TwoPlaces,
        ),
        (
            "[[district]]\nname = 'a'\nhosts = []",
            NoHosts("a".parse().unwrap()),
        ),
        (
            "[[district]]\nname = 'a'\nhosts = ['a.example']\n[[district]]\nname = 'a'\nhosts = ['b.example']",
            DistrictTwice("a".parse().unwrap()),
        ),
        (
            "[backup]\nto = '/b'\nfor = ['age1']\n[[district]]\nname = 'a'\nhosts = ['a.example']\n[[district]]\nname = 'b'\nhosts = ['b.example']\nbackup.to = '/b/a/'",
            BackupTwice("b".parse().unwrap()),
        ),
        (
            "[[district]]\nname = 'a'\nhosts = ['x.example']\n[[district]]\nname = 'b'\nhosts = ['X.example.']",
            HostTwice("x.example".parse().unwrap()),
        ),
    ] {
        assert_eq!(config(text).err(), Some(expected), "{text}");
    }
}

#[test]
fn what_a_command_says_is_what_it_works_on() {
    let far = || {
        parse("[[district]]\nname = 'far'\nhosts = ['far.example']\ndata = '/mnt/far'\nbackup.to = '/b'")
            .unwrap()
    };
    let flags = || raw::Store {
        data: Some("/tmp/trial".into()),
        database: None,
    };
    let refused = Installation::named(flags(), far()).err();
    assert_eq!(
        refused,
        Some(ConfigError::PlaceOfDistrict("far".parse().unwrap()))
    );
    // Backups that are described by half hold up nothing that makes none.
    let named = Installation::named(raw::Store::default(), far()).unwrap();
    assert!(matches!(named.store, Place::Folder(folder) if folder.as_os_str() == "/mnt/far"));
    let made = Installation::with_backups(raw::Store::default(), far()).err();
    assert_eq!(made, Some(ConfigError::BackupForNobody));
}

#[test]
fn what_is_left_out_is_filled_in() {
    let config = config("").unwrap();
    assert!(
        matches!(config.served, Served::Alone(Installation { store: Place::Folder(folder), .. }) if folder.as_os_str() == "data")
    );
    assert_eq!(config.listen.address.to_string(), "127.0.0.1:8080");
    assert_eq!(config.listen.security, Security::Plain);
}

#[test]
fn a_mistake_names_its_line_and_no_value() {
    let secret = "postgres://lianxin:geheim@db/lianxin";
    for (text, line, part) in [
        (format!("\n[store]\ndatabse = '{secret}'"), 3, "`databse`"),
        (format!("# a\nstore = '{secret}'"), 2, "not"),
        ("[listen]\naddress = 8080".to_owned(), 2, "not"),
        ("[listen]\n\naddress = 'here'".to_owned(), 3, "address"),
        ("[proxy]\nnetworks = ['all']".to_owned(), 2, "network"),
        ("[proxy]\nheader = 'via'".to_owned(), 2, "`forwarded`"),
        (format!("[store]\ndatabase = '{secret}"), 2, "string"),
        ("[tsl]".to_owned(), 1, "`tsl`"),
        ("[[district]]\nname = 'A b'\nhosts = []".to_owned(), 2, "a-z"),
        ("[[district]]\nname = 'a'\nhosts = ['a:80']".to_owned(), 3, "port"),
        (
            format!("[[district]]\nname = 'a'\nbase = '{secret}'"),
            3,
            "`base`",
        ),
    ] {
        let (at, reason) = parse(&text).err().unwrap();
        assert_eq!(at, line, "{text}: {reason}");
        assert!(reason.contains(part), "{text}: {reason}");
        assert!(!reason.contains("geheim"), "{reason}");
    }
}

#[test]
fn flags_are_stronger_than_the_file() {
    let file = || parse("[store]\ndatabase = 'postgres://db'\n[proxy]\nnetworks = ['10.0.0.0/8']").unwrap();
    let mut flags = Raw::default();
    flags.store.data = Some("here".into());
    let both = Config::of(flags.or(file())).unwrap();
    assert!(
        matches!(both.served, Served::Alone(Installation { store: Place::Folder(folder), .. }) if folder.as_os_str() == "here")
    );
    let alone = Config::of(Raw::default().or(file())).unwrap();
    assert!(matches!(
        alone.served,
        Served::Alone(Installation {
            store: Place::Database(_),
            ..
        })
    ));
}

#[test]
fn districts_lie_beside_each_other_unless_they_say_where() {
    let text = "[store]\ndata = '/var/lib/lianxin'
        [[district]]\nname = 'east'\nhosts = ['East.example', 'old.example']
        [[district]]\nname = 'west'\nhosts = ['west.example']\ndatabase = 'postgres://west'
        [[district]]\nname = 'far'\nhosts = ['far.example']\ndata = '/mnt/far'";
    let Served::ByHost(districts) = config(text).unwrap().served else {
        panic!("there are several");
    };
    let files: Vec<_> = districts
        .iter()
        .map(|one| one.installation.files.clone())
        .collect();
    let folders = ["/var/lib/lianxin/east/files", "files/west", "/mnt/far/files"];
    assert_eq!(files, folders.map(|folder| FilesPlace::Folder(folder.into())));
    let places = districts.iter().map(|district| {
        let hosts: Vec<_> = district.hosts.iter().map(Host::as_str).collect();
        let place = match &district.installation.store {
            Place::Folder(folder) => folder.to_str().unwrap(),
            Place::Database(address) => address.reveal(),
        };
        (district.name.as_str(), hosts, place)
    });
    let expected = [
        (
            "east",
            vec!["east.example", "old.example"],
            "/var/lib/lianxin/east",
        ),
        ("west", vec!["west.example"], "postgres://west"),
        ("far", vec!["far.example"], "/mnt/far"),
    ];
    assert!(places.eq(expected));
}

#[test]
fn each_district_has_backups_of_its_own() {
    let text = "[files]\nfiles = 's3://files'\n[backup]\nto = 's3://bucket/'\nfor = ['age1all']\nkeep = 'hourly 1'\nevery = '30m'
        [[district]]\nname = 'east'\nhosts = ['east.example']
        [[district]]\nname = 'west'\nhosts = ['west.example']
        [district.backup]\nto = '/mnt/west'\nfor = ['age1west']";
    let Served::ByHost(districts) = config(text).unwrap().served else {
        panic!("there are several");
    };
    let backups = districts.into_iter().map(|district| {
        let files = format!("s3://files/{}", district.name);
        assert_eq!(district.installation.files, FilesPlace::Bucket(files));
        let backup = district.installation.backup.unwrap();
        assert_eq!((backup.keep.hourly, backup.every.as_mins()), (1, 30));
        (backup.to, backup.recipients.concat())
    });
    let expected = [("s3://bucket/east", "age1all"), ("/mnt/west", "age1west")];
    assert!(backups.eq(expected.map(|(to, whom)| (to.to_owned(), whom.to_owned()))));
}

#[test]
fn what_is_done_to_one_district_names_it() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("lianxin.toml");
    let text =
        "[[district]]\nname = 'a'\nhosts = ['a.example']\n[[district]]\nname = 'b'\nhosts = ['b.example']";
    std::fs::write(&file, text).unwrap();
    let place = |district: Option<&str>| {
        let district = district.map(|name| name.parse().unwrap());
        let raw = read(Some(&file), district.as_ref()).map_err(|error| error.to_string())?;
        let named = Installation::named(raw::Store::default(), raw);
        named
            .map(|installation| installation.store)
            .map_err(|error| error.to_string())
    };
    assert!(matches!(place(Some("b")), Ok(Place::Folder(folder)) if folder == Path::new("data/b")));
    for (district, part) in [(None, "--district (a, b)"), (Some("c"), "called c")] {
        let error = place(district).err().unwrap();
        assert!(error.contains(part), "{error}");
    }
}

/// The reference is made from the flags: what it says has to be what the file takes.
#[test]
fn the_file_takes_every_key_of_the_reference() {
    let mut table = "";
    let reference = reference();
    let mut keys = 0;
    for line in reference.lines() {
        if let Some(heading) = line.strip_prefix("## ") {
            table = heading.trim_matches('`');
        } else if let Some(key) = line.strip_prefix("### ") {
            let key = key.trim_matches('`');
            // A table is no value of any key: whoever knows the key says so, whoever does not names it unknown.
            let (_, reason) = parse(&format!("{table}\n{key} = {{}}")).err().unwrap();
            assert!(!reason.contains("unknown"), "{table} {key}: {reason}");
            keys += 1;
        }
    }
    assert!(keys > 10, "{reference}");
}
