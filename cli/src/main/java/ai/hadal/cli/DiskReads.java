package ai.hadal.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// What the process has had read from disk, page faults on mapped weights and reading ahead included.
///
/// @param bytes that disks delivered; pages that were in memory already don't count
/// @param majorFaults how often a thread had to wait for a page
record DiskReads(long bytes, long majorFaults) {

    static final DiskReads NONE = new DiskReads(0, 0);

    private static final Path IO = Path.of("/proc/self/io");
    private static final Path STAT = Path.of("/proc/self/stat");
    private static final String READ = "read_bytes:";

    /// Field of `/proc/self/stat`, counted from the one after the command's name in brackets.
    private static final int MAJOR_FAULTS = 9;

    /// Up to now; zeros where the system does not tell (it does on Linux).
    static DiskReads now() {
        try {
            long bytes = Files.readString(IO)
                    .lines()
                    .filter(line -> line.startsWith(READ))
                    .mapToLong(
                            line -> Long.parseLong(line.substring(READ.length()).strip()))
                    .sum();
            String stat = Files.readString(STAT);
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            return new DiskReads(bytes, Long.parseLong(fields[MAJOR_FAULTS]));
        } catch (IOException _) {
            return NONE;
        }
    }

    /// What was added since an earlier moment.
    DiskReads since(DiskReads start) {
        return new DiskReads(bytes - start.bytes, majorFaults - start.majorFaults);
    }
}
