package ai.hadal.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import org.jspecify.annotations.Nullable;

/// Standard output that remembers why it failed: Java's own stream forgets, and a full disk would look like success.
final class StandardOutput extends OutputStream {

    private static final int BUFFER = 1 << 13;

    private final OutputStream target;
    private @Nullable IOException failure;

    StandardOutput(OutputStream target) {
        this.target = target;
    }

    /// Puts one in the place of `System.out`.
    static StandardOutput install() {
        var out = new StandardOutput(new FileOutputStream(FileDescriptor.out));
        var buffered = new BufferedOutputStream(out, BUFFER);
        System.setOut(new PrintStream(buffered, false, System.out.charset()));
        return out;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        try {
            target.write(bytes, offset, length);
        } catch (IOException e) {
            failure = failure == null ? e : failure;
            throw e;
        }
    }

    /// Writes what is still buffered and gives the program's exit code: the command's own, unless output was lost. A
    /// reader that has seen enough is no failure to talk about.
    int exitCode(int code, PrintStream err) {
        System.out.flush();
        if (failure == null) {
            return code;
        }
        String reason = String.valueOf(failure.getMessage());
        if (reason.contains("Broken pipe")) {
            return code;
        }
        err.println(
                "hadal: standard output cannot be written (" + reason + "); check where it goes and the free space");
        return code == Main.OK ? Main.FAILURE : code;
    }
}
