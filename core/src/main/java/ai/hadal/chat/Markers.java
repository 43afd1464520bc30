package ai.hadal.chat;

/// The special strings of the DeepSeek-V4 chat protocol. The bar is U+FF5C and the low line is U+2581; every string
/// but the DSML tags is one token of the vocabulary.
///
/// Nothing is escaped anywhere in the protocol. In a prompt they are tokens only where the encoding writes them: what
/// messages say is text, unless [ChatOptions#parseSpecial] asks for the official encoding, which takes them for
/// markers wherever they stand.
public final class Markers {

    public static final String BEGIN_OF_SENTENCE = "<｜begin▁of▁sentence｜>";
    /// Ends a turn: the model prints it when its reply is complete.
    public static final String END_OF_SENTENCE = "<｜end▁of▁sentence｜>";

    public static final String USER = "<｜User｜>";
    public static final String ASSISTANT = "<｜Assistant｜>";
    public static final String LATEST_REMINDER = "<｜latest_reminder｜>";
    public static final String THINK_START = "<think>";
    public static final String THINK_END = "</think>";
    /// The name space of the tool-call tags, as in `<｜DSML｜invoke`.
    public static final String DSML = "｜DSML｜";

    static final String DSML_OPEN = "<" + DSML;
    static final String DSML_CLOSE = "</" + DSML;

    /// What turns content into a block of tool calls; the closing bracket belongs to the block's own grammar.
    static final String TOOL_CALLS_START = "\n\n" + DSML_OPEN + "tool_calls";
    static final String TOOL_CALLS_END = DSML_CLOSE + "tool_calls>";
    static final String INVOKE_START = DSML_OPEN + "invoke";
    static final String INVOKE_END = DSML_CLOSE + "invoke";
    static final String PARAMETER_START = DSML_OPEN + "parameter";
    /// The end tag of a parameter without its bracket: the official parser looks for this and checks the bracket
    /// later.
    static final String PARAMETER_END = "/" + DSML + "parameter";

    private Markers() {}
}
