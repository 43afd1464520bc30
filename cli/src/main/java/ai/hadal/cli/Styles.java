package ai.hadal.cli;

/// The one style of the terminal that Hadal uses: dim, for what is not the answer.
final class Styles {

    private static final String DIM = "\u001b[2m";
    private static final String PLAIN = "\u001b[22m";

    private Styles() {}

    static String dim(String text) {
        return DIM + text + PLAIN;
    }
}
