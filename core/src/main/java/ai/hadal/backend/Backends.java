package ai.hadal.backend;

import ai.hadal.backend.cpu.CpuBackend;
import ai.hadal.backend.natives.NativeInt8;
import ai.hadal.backend.reference.ReferenceBackend;
import ai.hadal.error.HadalException;

/// Backends by name.
public final class Backends {

    private Backends() {}

    /// Opens a backend.
    ///
    /// @param name `cpu` or `reference`
    /// @param threads compute threads, 1 to 1024; the reference uses one
    public static Backend open(String name, int threads) {
        if (threads < 1 || threads > 1024) {
            throw new HadalException("the number of threads is " + threads + "; it must be 1 to 1024");
        }
        return switch (name) {
            case "cpu" -> cpu(threads);
            case "reference" -> new ReferenceBackend();
            default -> throw new HadalException("there is no backend `" + name + "`; choose cpu or reference");
        };
    }

    /// Opens the `cpu` backend behind the `reference`, whose scalar code runs well in a JVM that has just started. It
    /// is for small models, and its owner says when the kernels of the former are compiled.
    public static SwitchingBackend starting(int threads) {
        var cpu = open("cpu", threads);
        return new SwitchingBackend(new ReferenceBackend(), cpu);
    }

    /// Opens a backend that measures its operations.
    public static TimedBackend timed(String name, int threads) {
        return new TimedBackend(open(name, threads));
    }

    /// Whether the `cpu` backend has kernels in C for products of 8-bit integers here, so that [InputRounding#INT8] is
    /// the
    /// fastest.
    public static boolean hasIntegerKernels() {
        return NativeInt8.instance() != null;
    }

    private static Backend cpu(int threads) {
        try {
            return new CpuBackend(threads);
        } catch (NoClassDefFoundError e) {
            throw new HadalException(
                    "the cpu backend needs the Vector API; start Java with --add-modules jdk.incubator.vector, or choose"
                            + " the reference backend",
                    e);
        }
    }
}
