package ai.hadal.train.nano;

/// The reasoning before a turn: short, and as careful as possible.
record Thought(String high, String max) {}
