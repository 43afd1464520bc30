package ai.hadal.server.reply;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;

/// Ids of the calls of one choice: unique for ever, as far as chance can.
final class CallIds {

    private static final String LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private static final int LENGTH = 24;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final List<String> ids = new ArrayList<>();

    /// The id of a call.
    String of(int index) {
        while (ids.size() <= index) {
            ids.add("call_" + random());
        }
        return ids.get(index);
    }

    private static String random() {
        var id = new StringBuilder(LENGTH);
        for (int i = 0; i < LENGTH; i++) {
            id.append(LETTERS.charAt(RANDOM.nextInt(LETTERS.length())));
        }
        return id.toString();
    }
}
