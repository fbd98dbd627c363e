//! What every database has: the plan's themes, and what is to be reached in a year.

use lianxin_shared::records::Value;

use super::DemoError;
use super::laying::lay_reference;
use crate::app::App;

/// The plan's themes, in Chinese and English.
pub(super) const THEMES: &[(&str, &str)] = &[
    ("社会管理综合治理", "Social governance"),
    ("棚户区改造", "Shanty areas"),
    ("社会化养老", "Care for the old"),
    ("老旧小区改造", "Old neighbourhoods"),
    ("大气污染治理", "Air pollution"),
    ("入托入学难", "Nursery and school places"),
    ("食品卫生安全", "Food safety"),
    ("治理“城市病”", "City ills"),
    ("扶贫帮困", "Help for the needy"),
    ("其他", "Other"),
];

/// What is to be reached in a year: name, figure, for whom, how much. The plan sets the first two; the four of each sector
/// group are ours, since the plan names but does not define them.
const TARGETS: &[(&str, &str, &str, i64)] = &[
    ("走访委员", "visit", "leader", 20),
    ("基层调研两个月", "research_days", "leader", 60),
    ("四个一：调研", "research", "sector", 1),
    ("四个一：视察", "inspection", "sector", 1),
    ("四个一：提案", "proposal", "sector", 1),
    ("四个一：社情民意信息", "opinion_report", "sector", 1),
    ("有发现的监督活动", "supervision", "supervision", 4),
];

/// Lays down the themes and targets that every database has. Does nothing where they are.
pub async fn lay_ground(app: &App) -> Result<(), DemoError> {
    for (rank, (name, name_en)) in (0..).zip(THEMES) {
        let values = [
            ("name", Value::from(*name)),
            ("name_en", Value::from(*name_en)),
            ("rank", Value::Number(rank)),
        ];
        lay_reference(app, "theme", &format!("theme:{name_en}"), &values).await?;
    }
    for (name, figure, who, goal) in TARGETS {
        let values = [
            ("name", Value::from(*name)),
            ("figure", Value::from(*figure)),
            ("who", Value::from(*who)),
            ("goal", Value::Number(*goal)),
        ];
        lay_reference(app, "target", &format!("target:{who}:{figure}"), &values).await?;
    }
    Ok(())
}
