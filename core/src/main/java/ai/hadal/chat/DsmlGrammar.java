package ai.hadal.chat;

import org.jspecify.annotations.Nullable;

/// The parts of a tool-call block that the whole-text and the streaming parser read alike (report, section 17), and
/// the wording of what can be wrong with a reply.
final class DsmlGrammar {

    static final String NAME = " name=\"";
    static final String STRING_TRUE = "\" string=\"true\">";
    static final String STRING_FALSE = "\" string=\"false\">";
    /// What follows an end tag (without its bracket) up to the next tag.
    static final String TAG_REST = ">\n";

    static final String MISSING_THINK_END = "Invalid thinking format: missing </think>";
    static final String CONTENT_AFTER_TOOL_CALLS = "Unexpected content after tool calls";
    static final String CONTENT_AT_END = "Unexpected content at end";

    private DsmlGrammar() {}

    static String specialToken(String marker) {
        return "Unexpected special token '" + marker + "' in content";
    }

    static String specialTokenInName(String name) {
        return "Unexpected special token in name '" + name + "'";
    }

    static String toolCallFormat(String found) {
        return "Tool call format error: expected '>\\n' but got '" + found + "'";
    }

    static String toolNameFormat(String found) {
        return "Tool name format error: '" + found + "'";
    }

    static String parameterFormat(String found) {
        return "Parameter format error: '" + found + "'";
    }

    static String parameterRest(String found) {
        return "Parameter format error: expected '>\\n' but got '" + found + "'";
    }

    static String duplicateParameter(String name) {
        return "Duplicate parameter name: '" + name + "'";
    }

    /// The tool's name in the text between `<｜DSML｜invoke` and the next tag: space, `name="..."`, a bracket and one
    /// or two line ends. Null if it does not read so. A name may contain anything.
    static @Nullable String toolName(String text) {
        int start = 0;
        while (start < text.length() && PythonText.isSpace(text.charAt(start))) {
            start++;
        }
        String rest = text.substring(start);
        String end = rest.endsWith("\">\n\n") ? "\">\n\n" : "\">\n";
        String attribute = NAME.substring(1);
        return rest.startsWith(attribute) && rest.endsWith(end) && rest.length() >= attribute.length() + end.length()
                ? rest.substring(attribute.length(), rest.length() - end.length())
                : null;
    }

    /// Whether a name holds a special string. The official parser lets that pass, but readers would take it for the
    /// markup itself: it shows that the model lost its way in a tag.
    static boolean holdsSpecialToken(String name) {
        return ReplyTokens.NEVER_SPELLED.stream().anyMatch(name::contains);
    }

    /// One member of the arguments up to its value, and for a string the opening quote.
    static String memberStart(boolean first, String name, boolean string) {
        return (first ? "{" : ", ") + PythonJson.quote(name) + (string ? ": \"" : ": ");
    }

    /// The end of the arguments object.
    static String argumentsEnd(boolean empty) {
        return empty ? "{}" : "}";
    }
}
