package ai.hadal.grammar;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/// Turns a set of characters into edges for the bytes of their UTF-8. Ends that several characters share are
/// shared.
final class Utf8Edges {

    private static final int[] LAST_OF_LENGTH = {0x7F, 0x7FF, 0xFFFF, Character.MAX_CODE_POINT};

    private final AutomatonBuilder builder;
    private final int to;
    private final Map<String, Integer> ends = new HashMap<>();

    /// @param to where a complete character leads
    Utf8Edges(AutomatonBuilder builder, int to) {
        this.builder = builder;
        this.to = to;
    }

    void emit(CodePoints set, int from) {
        for (int r = 0; r < set.ranges(); r++) {
            int first = set.first(r);
            for (int longest : LAST_OF_LENGTH) {
                if (first <= Math.min(longest, set.last(r))) {
                    split(first, Math.min(longest, set.last(r)), from);
                    first = longest + 1;
                }
            }
        }
    }

    /// Cuts a range of characters of equal length until each of its bytes has a range of its own.
    private void split(int first, int last, int from) {
        for (int low = 6; low < 24; low += 6) {
            int mask = (1 << low) - 1;
            if (first <= 0x7F || (first & ~mask) == (last & ~mask)) {
                break;
            }
            if ((first & mask) != 0) {
                split(first, first | mask, from);
                split((first | mask) + 1, last, from);
                return;
            }
            if ((last & mask) != mask) {
                split(first, (last & ~mask) - 1, from);
                split(last & ~mask, last, from);
                return;
            }
        }
        chain(utf8(first), utf8(last), from);
    }

    private void chain(byte[] first, byte[] last, int from) {
        int at = from;
        for (int i = 0; i < first.length; i++) {
            int next = to;
            if (i < first.length - 1) {
                String rest = Arrays.toString(Arrays.copyOfRange(first, i + 1, first.length))
                        + Arrays.toString(Arrays.copyOfRange(last, i + 1, last.length));
                Integer known = ends.get(rest);
                if (known != null) {
                    builder.bytes(at, first[i] & 0xFF, last[i] & 0xFF, known);
                    return;
                }
                next = builder.state();
                ends.put(rest, next);
            }
            builder.bytes(at, first[i] & 0xFF, last[i] & 0xFF, next);
            at = next;
        }
    }

    private static byte[] utf8(int codePoint) {
        return Character.toString(codePoint).getBytes(StandardCharsets.UTF_8);
    }
}
