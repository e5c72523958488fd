//! Where the zones are: pure geometry, the same on every screen.

use ratatui::layout::Rect;

/// The zones; those that have no room are empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Zones {
    pub head: Rect,
    pub upper: Rect,
    pub banner: Rect,
    pub body: Rect,
    pub lower: Rect,
    pub footer: Rect,
    pub keys: Rect,
}

/// Head, rule, banner, body, rule, footer, keys. Where it gets tight the rules and the banner of so many rows go
/// first, then footer, keys and head.
pub(super) fn zones(area: Rect, banner: u16) -> Zones {
    let rules = u16::from(area.height >= 12);
    let footer = u16::from(area.height >= 6);
    let keys = u16::from(area.height >= 4);
    let head = u16::from(area.height >= 3);
    let banner = if rules > 0 { banner } else { 0 };
    let body = area.height.saturating_sub(head + 2 * rules + banner + footer + keys);
    let mut y = area.y;
    let mut next = |height: u16| {
        let zone = Rect { x: area.x, y, width: area.width, height };
        y = y.saturating_add(height);
        zone
    };
    Zones {
        head: next(head),
        upper: next(rules),
        banner: next(banner),
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
            let zones = zones(Rect::new(0, 0, 80, height), 2);
            let all =
                [zones.head, zones.upper, zones.banner, zones.body, zones.lower, zones.footer, zones.keys];
            assert_eq!(all.iter().map(|zone| zone.height).sum::<u16>(), height);
        }
        assert_eq!(zones(Rect::new(0, 0, 80, 24), 0).body.height, 19);
        assert_eq!(zones(Rect::new(0, 0, 80, 24), 2).body.height, 17);
    }
}
