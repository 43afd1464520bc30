package ai.hadal.cli;

import java.util.List;
import java.util.Locale;

/// What a processor is called, by Linux's `/proc/cpuinfo`.
///
/// ### Implementation note
/// The kernel names x86 processors. Of ARM's it tells numbers only: who implemented it, as assigned by ARM, and the
/// part, which that firm chose.
final class ProcessorName {

    private ProcessorName() {}

    /// The name that the first processor's lines give, or the architecture's.
    static String of(List<String> lines, String architecture) {
        String name = field(lines, "model name");
        if (!name.isEmpty()) {
            return name;
        }
        String implementer = field(lines, "CPU implementer").toLowerCase(Locale.ROOT);
        String part = field(lines, "CPU part").toLowerCase(Locale.ROOT);
        if (implementer.isEmpty() || part.isEmpty()) {
            return architecture;
        }
        String firm = switch (implementer) {
            case "0x41" -> "ARM";
            case "0x46" -> "Fujitsu";
            case "0x48" -> "HiSilicon";
            case "0x4e" -> "NVIDIA";
            case "0x51" -> "Qualcomm";
            case "0x61" -> "Apple";
            case "0xc0" -> "Ampere";
            default -> "implementer " + implementer;
        };
        return firm + (isKunpeng920(implementer, part) ? " Kunpeng 920" : " part " + part) + " (" + architecture + ")";
    }

    private static boolean isKunpeng920(String implementer, String part) {
        return implementer.equals("0x48") && part.equals("0xd01");
    }

    private static String field(List<String> lines, String name) {
        return lines.stream()
                .filter(line -> line.startsWith(name) && line.contains(":"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElse("");
    }
}
