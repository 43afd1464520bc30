package ai.hadal.backend.reference;

import ai.hadal.backend.EntryLayout;
import ai.hadal.backend.EntryLayout.Form;
import ai.hadal.backend.host.Arithmetic;
import ai.hadal.backend.host.EntryCodes;
import ai.hadal.backend.host.HostEntries;
import ai.hadal.tensor.E2m1;

/// An index key and its products with queries, see [ai.hadal.backend.Backend#select].
final class ReferenceKey {

    private final EntryLayout layout;
    private final byte[] bytes;
    private final float[] values;

    ReferenceKey(HostEntries keys, int index) {
        layout = keys.layout();
        bytes = new byte[layout.bytes()];
        keys.readStored(index, bytes);
        values = new float[layout.width()];
        keys.read(index, values);
    }

    /// The product with `q[at ..]`.
    float dot(float[] q, int at) {
        return layout.form() == Form.FP4 ? groups(q, at) : Arithmetic.dot(q, at, values, 0, values.length);
    }

    private float groups(float[] q, int at) {
        byte[] query = new byte[layout.bytes()];
        EntryCodes.encode(layout, q, at, query, 0);
        float[] sums = new float[4];
        for (int g = 0; g < layout.scales(); g++) {
            int dot = 0;
            for (int i = g * EntryLayout.FP4_GROUP; i < Math.min(values.length, (g + 1) * EntryLayout.FP4_GROUP); i++) {
                dot += doubled(bytes, i) * doubled(query, i);
            }
            float keyScale = 0.5f * EntryCodes.scale(layout, bytes, 0, g);
            float queryScale = 0.5f * EntryCodes.scale(layout, query, 0, g);
            sums[g % 4] = Math.fma(dot, keyScale * queryScale, sums[g % 4]);
        }
        return (sums[0] + sums[2]) + (sums[1] + sums[3]);
    }

    private static int doubled(byte[] bytes, int i) {
        return (int) (2f * E2m1.decode(bytes[i / 2] >> i % 2 * 4));
    }
}
