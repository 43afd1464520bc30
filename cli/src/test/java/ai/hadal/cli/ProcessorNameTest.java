package ai.hadal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ProcessorNameTest {

    @Test
    void theKernelsNameOnX86() {
        assertThat(name("amd64", "processor\t: 0", "model\t\t: 17", "model name\t: AMD EPYC 9B45", "flags\t\t: fpu"))
                .isEqualTo("AMD EPYC 9B45");
    }

    @Test
    void numbersOnArm() {
        assertThat(name("aarch64", "processor\t: 0", "CPU implementer\t: 0x48", "CPU part\t: 0xd01"))
                .isEqualTo("HiSilicon Kunpeng 920 (aarch64)");
        assertThat(name("aarch64", "processor\t: 0", "CPU implementer\t: 0x41", "CPU part\t: 0xd0c"))
                .isEqualTo("ARM part 0xd0c (aarch64)");
        assertThat(name("aarch64", "CPU implementer\t: 0x99", "CPU part\t: 0x001"))
                .isEqualTo("implementer 0x99 part 0x001 (aarch64)");
    }

    @Test
    void theArchitectureWhereNothingIsSaid() {
        assertThat(name("riscv64", "processor\t: 0", "hart\t: 0")).isEqualTo("riscv64");
    }

    private static String name(String architecture, String... lines) {
        return ProcessorName.of(List.of(lines), architecture);
    }
}
