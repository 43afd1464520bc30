package ai.hadal.server.killed;

import ai.hadal.server.killed.Asking.Dialect;
import ai.hadal.server.killed.Said.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Conversations with one beginning: they go on, branch off, and are edited.
final class Tree {

    private static final String[] WORDS =
            ("kelp tide moon seven river stone bread under light green winter paper sum of "
                            + "what is the and then count letters name island boat 12 40 3 17 + please tell me more about it")
                    .split(" ");

    private static final int[] INSTRUCTION_WORDS = {20, 90, 160, 250};
    private static final int MOST_WORDS = 30;
    private static final int MOST_TOKENS = 24;
    private static final int TOKENS_WITH_THINKING = 40;

    private final Random random;

    /// Each ends with what the model said.
    private final List<List<Said>> known = new ArrayList<>();

    private int branches;
    private int edits;

    /// @param random for all that users do
    Tree(Random random) {
        this.random = random;
        int kind = random.nextInt(INSTRUCTION_WORDS.length);
        known.add(List.of(new Said(Role.SYSTEM, words(new Random(kind), INSTRUCTION_WORDS[kind]))));
    }

    private static String words(Random random, int count) {
        return IntStream.range(0, count)
                .mapToObj(_ -> WORDS[random.nextInt(WORDS.length)])
                .collect(Collectors.joining(" "));
    }

    /// What a user asks next.
    Asking next() {
        var dialect = Dialect.values()[random.nextInt(Dialect.values().length)];
        boolean thinks = random.nextInt(4) == 0;
        // Anthropic's API has no seed.
        int seed = dialect == Dialect.ANTHROPIC || random.nextBoolean() ? -1 : random.nextInt(1000);
        int tokens = thinks ? TOKENS_WITH_THINKING : 1 + random.nextInt(MOST_TOKENS);
        return new Asking(talk(), dialect, seed, thinks, tokens, -1);
    }

    /// A question whose answer goes on for so many tokens.
    ///
    /// @param eos the token that would end it
    Asking endless(int tokens, int eos) {
        return new Asking(talk(), Dialect.OPENAI_STREAM, -1, false, tokens, eos);
    }

    private List<Said> talk() {
        var from = known.get(random.nextInt(known.size()));
        int turns = from.size() / 2;
        int kept = random.nextInt(3) == 0 ? random.nextInt(turns + 1) : turns;
        var talk = new ArrayList<>(from.subList(0, 1 + 2 * kept));
        String text = words(random, 1 + random.nextInt(MOST_WORDS));
        if (kept < turns) {
            if (random.nextBoolean()) {
                String before = from.get(1 + 2 * kept).text();
                text = before.substring(0, before.length() / 2) + text;
                edits++;
            } else {
                branches++;
            }
        }
        talk.add(new Said(Role.USER, text));
        return talk;
    }

    /// How often a user asked something else than before.
    int branches() {
        return branches;
    }

    /// How often a user changed what he had asked.
    int edits() {
        return edits;
    }

    /// Adds an answer, with or without its reasoning.
    void learn(Asking asking, Answered answered) {
        if (!answered.text().isBlank()) {
            var talk = new ArrayList<>(asking.talk());
            talk.add(new Said(Role.ASSISTANT, answered.text(), random.nextBoolean() ? answered.reasoning() : ""));
            known.add(talk);
        }
    }
}
