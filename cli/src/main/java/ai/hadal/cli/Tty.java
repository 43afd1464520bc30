package ai.hadal.cli;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;

/// Which of the standard streams are terminals. Java tells it of input and output together only, and not of errors.
final class Tty {

    private Tty() {}

    static boolean input() {
        return is(0);
    }

    static boolean output() {
        return is(1);
    }

    static boolean error() {
        return is(2);
    }

    /// Whether terminals understand control sequences, by the TERM variable.
    static boolean isCapable() {
        return !"dumb".equals(System.getenv("TERM"));
    }

    /// Whether text may be dimmed; people who set NO_COLOR want it plain.
    static boolean mayStyle() {
        String noColor = System.getenv("NO_COLOR");
        return isCapable() && (noColor == null || noColor.isEmpty());
    }

    private static boolean is(int descriptor) {
        var linker = Linker.nativeLinker();
        var lookup = linker.defaultLookup();
        var isatty = lookup.find("isatty").or(() -> lookup.find("_isatty"));
        if (isatty.isEmpty()) {
            return false;
        }
        var call =
                linker.downcallHandle(isatty.get(), FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
        try {
            return (int) call.invokeExact(descriptor) != 0;
        } catch (Throwable e) {
            throw new LinkageError("isatty", e);
        }
    }
}
