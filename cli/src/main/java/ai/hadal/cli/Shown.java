package ai.hadal.cli;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.json.JsonMapper;

/// How values are shown to people, and JSON read from programs.
final class Shown {

    /// Reads JSON with strings of any length.
    static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxStringLength(Integer.MAX_VALUE)
                            .build())
                    .build())
            .build();

    private static final String[] BYTES = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};
    private static final String[] COUNTS = {"", " K", " M", " B", " T"};
    private static final String[] FLOPS = {"FLOP", "KFLOP", "MFLOP", "GFLOP", "TFLOP", "PFLOP", "EFLOP", "ZFLOP"};
    private static final String[] OPERATIONS = {"OP", "KOP", "MOP", "GOP", "TOP", "POP", "EOP", "ZOP"};
    private static final int BRIEF = 40;
    private static final long MINUTE = 60;
    private static final long HOUR = 60 * MINUTE;
    private static final long DAY = 24 * HOUR;

    private Shown() {}

    /// A size in binary units: `512 B`, `2.21 MiB`, `160 GiB`.
    static String size(long bytes) {
        return scaled((double) bytes, 1024, BYTES, " ");
    }

    /// A number of parameters in decimal units: `548 K`, `284 B`.
    static String count(long n) {
        return scaled((double) n, 1000, COUNTS, "");
    }

    /// Float operations in decimal units: `25.9 MFLOP`, `1.12 TFLOP`.
    static String flops(double operations) {
        return scaled(operations, 1000, FLOPS, " ");
    }

    /// Operations that are none on floats, in decimal units: `1.83 TOP`.
    static String operations(double operations) {
        return scaled(operations, 1000, OPERATIONS, " ");
    }

    /// A time in its two largest units: `12 s`, `4 min 10 s`, `1 h 5 min`, `3 d 2 h`.
    static String duration(double seconds) {
        long s = Math.round(seconds);
        if (s < MINUTE) {
            return s + " s";
        }
        if (s < HOUR) {
            return s / MINUTE + " min " + s % MINUTE + " s";
        }
        if (s < DAY) {
            return s / HOUR + " h " + s % HOUR / MINUTE + " min";
        }
        return s / DAY + " d " + s % DAY / HOUR + " h";
    }

    /// Three significant digits, whole below the first unit.
    private static String scaled(double value, double step, String[] units, String gap) {
        int unit = 0;
        double scaled = value;
        while (scaled >= step - 0.5 && unit < units.length - 1) {
            scaled /= step;
            unit++;
        }
        int decimals = unit == 0 || scaled >= 99.95 ? 0 : scaled >= 9.995 ? 1 : 2;
        return String.format(Locale.ROOT, "%." + decimals + "f", scaled) + gap + units[unit];
    }

    /// A whole number with its digits in groups: `129,280`.
    static String whole(long n) {
        return String.format(Locale.ROOT, "%,d", n);
    }

    /// A token's bytes in quotes: text where they are UTF-8, else in hexadecimal; control characters escaped.
    static String bytes(byte[] bytes) {
        var shown = new StringBuilder("\"");
        try {
            StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .codePoints()
                    .forEach(c -> {
                        switch (c) {
                            case '\n' -> shown.append("\\n");
                            case '\r' -> shown.append("\\r");
                            case '\t' -> shown.append("\\t");
                            case '"' -> shown.append("\\\"");
                            case '\\' -> shown.append("\\\\");
                            default -> {
                                if (isPlain(c)) {
                                    shown.appendCodePoint(c);
                                } else {
                                    shown.append(String.format(Locale.ROOT, "\\u{%X}", c));
                                }
                            }
                        }
                    });
        } catch (CharacterCodingException _) {
            for (byte b : bytes) {
                shown.append(String.format(Locale.ROOT, "\\x%02X", b));
            }
        }
        return shown.append('"').toString();
    }

    /// Whether a character can be printed without moving the cursor or turning the direction of the line.
    private static boolean isPlain(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED -> false;
            default -> true;
        };
    }

    /// The beginning of a long text, for messages.
    static String brief(String text) {
        return text.length() <= BRIEF ? text : text.substring(0, BRIEF) + "...";
    }
}
