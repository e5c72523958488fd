//! The five settings of billing sync: as they are, as they must be, and the edit between the two.
