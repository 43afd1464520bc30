package ai.hadal.backend.natives;

/// Which kernels in C serve.
public final class Natives {

    private Natives() {}

    /// For people: `C, AVX-512 VNNI`, or `Java` and why.
    public static String description() {
        var library = NativeLibrary.instance();
        return library != null ? "C, " + library.tier().title : "Java (no C kernels: " + NativeLibrary.missing() + ")";
    }
}
