package ai.hadal.server.anthropic;

import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/// The arguments of a call while they grow. What is passed on can be closed to a JSON object at any time, so
/// that clients can always read it, even when the model breaks off or writes no JSON. Strings are passed on as
/// they come, other members when they are complete.
final class ToolInput {

    private static final ObjectReader JSON =
            JsonMapper.shared().reader().with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private static final Pattern ESCAPE = Pattern.compile("\\\\(?:[\"\\\\/bfnrt]|u\\p{XDigit}{4})");
    private static final Pattern ESCAPE_BEGUN = Pattern.compile("\\\\(?:u\\p{XDigit}{0,3})?");

    private enum State {
        /// Up to the colon after a name.
        NAME,
        /// From there to the value.
        COLON,
        /// Inside a string that is passed on as it comes.
        STRING,
        /// Inside any other value.
        VALUE,
        /// After a value.
        AFTER,
        /// After the object, or after what is no JSON.
        ENDED
    }

    private State state = State.NAME;
    private final StringBuilder held = new StringBuilder();
    private final StringBuilder ready = new StringBuilder();
    private boolean begun;
    private boolean ended;
    private boolean open;
    private boolean quoted;
    private boolean escaped;
    private int depth;
    private int valueStart;

    /// Takes the next piece.
    ///
    /// @return what can be passed on now
    String accept(String piece) {
        ready.setLength(0);
        piece.chars().forEach(c -> step((char) c));
        return ready.toString();
    }

    /// What makes an object of all that was passed on.
    String close() {
        if (ended) {
            return "";
        }
        return (open ? "\"" : "") + (begun ? "}" : "{}");
    }

    private void step(char c) {
        switch (state) {
            case NAME -> name(c);
            case COLON -> colon(c);
            case STRING -> string(c);
            case VALUE -> value(c);
            case AFTER -> after(c);
            case ENDED -> {}
        }
    }

    private void name(char c) {
        if (!quoted && c == '}' && !begun && held.toString().strip().equals("{")) {
            held.append(c);
            pass();
            ended = true;
            state = State.ENDED;
            return;
        }
        held.append(c);
        quote(c);
        if (!quoted && c == ':') {
            state = State.COLON;
        }
    }

    private void colon(char c) {
        if (Character.isWhitespace(c)) {
            held.append(c);
        } else if (!beginsMember()) {
            state = State.ENDED;
        } else if (c == '"') {
            held.append(c);
            pass();
            open = true;
            state = State.STRING;
        } else {
            valueStart = held.length();
            state = State.VALUE;
            value(c);
        }
    }

    /// Whether what is held goes on the object with a name.
    private boolean beginsMember() {
        return isJson((begun ? "{\"\":0" : "") + held + "0}");
    }

    private void string(char c) {
        if (held.isEmpty() && c == '"') {
            ready.append(c);
            open = false;
            state = State.AFTER;
        } else if (held.isEmpty() && c != '\\') {
            if (c < ' ') {
                state = State.ENDED;
            } else {
                ready.append(c);
            }
        } else {
            held.append(c);
            if (ESCAPE.matcher(held).matches()) {
                pass();
            } else if (!ESCAPE_BEGUN.matcher(held).matches()) {
                state = State.ENDED;
            }
        }
    }

    private void value(char c) {
        if (!quoted && depth == 0 && (c == ',' || c == '}')) {
            if (isJson(held.substring(valueStart))) {
                pass();
                after(c);
            } else {
                state = State.ENDED;
            }
            return;
        }
        held.append(c);
        quote(c);
        if (!quoted && (c == '{' || c == '[')) {
            depth++;
        } else if (!quoted && (c == '}' || c == ']')) {
            depth--;
        }
    }

    private static boolean isJson(String text) {
        try {
            return !JSON.readTree(text).isMissingNode();
        } catch (JacksonException _) {
            return false;
        }
    }

    private void after(char c) {
        if (c == ',') {
            held.append(c);
            state = State.NAME;
        } else if (c == '}') {
            ready.append(c);
            ended = true;
            state = State.ENDED;
        } else if (!Character.isWhitespace(c)) {
            state = State.ENDED;
        }
    }

    private void quote(char c) {
        if (quoted && escaped) {
            escaped = false;
        } else if (quoted && c == '\\') {
            escaped = true;
        } else if (c == '"') {
            quoted = !quoted;
        }
    }

    private void pass() {
        begun = true;
        ready.append(held);
        held.setLength(0);
    }
}
