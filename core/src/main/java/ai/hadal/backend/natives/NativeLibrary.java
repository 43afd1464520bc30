package ai.hadal.backend.natives;

import ai.hadal.error.HadalException;
import ai.hadal.tensor.Format;
import ai.hadal.tensor.Weight;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The C library that lies beside the classes, built for the machine's system if a compiler was there. The system
/// property `hadal.native` says which of its kernels serve: `auto`, the best that the processor has; `avx2` on x86,
/// those for AVX2 even where it has AVX-512; `neon` on ARM, those without the 8-bit dot product; `false`, none.
final class NativeLibrary {

    /// A library for a kind of processor.
    ///
    /// @param file its name
    /// @param least the lowest instructions that have kernels
    private record Kind(String file, NativeTier least) {

        static Kind ofMachine() {
            String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
            String processor = System.getProperty("os.arch");
            return switch (system + " on " + processor) {
                case "linux on amd64" -> new Kind("libhadal-linux-x86_64.so", NativeTier.AVX2);
                case "linux on aarch64" -> new Kind("libhadal-linux-aarch64.so", NativeTier.NEON);
                default -> throw new HadalException("there is none for " + system + " on " + processor);
            };
        }

        /// The value of the system property that asks for the lowest.
        String leastOption() {
            return least.name().toLowerCase(Locale.ROOT);
        }
    }

    /// The library, or why there is none.
    private record Found(@Nullable NativeLibrary library, String missing) {

        static final Found ONCE = find();

        private static Found find() {
            try {
                return new Found(load(), "");
            } catch (HadalException e) {
                return new Found(null, String.valueOf(e.getMessage()));
            }
        }
    }

    private final SymbolLookup symbols;
    private final NativeTier tier;

    private NativeLibrary(SymbolLookup symbols, Kind kind, String asked) {
        this.symbols = symbols;
        var best = NativeTier.of(call("hadal_tier"));
        if (best == NativeTier.NONE) {
            throw new HadalException("the processor lacks AVX2, FMA or F16C");
        }
        tier = asked.equals(kind.leastOption()) ? kind.least : best;
    }

    /// The instructions that serve.
    NativeTier tier() {
        return tier;
    }

    /// The library, loaded when it is first asked for and for the life of the process; null where there is none.
    static @Nullable NativeLibrary instance() {
        return Found.ONCE.library;
    }

    /// Why there is none.
    static String missing() {
        return Found.ONCE.missing;
    }

    private static NativeLibrary load() {
        String asked = System.getProperty("hadal.native", "auto");
        if (asked.equals("false")) {
            throw new HadalException("switched off by -Dhadal.native=false");
        }
        var kind = Kind.ofMachine();
        if (!asked.equals("auto") && !asked.equals(kind.leastOption())) {
            throw new HadalException("the system property hadal.native is " + asked + "; it must be auto, "
                    + kind.leastOption() + " or false");
        }
        try (var in = NativeLibrary.class.getResourceAsStream(kind.file)) {
            if (in == null) {
                throw new HadalException("none was built, as there was no C compiler `cc`");
            }
            // A library can't be loaded out of a jar; once it is loaded its file is no longer needed.
            Path file = Files.createTempFile("hadal", ".so");
            try {
                Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
                return new NativeLibrary(SymbolLookup.libraryLookup(file, Arena.global()), kind, asked);
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new HadalException("it could not be copied to the folder for temporary files: " + e.getMessage(), e);
        } catch (IllegalArgumentException | IllegalCallerException e) {
            throw new HadalException("it could not be loaded: " + e.getMessage(), e);
        }
    }

    private int call(String name) {
        try {
            return (int)
                    function(name, FunctionDescriptor.of(ValueLayout.JAVA_INT)).invokeExact();
        } catch (HadalException e) {
            throw e;
        } catch (Throwable t) {
            throw new IllegalStateException(name + " of the library failed", t);
        }
    }

    /// Whether there are float kernels for a stored format.
    static boolean knows(Format format) {
        return switch (format) {
            case Q8_0, MXFP4, F4_E2M1, F8_E4M3, BF16, F16, F32 -> true;
            default -> false;
        };
    }

    /// A stored format as `common.h` numbers it.
    static int code(Format format) {
        return switch (format) {
            case Q8_0 -> 0;
            case MXFP4 -> 1;
            case F4_E2M1 -> 2;
            case F8_E4M3 -> 3;
            case BF16 -> 4;
            case F16 -> 5;
            case F32 -> 6;
            case Q4_K -> 7;
            case Q6_K -> 8;
            case Q2_K -> 9;
            case IQ2_XXS -> 10;
            default -> throw new IllegalArgumentException("there are no kernels for " + format);
        };
    }

    /// Throws [IndexOutOfBoundsException] unless a weight has the rows `first .. end-1`, and the bytes of all its rows
    /// and scales.
    static void checkRows(Weight w, int first, int end) {
        Objects.checkFromToIndex(first, end, w.rows());
        Objects.checkFromIndexSize(
                (w.rows() - 1) * w.rowStride(),
                w.format().bytes(w.cols()),
                w.data().byteSize());
        long scales = switch (w.format()) {
            case F8_E4M3 -> (long) Math.ceilDiv(w.rows(), 128) * Math.ceilDiv(w.cols(), 128);
            case F4_E2M1 -> (long) w.rows() * (w.cols() / 32);
            default -> 0;
        };
        if (scales > 0) {
            Objects.checkFromIndexSize(
                    0, scales, Objects.requireNonNull(w.scale()).byteSize());
        }
    }

    MethodHandle function(String name, FunctionDescriptor types, Linker.Option... options) {
        MemorySegment address = symbols.find(name)
                .orElseThrow(() -> new HadalException("the library lacks " + name + "; build it anew"));
        return Linker.nativeLinker().downcallHandle(address, types, options);
    }
}
