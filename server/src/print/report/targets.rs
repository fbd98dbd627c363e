//! The year's targets: who was to reach what, and how far it went; and whom the visits reached.

use lianxin_shared::rules::Subject;
use maud::{Markup, html};

use super::Report;
use crate::print::page::table;
use crate::reading::Target;
use crate::store::Listed;

impl Report<'_> {
    /// Each target of the year, with everybody for whom it is set.
    pub(super) fn targets(&self) -> Markup {
        let targets = self.everybody.targets(self.year);
        let sections = targets.iter().zip(0..).map(|(target, n)| self.target(n, target));
        html! {
            h2 { (self.text("print-targets")) }
            @if targets.is_empty() { p { (self.text("print-none")) } }
            @for section in sections { (section) }
        }
    }

    fn target(&self, n: usize, target: &Target) -> Markup {
        let Target {
            name,
            figure,
            who,
            goal,
        } = target;
        let rows: Vec<_> = self
            .everybody
            .of(who)
            .into_iter()
            .map(|(name, subject)| (name, self.amount(&subject, figure)))
            .collect();
        let met = rows.iter().filter(|(_, amount)| amount >= goal).count();
        let said = self.reading.texts.with(
            "print-target",
            &[
                ("who", self.text(&format!("choice-target-who-{who}")).into()),
                (
                    "figure",
                    self.text(&format!("choice-target-figure-{figure}")).into(),
                ),
                ("goal", (*goal).into()),
                ("met", met.into()),
                ("of", rows.len().into()),
            ],
        );
        html! {
            h3 { (name) }
            p { (said) }
            (self.chart(&format!("target-{n}"), name, &rows, Some(*goal)))
        }
    }

    /// Whom the leaders' visits reached, and whom not.
    pub(super) fn visits(&self) -> Markup {
        let reached = |one: &Listed| self.amount(&Subject::Person(one.doc), "visited") > 0;
        let (visited, left): (Vec<_>, Vec<_>) = self.everybody.members().partition(|one| reached(one));
        let count = |of: &[&Listed]| u64::try_from(of.len()).unwrap_or(0);
        let rows = [
            (self.text("print-visited"), count(&visited)),
            (self.text("print-not-visited"), count(&left)),
        ];
        let title = self.text("print-visits");
        let names: Vec<_> = left.iter().map(|one| vec![one.row.title.clone()]).collect();
        html! {
            h2 { (title) }
            (self.chart("visits", &title, &rows, None))
            (table(&self.text("print-not-visited"), &[self.text("print-name")], &names))
        }
    }
}
