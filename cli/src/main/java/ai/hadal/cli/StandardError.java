package ai.hadal.cli;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/// Takes the JVM's own start-up remarks off the user's screen. The JVM announces the vector module on standard
/// error before any of our code runs and has no flag against it. The launcher therefore starts it with a filtering
/// pipe as standard error and the real one at another descriptor, which it names in the property `hadal.stderr`;
/// [#restore] moves it to its place with `dup2`, so that what is written there, by Java or not, is a terminal again
/// if it was one.
final class StandardError {

    private static final int STDERR = 2;

    private StandardError() {}

    /// Does nothing where the property is not set. Should the call fail, the pipe goes on passing everything
    /// through.
    static void restore() {
        Integer descriptor = Integer.getInteger("hadal.stderr");
        if (descriptor == null) {
            return;
        }
        Linker linker = Linker.nativeLinker();
        var dup2 = linker.defaultLookup().find("dup2");
        if (dup2.isEmpty()) {
            return;
        }
        MethodHandle call = linker.downcallHandle(
                dup2.get(), FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
        try {
            var _ = (int) call.invokeExact(descriptor.intValue(), STDERR);
        } catch (Throwable e) {
            throw new LinkageError("dup2", e);
        }
    }
}
