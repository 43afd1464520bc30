package ai.hadal.tensor;

import java.lang.foreign.MemorySegment;

/// GGUF `IQ2_XXS`: 256 elements in 66 bytes: an F16 `d` and eight groups of 32 elements in two 32-bit words. The
/// first word holds four indices into a grid of magnitudes, eight elements each; the second four 7-bit sign codes
/// and, in bits 28 to 31, the group's scale `s`. The value is `d * (s + 0.5) / 4 * magnitude`, signed.
public final class Iq2Xxs {

    /// The format's grid: per index eight 2-bit codes (four hexadecimal digits, the first element in the lowest
    /// bits) for the magnitudes 8, 25 and 43. Data of the GGUF format.
    private static final String GRID_CODES = ""
            + "0000000200050008000a00110014002000220028002a00410044005000580061006400800082008a00a2010101040110"
            + "0115014001840198020002020222028204010404041004210424044004420448046004810484049004a4050005020508"
            + "05200546056905800591060906100640068406a40800080508080814082808410844085008520888090409400a020a14"
            + "1001100410101021104010601084109010951100110811201150115a1180122412451400140814201425144914801518"
            + "156216001616180118041810184018811900190519a01a5120002002200a204420612080208221292148220022022401"
            + "240424102440245625002541256426902808282028942a44400140044010401840214024404040484056406040814084"
            + "409041004120416141804185420142104248425642684400440844204480449945124524460048014804481048404845"
            + "49004958496149824a454a9050005008501150195020508050885104514251a4529154905492550a5601565458005811"
            + "5819586459405a086004601060406068610061556218626064006405651065126584684280008002800a804180828104"
            + "811881408211840184048410841584408460850085468594860986408660880289048a11900490109024904090a19116"
            + "91809245940094229444955198819920a002a050a085a109a200a418a850a904";

    private static final byte[] GRID = grid();

    private Iq2Xxs() {}

    /// Decodes the block at byte `offset` into 256 floats.
    public static void decode(MemorySegment data, long offset, float[] out, int outOffset) {
        float d = F16.decode(data.get(Little.SHORT, offset));
        for (int group = 0; group < 8; group++) {
            int indices = data.get(Little.INT, offset + 2 + 8L * group);
            int signsAndScale = data.get(Little.INT, offset + 6 + 8L * group);
            float scale = d * ((signsAndScale >>> 28) + 0.5f) * 0.25f;
            for (int l = 0; l < 4; l++) {
                int index = (indices >>> 8 * l) & 0xff;
                int signs = signs((signsAndScale >>> 7 * l) & 127);
                for (int j = 0; j < 8; j++) {
                    float value = scale * magnitude(index, j);
                    out[outOffset + 32 * group + 8 * l + j] = (signs >> j & 1) == 0 ? value : -value;
                }
            }
        }
    }

    /// The magnitude (8, 25 or 43) of element `0 .. 7` of a grid entry.
    public static int magnitude(int index, int element) {
        return GRID[8 * index + element];
    }

    /// The eight sign bits of a 7-bit code: the eighth makes the number of minus signs even.
    public static int signs(int code) {
        return code | (Integer.bitCount(code) & 1) << 7;
    }

    private static byte[] grid() {
        byte[] magnitudes = {8, 25, 43};
        byte[] grid = new byte[256 * 8];
        for (int index = 0; index < 256; index++) {
            int codes = Integer.parseInt(GRID_CODES, 4 * index, 4 * index + 4, 16);
            for (int j = 0; j < 8; j++) {
                grid[8 * index + j] = magnitudes[codes >> 2 * j & 3];
            }
        }
        return grid;
    }
}
