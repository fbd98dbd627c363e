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
    ] {
        assert_eq!(config(text).err(), Some(expected), "{text}");
    }
}

#[test]
fn what_is_left_out_is_filled_in() {
    let config = config("").unwrap();
    assert!(matches!(config.store, Place::Folder(folder) if folder.as_os_str() == "data"));
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
    assert!(matches!(both.store, Place::Folder(folder) if folder.as_os_str() == "here"));
    let alone = Config::of(Raw::default().or(file())).unwrap();
    assert!(matches!(alone.store, Place::Database(_)));
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
