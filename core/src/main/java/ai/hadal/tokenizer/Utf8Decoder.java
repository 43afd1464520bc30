package ai.hadal.tokenizer;

/// UTF-8 to text across any cut of the bytes. A maximal ill-formed subpart becomes one U+FFFD (Unicode, section 3.9,
/// "U+FFFD Substitution of Maximal Subparts"; also the Encoding Standard's decoder); the JDK's decoder differs from
/// that in encoded surrogates.
final class Utf8Decoder {

    private static final char REPLACEMENT = '\uFFFD';

    private int codePoint;
    private int missing;
    /// The range of the next continuation byte: narrower than 80..BF after some lead bytes, which keeps overlong
    /// forms, surrogates and values above U+10FFFF out.
    private int lower;

    private int upper;

    void decode(byte[] bytes, StringBuilder out) {
        decode(bytes, 0, bytes.length, out);
    }

    void decode(byte[] bytes, int from, int to, StringBuilder out) {
        for (int i = from; i < to; i++) {
            int b = bytes[i] & 0xFF;
            if (missing > 0) {
                if (b >= lower && b <= upper) {
                    follow(b, out);
                    continue;
                }
                missing = 0;
                out.append(REPLACEMENT);
            }
            lead(b, out);
        }
    }

    /// Ends the text: an incomplete character becomes U+FFFD.
    void finish(StringBuilder out) {
        if (missing > 0) {
            missing = 0;
            out.append(REPLACEMENT);
        }
    }

    private void lead(int b, StringBuilder out) {
        if (b < 0x80) {
            out.append((char) b);
        } else if (b < 0xC2 || b > 0xF4) {
            out.append(REPLACEMENT);
        } else {
            missing = b < 0xE0 ? 1 : b < 0xF0 ? 2 : 3;
            codePoint = b & (0x3F >> missing);
            lower = switch (b) {
                case 0xE0 -> 0xA0;
                case 0xF0 -> 0x90;
                default -> 0x80;
            };
            upper = switch (b) {
                case 0xED -> 0x9F;
                case 0xF4 -> 0x8F;
                default -> 0xBF;
            };
        }
    }

    private void follow(int b, StringBuilder out) {
        codePoint = (codePoint << 6) | (b & 0x3F);
        lower = 0x80;
        upper = 0xBF;
        if (--missing == 0) {
            out.appendCodePoint(codePoint);
        }
    }
}
