package ai.hadal.engine.disk;

import java.nio.ByteBuffer;
import java.util.Arrays;

/// The first bytes of a segment file: magic `HADALSEG`, version, salt, fingerprint, and a CRC-32C of all
/// before it.
///
/// @param salt a random number that ties the records to their file
/// @param fingerprint 32 bytes that tell checkpoint and numerics profile
record SegmentHeader(long salt, byte[] fingerprint) {

    private static final long MAGIC = 0x484144414C534547L; // HADALSEG
    private static final int VERSION = 1;

    static final int FINGERPRINT_BYTES = 32;
    static final int BYTES = Long.BYTES + Integer.BYTES + Long.BYTES + FINGERPRINT_BYTES + Integer.BYTES;

    /// What the first bytes of a file say.
    sealed interface Found {
        /// Written for the same checkpoint and profile.
        record Own(SegmentHeader header) implements Found {}

        /// A segment, but of another checkpoint, profile or version of Hadal.
        record Other() implements Found {}

        /// A segment whose header has a wrong checksum.
        record Damaged() implements Found {}

        /// No segment at all.
        record Foreign() implements Found {}
    }

    ByteBuffer encode() {
        var bytes = ByteBuffer.allocate(BYTES);
        bytes.putLong(MAGIC).putInt(VERSION).putLong(salt).put(fingerprint);
        bytes.putInt(Checksum.of(bytes.duplicate().flip()));
        return bytes.flip();
    }

    /// @param bytes the first bytes of a file, fewer than a header where the file has no more
    /// @param fingerprint the one that is wanted
    static Found decode(ByteBuffer bytes, byte[] fingerprint) {
        if (bytes.remaining() < Long.BYTES || bytes.getLong(0) != MAGIC) {
            return new Found.Foreign();
        }
        if (bytes.remaining() < BYTES) {
            return new Found.Damaged();
        }
        if (bytes.getInt(Long.BYTES) != VERSION) {
            return new Found.Other();
        }
        int sumAt = BYTES - Integer.BYTES;
        if (bytes.getInt(sumAt) != Checksum.of(bytes.slice(0, sumAt))) {
            return new Found.Damaged();
        }
        byte[] found = new byte[FINGERPRINT_BYTES];
        bytes.get(sumAt - FINGERPRINT_BYTES, found);
        return Arrays.equals(found, fingerprint)
                ? new Found.Own(new SegmentHeader(bytes.getLong(Long.BYTES + Integer.BYTES), found))
                : new Found.Other();
    }
}
