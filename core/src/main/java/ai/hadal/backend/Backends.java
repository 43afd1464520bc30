package ai.hadal.backend;

import ai.hadal.backend.cpu.CpuBackend;
import ai.hadal.backend.disk.Paging;
import ai.hadal.backend.disk.ReadAhead;
import ai.hadal.backend.natives.NativeInt8;
import ai.hadal.backend.reference.ReferenceBackend;
import ai.hadal.backend.topology.CpuBinding;
import ai.hadal.backend.topology.Placement;
import ai.hadal.backend.topology.Topology;
import ai.hadal.error.HadalException;
import org.jspecify.annotations.Nullable;

/// Backends by name.
public final class Backends {

    private Backends() {}

    /// Opens a backend, with [CpuBinding#NODE], for weights that memory holds.
    ///
    /// @param name `cpu` or `reference`
    /// @param threads compute threads, 1 to 1024; the reference uses one
    public static Backend open(String name, int threads) {
        return open(name, threads, CpuBinding.NODE, null);
    }

    /// Opens a backend for weights in mapped files.
    ///
    /// @param binding where the threads of the `cpu` backend stay
    /// @param paging how they come from disk, so that the `cpu` backend reads experts ahead; null if memory holds
    ///     them
    public static Backend open(String name, int threads, CpuBinding binding, @Nullable Paging paging) {
        if (threads < 1 || threads > 1024) {
            throw new HadalException("the number of threads is " + threads + "; it must be 1 to 1024");
        }
        return switch (name) {
            case "cpu" -> cpu(threads, binding, paging);
            case "reference" -> new ReferenceBackend();
            default -> throw new HadalException("there is no backend `" + name + "`; choose cpu or reference");
        };
    }

    /// Opens the `cpu` backend behind the `reference`, whose scalar code runs well in a JVM that has just started. It
    /// is for small models, and its owner says when the kernels of the former are compiled.
    public static SwitchingBackend starting(int threads, CpuBinding binding) {
        var cpu = open("cpu", threads, binding, null);
        return new SwitchingBackend(new ReferenceBackend(), cpu);
    }

    /// Opens a backend that measures its operations, see [#open(String, int, CpuBinding, Paging)].
    public static TimedBackend timed(String name, int threads, CpuBinding binding, @Nullable Paging paging) {
        return new TimedBackend(open(name, threads, binding, paging));
    }

    /// Whether the `cpu` backend has kernels in C for products of 8-bit integers here, so that [InputRounding#INT8]
    /// is the fastest.
    public static boolean hasIntegerKernels() {
        return NativeInt8.instance() != null;
    }

    private static Backend cpu(int threads, CpuBinding binding, @Nullable Paging paging) {
        var placement = Placement.of(Topology.here(), binding, threads);
        try {
            return new CpuBackend(threads, placement, paging == null ? null : ReadAhead.start(paging, placement));
        } catch (NoClassDefFoundError e) {
            throw new HadalException(
                    "the cpu backend needs the Vector API; start Java with --add-modules jdk.incubator.vector, or choose"
                            + " the reference backend",
                    e);
        }
    }
}
