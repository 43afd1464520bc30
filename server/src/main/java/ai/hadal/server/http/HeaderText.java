package ai.hadal.server.http;

import java.nio.charset.StandardCharsets;
import java.util.List;

/// Texts of clients as values of headers, where neither line ends nor letters beyond ASCII may stand.
final class HeaderText {

    private static final int LONGEST = 2000;
    private static final String SAFE = "/#$-_.~:@!'()*+";

    private HeaderText() {}

    /// A list with commas between its elements, in which other characters are percent-encoded; what would make it too
    /// long is left out.
    static String list(List<String> elements) {
        var value = new StringBuilder();
        for (String element : elements) {
            String encoded = encoded(element);
            if (value.length() + encoded.length() > LONGEST) {
                return value.append(value.isEmpty() ? "..." : ", ...").toString();
            }
            value.append(value.isEmpty() ? "" : ", ").append(encoded);
        }
        return value.toString();
    }

    private static String encoded(String text) {
        var encoded = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            boolean letter = b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9';
            if (letter || (b > 0 && SAFE.indexOf(b) >= 0)) {
                encoded.append((char) b);
            } else {
                encoded.append(String.format("%%%02X", b));
            }
        }
        return encoded.toString();
    }
}
