use super::*;

/// What a stock client (automerge-repo 2.5) sent to a stock server: it makes a document, edits, looks for one, chats, subscribes.
fn recorded() -> Vec<Vec<u8>> {
    let lines = include_str!("recorded.hex").lines();
    let byte = |line: &str, i| u8::from_str_radix(&line[i..i + 2], 16).unwrap();
    lines
        .map(|line| (0..line.len()).step_by(2).map(|i| byte(line, i)).collect())
        .collect()
}

#[test]
fn what_a_stock_client_says_is_understood() {
    let heard: Vec<_> = recorded().iter().map(|m| Heard::decode(m).unwrap()).collect();
    assert_eq!(
        heard[0],
        Heard::Join(Join {
            peer: "client-a".to_owned(),
            storage: Some("5a536225-3099-483f-953f-b8410b45fa87".to_owned()),
            fits: true,
        })
    );
    let doc = "4Y7sNMsARYWmvhgEZgsEJ91pvVP8".parse().ok();
    assert!(doc.is_some());
    let Heard::Sync(sync) = &heard[1] else {
        panic!("{:?}", heard[1]);
    };
    assert_eq!((sync.peer.as_str(), sync.doc), ("client-a", doc));
    assert_eq!(sync.data[0], 0x42);
    let of = |kind: fn(&Heard) -> bool| heard.iter().filter(|heard| kind(heard)).count();
    assert_eq!(of(|heard| matches!(heard, Heard::Join(_))), 2);
    assert_eq!(
        of(|heard| matches!(heard, Heard::Other)),
        2,
        "chat and subscription"
    );
}

#[test]
fn forms_that_other_encoders_use_are_understood() {
    // An indefinite map, a tagged typed array, a name that is no document's.
    let mut bytes = Vec::new();
    let mut e = Encoder::new(&mut bytes);
    e.begin_map().unwrap();
    e.str("type").unwrap().str("request").unwrap();
    e.str("unknown").unwrap().f64(0.5).unwrap();
    e.str("senderId").unwrap().str("甲").unwrap();
    e.str("documentId").unwrap().str("nothing").unwrap();
    e.str("data").unwrap().tag(minicbor::data::Tag::new(64)).unwrap();
    e.bytes(&[1, 2]).unwrap().end().unwrap();
    let expected = Heard::Sync(Sync {
        peer: "甲".to_owned(),
        doc: None,
        data: vec![1, 2],
    });
    assert_eq!(Heard::decode(&bytes).unwrap(), expected);
    bytes.push(0);
    assert!(Heard::decode(&bytes).is_err());
}

#[test]
fn whoever_speaks_another_version_does_not_fit() {
    for (versions, fits) in [(&["2"][..], false), (&["2", "1"], true)] {
        let mut bytes = Vec::new();
        let mut e = Encoder::new(&mut bytes);
        e.map(3).unwrap().str("type").unwrap().str("join").unwrap();
        e.str("senderId").unwrap().str("a").unwrap();
        e.str("supportedProtocolVersions")
            .unwrap()
            .encode(versions)
            .unwrap();
        let Heard::Join(join) = Heard::decode(&bytes).unwrap() else {
            panic!("not a join");
        };
        assert_eq!(join.fits, fits, "{versions:?}");
    }
}

#[test]
fn what_the_server_says_is_a_map_of_as_many_as_it_says() {
    let refusal = Refusal::about(lianxin_shared::rules::RefusalCode::FieldInvalid, "body");
    let notice = Notice {
        refusal: &refusal,
        words: "words",
        session: "s",
        count: 1,
    };
    let doc = DocId([7; 16]);
    for (said, heard) in [
        (Said::Peer, Heard::Other),
        (Said::Error("why"), Heard::Other),
        (Said::Unavailable(doc), Heard::Other),
        (Said::Refused(doc, notice), Heard::Other),
        (
            Said::Sync(doc, &[1]),
            Heard::Sync(Sync {
                peer: "server".to_owned(),
                doc: Some(doc),
                data: vec![1],
            }),
        ),
    ] {
        assert_eq!(Heard::decode(&said.encode("server", "client")).unwrap(), heard);
    }
}

#[test]
fn damage_is_an_error_and_nothing_worse() {
    let messages = recorded();
    // Which message, what is written where, and where it is cut; or nothing but noise.
    bolero::check!()
        .with_type::<(Option<u8>, Vec<(u16, u8)>, u16)>()
        .for_each(|(which, damage, cut)| {
            let Some(which) = which else {
                let noise: Vec<_> = damage.iter().map(|(_, byte)| *byte).collect();
                return drop(Heard::decode(&noise));
            };
            let mut message = messages[usize::from(*which) % messages.len()].clone();
            for (place, byte) in damage {
                let place = usize::from(*place) % message.len();
                message[place] = *byte;
            }
            drop(Heard::decode(&message));
            drop(Heard::decode(&message[..usize::from(*cut) % (message.len() + 1)]));
        });
}
