//! Where the zones are: pure geometry, the same on every screen.

use ratatui::layout::Rect;

/// The zones; those that have no room are empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Zones {
    pub head: Rect,
    pub upper: Rect,
    pub body: Rect,
    pub lower: Rect,
    pub footer: Rect,
    pub keys: Rect,
}

/// Head, rule, body, rule, footer, keys. Where it gets tight the rules go first, then footer, keys and head.
pub(super) fn zones(area: Rect) -> Zones {
    let rules = u16::from(area.height >= 12);
    let footer = u16::from(area.height >= 6);
    let keys = u16::from(area.height >= 4);
    let head = u16::from(area.height >= 3);
    let body = area.height.saturating_sub(head + 2 * rules + footer + keys);
    let mut y = area.y;
    let mut next = |height: u16| {
        let zone = Rect { x: area.x, y, width: area.width, height };
        y = y.saturating_add(height);
        zone
    };
    Zones {
        head: next(head),
        upper: next(rules),
        body: next(body),
        lower: next(rules),
        footer: next(footer),
        keys: next(keys),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_zones_fill_the_area_at_every_height() {
        for height in 0..60 {
            let zones = zones(Rect::new(0, 0, 80, height));
            let all = [zones.head, zones.upper, zones.body, zones.lower, zones.footer, zones.keys];
            assert_eq!(all.iter().map(|zone| zone.height).sum::<u16>(), height);
        }
        assert_eq!(zones(Rect::new(0, 0, 80, 24)).body.height, 19);
    }
}
