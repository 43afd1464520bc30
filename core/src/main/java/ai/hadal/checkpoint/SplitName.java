package ai.hadal.checkpoint;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The name of one file of a set, `NAME-00002-of-00005.gguf`.
///
/// @param prefix NAME
/// @param number of the file, from 1
/// @param count of files
/// @param suffix with its dot
record SplitName(String prefix, int number, int count, String suffix) {

    private static final Pattern NUMBERED = Pattern.compile("(.*)-(\\d{5})-of-(\\d{5})", Pattern.DOTALL);

    /// The parts of a file name, or null when it is not one of a set.
    static @Nullable SplitName parse(String name, String suffix) {
        if (!name.endsWith(suffix)) {
            return null;
        }
        Matcher m = NUMBERED.matcher(name.substring(0, name.length() - suffix.length()));
        return m.matches()
                ? new SplitName(m.group(1), Integer.parseInt(m.group(2)), Integer.parseInt(m.group(3)), suffix)
                : null;
    }

    /// The name of another file of the same set.
    String sibling(int other) {
        return String.format("%s-%05d-of-%05d%s", prefix, other, count, suffix);
    }
}
