package ai.hadal.engine;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Watches growing text for stop strings and releases what can no longer become part of one.
final class StopText {

    private final List<String> stops;
    private final StringBuilder held = new StringBuilder();
    private @Nullable String stop;

    StopText(List<String> stops) {
        this.stops = stops;
    }

    /// Adds text and returns what is certain; after a stop string was found, only the text before it.
    String add(String text) {
        held.append(text);
        int at = findStop();
        if (at >= 0) {
            held.setLength(at);
            return flush();
        }
        int keep = longestOpenEnd();
        String certain = held.substring(0, held.length() - keep);
        held.delete(0, certain.length());
        return certain;
    }

    /// Whether a stop string was found.
    boolean stopped() {
        return stop != null;
    }

    /// The stop string that was found.
    @Nullable
    String stop() {
        return stop;
    }

    /// What was held back.
    String flush() {
        String rest = held.toString();
        held.setLength(0);
        return rest;
    }

    private int findStop() {
        int first = -1;
        for (String candidate : stops) {
            int at = held.indexOf(candidate);
            if (at >= 0 && (first < 0 || at < first)) {
                first = at;
                stop = candidate;
            }
        }
        return first;
    }

    /// Length of the longest end of the held text that begins a stop string.
    private int longestOpenEnd() {
        int longest = 0;
        for (String candidate : stops) {
            for (int n = Math.min(candidate.length() - 1, held.length()); n > longest; n--) {
                if (candidate.startsWith(held.substring(held.length() - n))) {
                    longest = n;
                }
            }
        }
        return longest;
    }
}
