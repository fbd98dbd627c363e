use super::*;

const CAPTION: Caption<'_> = Caption {
    id: "c",
    title: "走访 <次>",
    description: "各人走访",
};

fn boxes(svg: &str) -> Vec<(String, u64)> {
    let attribute = |piece: &str, name: &str| {
        let (_, rest) = piece.split_once(&format!(" {name}=\"")).unwrap();
        rest.split_once('"').unwrap().0.to_owned()
    };
    svg.split("<rect")
        .skip(1)
        .map(|piece| {
            (
                attribute(piece, "fill"),
                attribute(piece, "width").parse().unwrap(),
            )
        })
        .collect()
}

#[test]
fn a_chart_is_an_image_with_a_name_and_words_cannot_break_out_of_it() {
    let bar = Bar {
        name: "<script>",
        value: 1,
        target: None,
        said: "\"1\"",
    };
    let svg = bars(CAPTION, &[bar]);
    assert!(svg.contains(r#"role="img" aria-labelledby="c-title c-desc""#));
    assert!(svg.contains(r#"<title id="c-title">走访 &lt;次&gt;</title><desc id="c-desc">各人走访</desc>"#));
    assert!(!svg.contains("<script") && !svg.contains("style="));
}

#[test]
fn a_bar_is_as_long_as_its_value_and_striped_short_of_its_target() {
    let bar = |value, target| Bar {
        name: "委员甲",
        value,
        target,
        said: "",
    };
    let svg = bars(CAPTION, &[bar(20, Some(20)), bar(10, Some(20)), bar(0, None)]);
    let span = WIDTH - 190 - 90;
    let ink = |n: usize| fill("c", n);
    assert_eq!(boxes(&svg), [(ink(0), span), (ink(1), span / 2), (ink(0), 0)]);
}

#[test]
fn columns_pile_up_and_each_series_has_its_pattern() {
    let series = |name, values| Series { name, values };
    let svg = columns(
        CAPTION,
        &["1", "2"],
        &[series("已答复", vec![3, 0]), series("待办理", vec![1])],
    );
    let fills: Vec<_> = boxes(&svg).into_iter().map(|(fill, _)| fill).collect();
    // Two in the first column, none in the second, and two in the legend.
    assert_eq!(fills, [fill("c", 0), fill("c", 1), fill("c", 0), fill("c", 1)]);
    assert!(svg.contains(">4</text>"), "the pile's sum stands above it");
}

#[test]
fn nothing_and_too_much_are_drawn_as_well() {
    assert!(columns(CAPTION, &[], &[]).ends_with("</svg>"));
    assert!(bars(CAPTION, &[]).ends_with("</svg>"));
    let most = Series {
        name: "",
        values: vec![u64::MAX],
    };
    assert!(columns(CAPTION, &["1"], &[most.clone(), most]).ends_with("</svg>"));
    let check = |value, expected| assert_eq!(scale(value), expected, "{value}");
    check(0, 1);
    check(3, 5);
    check(10, 10);
    check(11, 20);
    check(u64::MAX, u64::MAX);
}

#[test]
fn a_long_name_is_cut_where_its_place_ends() {
    assert_eq!(fitted("委员工作室一", 100), "委员工作室一");
    assert_eq!(fitted("委员工作室一", 50), "委员…");
}
