package ai.hadal.chat;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Finds the leftmost of some markers in a growing text, and how much of the text is free of them whatever follows.
final class MarkerScanner {

    private final List<String> markers;
    private final String firstCharacters;

    /// @param markers none of them a prefix of another
    MarkerScanner(String... markers) {
        this.markers = List.of(markers);
        this.firstCharacters = this.markers.stream()
                .map(marker -> marker.substring(0, 1))
                .distinct()
                .collect(Collectors.joining());
    }

    /// How far a scan came.
    ///
    /// @param end end of the text that is no part of a marker
    /// @param marker the marker that starts there; null if the text from `end` on may still become one, or is half
    ///     a surrogate pair, or if the text is over
    record Found(int end, @Nullable String marker) {}

    /// Scans from `start`, where no marker began before.
    ///
    /// @param last no more text will come, so that nothing needs to be held back
    Found scan(CharSequence text, int start, boolean last) {
        int length = text.length();
        for (int i = start; i < length; i++) {
            if (firstCharacters.indexOf(text.charAt(i)) < 0) {
                continue;
            }
            for (String marker : markers) {
                int common = commonLength(text, i, marker);
                if (common == marker.length()) {
                    return new Found(i, marker);
                }
                if (i + common == length && common > 0 && !last) {
                    return new Found(i, null);
                }
            }
        }
        boolean halfPair = !last && length > start && Character.isHighSurrogate(text.charAt(length - 1));
        return new Found(halfPair ? length - 1 : length, null);
    }

    /// How many characters of the text from `from` on agree with the marker.
    static int commonLength(CharSequence text, int from, String marker) {
        int length = Math.min(marker.length(), text.length() - from);
        int common = 0;
        while (common < length && text.charAt(from + common) == marker.charAt(common)) {
            common++;
        }
        return common;
    }
}
