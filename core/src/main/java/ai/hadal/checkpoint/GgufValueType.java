package ai.hadal.checkpoint;

import org.jspecify.annotations.Nullable;

/// Types of GGUF metadata values, in the order of their ids; sizes in bytes, 0 where the value says.
enum GgufValueType {
    U8(1),
    I8(1),
    U16(2),
    I16(2),
    U32(4),
    I32(4),
    F32(4),
    BOOL(1),
    STRING(0),
    ARRAY(0),
    U64(8),
    I64(8),
    F64(8);

    private final int bytes;

    GgufValueType(int bytes) {
        this.bytes = bytes;
    }

    int bytes() {
        return bytes;
    }

    boolean isInteger() {
        return switch (this) {
            case U8, I8, U16, I16, U32, I32, U64, I64 -> true;
            case F32, F64, BOOL, STRING, ARRAY -> false;
        };
    }

    static @Nullable GgufValueType of(int id) {
        return id >= 0 && id < values().length ? values()[id] : null;
    }
}
