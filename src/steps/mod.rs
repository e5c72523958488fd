//! The four steps, one file each, as data: what a step needs, asks, does and proves.
