package ai.hadal.backend.cpu;

import static ai.hadal.backend.cpu.Lanes.B;
import static ai.hadal.backend.cpu.Lanes.I;
import static ai.hadal.backend.cpu.Lanes.L;
import static ai.hadal.backend.cpu.Lanes.PARTS;

import ai.hadal.backend.EntryLayout;
import ai.hadal.backend.EntryLayout.Form;
import ai.hadal.backend.host.EntryCodes;
import ai.hadal.backend.host.HostEntries;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.VectorOperators;

/// Entries to floats, the vector twin of [EntryCodes#decode].
final class EntryDecoder {

    private EntryDecoder() {}

    static void decode(HostEntries entries, int index, float[] out, int to) {
        var layout = entries.layout();
        if (layout.form() == Form.FP4) {
            byte[] stored = new byte[layout.bytes()];
            entries.readStored(index, stored);
            EntryCodes.decode(layout, stored, 0, out, to);
            return;
        }
        byte[] bytes = entries.page(index);
        int at = entries.offset(index);
        int codes = layout.codes();
        for (int from = 0; from < codes; from += EntryLayout.FP8_GROUP) {
            float scale = EntryCodes.scale(layout, bytes, at, from / EntryLayout.FP8_GROUP);
            e4m3(bytes, at + from, Math.min(EntryLayout.FP8_GROUP, codes - from), scale, out, to + from);
        }
        floats(bytes, at + codes, layout.width() - codes, out, to + codes);
    }

    /// Codes of a group, none of them NaN: its scale says that.
    private static void e4m3(byte[] bytes, int at, int n, float scale, float[] out, int to) {
        int i = 0;
        for (; i + B.length() <= n; i += B.length()) {
            var codes = ByteVector.fromArray(B, bytes, at + i);
            for (int part = 0; part < PARTS; part++) {
                codes.convertShape(VectorOperators.B2I, I, part)
                        .reinterpretAsInts()
                        .lanewise(VectorOperators.LSHL, 20)
                        .and(0x87F00000)
                        .reinterpretAsFloats()
                        .mul(ByteDecoder.E4M3_BIAS)
                        .mul(scale)
                        .intoArray(out, to + i + part * L);
            }
        }
        EntryCodes.e4m3(bytes, at + i, n - i, scale, out, to + i);
    }

    private static void floats(byte[] bytes, int at, int n, float[] out, int to) {
        int i = 0;
        for (; i + L <= n; i += L) {
            ByteVector.fromArray(Lanes.BYTES, bytes, at + Float.BYTES * i)
                    .reinterpretAsFloats()
                    .intoArray(out, to + i);
        }
        EntryCodes.floats(bytes, at + Float.BYTES * i, n - i, out, to + i);
    }
}
