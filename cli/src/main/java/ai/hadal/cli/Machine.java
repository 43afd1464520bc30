package ai.hadal.cli;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/// The machine under us.
///
/// @param processor its name, or the architecture's where the system does not tell
/// @param processors how many the JVM may use
/// @param memoryBytes physical memory, or the container's share of it
/// @param heapBytes what the Java heap may grow to
record Machine(String processor, int processors, long memoryBytes, long heapBytes) {

    private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

    static Machine here() {
        var runtime = Runtime.getRuntime();
        long memory = ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean bean
                ? bean.getTotalMemorySize()
                : 0;
        return new Machine(processorName(), runtime.availableProcessors(), memory, runtime.maxMemory());
    }

    private static String processorName() {
        String architecture = System.getProperty("os.arch");
        try {
            return ProcessorName.of(Files.readAllLines(CPU_INFO), architecture);
        } catch (IOException _) {
            return architecture;
        }
    }

    static String java() {
        return Runtime.version() + " (" + System.getProperty("java.vm.name") + ", " + System.getProperty("java.vendor")
                + ")";
    }

    static String system() {
        return System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                + System.getProperty("os.arch");
    }

    @Override
    public String toString() {
        return processor + ", " + processors + (processors == 1 ? " processor, " : " processors, ")
                + Shown.size(memoryBytes) + " memory, " + Shown.size(heapBytes) + " Java heap";
    }
}
