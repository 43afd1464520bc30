package ai.hadal.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.hadal.error.HadalException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class PythonJsonTest {

    private static String rewrite(String json) {
        return PythonJson.write(PythonJson.parse("test", json));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        0                      | 0
        -0                     | 0
        12345678901234567890   | 12345678901234567890
        0.0                    | 0.0
        -0.0                   | -0.0
        1.50                   | 1.5
        1e5                    | 100000.0
        1E-7                   | 1e-07
        0.0001                 | 0.0001
        0.00001                | 1e-05
        0.000123               | 0.000123
        123.456                | 123.456
        1e15                   | 1000000000000000.0
        9999999999999998.0     | 9999999999999998.0
        1e16                   | 1e+16
        123456789012345680.0   | 1.2345678901234568e+17
        1e22                   | 1e+22
        2e23                   | 2e+23
        1e23                   | 1e+23
        1.7976931348623157e308 | 1.7976931348623157e+308
        1e400                  | Infinity
        2.2250738585072014e-308| 2.2250738585072014e-308
        5e-324                 | 5e-324
        9.9e-324               | 1e-323
        1.5e-323               | 1.5e-323
        2e-323                 | 2e-323
        2.5e-323               | 2.5e-323
        1e-400                 | 0.0
        NaN                    | NaN
        Infinity               | Infinity
        -Infinity              | -Infinity
        """)
    void writesNumbersLikePython(String read, String written) {
        assertThat(rewrite(read)).isEqualTo(written);
    }

    @Property
    void aFloatReadsBackToItself(@ForAll double value) {
        assertThat(Double.parseDouble(PythonFloat.json(value))).isEqualTo(value);
        assertThat(PythonFloat.json(-value))
                .isEqualTo(value == 0 && 1 / value < 0 ? "0.0" : negated(PythonFloat.json(value)));
    }

    private static String negated(String number) {
        return number.startsWith("-") ? number.substring(1) : "-" + number;
    }

    @Test
    void separatesWithSpacesAndKeepsOrder() {
        assertThat(rewrite(" {\"z\":1,\n\"a\" : [ ] ,\"o\":{},\"l\":[1,{\"k\":null},true]} "))
                .isEqualTo("{\"z\": 1, \"a\": [], \"o\": {}, \"l\": [1, {\"k\": null}, true]}");
    }

    @Test
    void theLastOfEqualKeysCountsAtTheFirstPlace() {
        assertThat(rewrite("{\"a\": 1, \"b\": 2, \"a\": 3}")).isEqualTo("{\"a\": 3, \"b\": 2}");
    }

    @Test
    void escapesOnlyWhatItMust() {
        assertThat(PythonJson.quote("\"\\/\n\r\t\b\f\u0000\u001f\u007f\u2028<é😀>"))
                .isEqualTo("\"\\\"\\\\/\\n\\r\\t\\b\\f\\u0000\\u001f\u007f\u2028<é😀>\"");
    }

    @Property
    void quotedTextReadsBackToItself(@ForAll String text) {
        assertThat(JsonMapper.shared().readTree(PythonJson.quote(text)).stringValue())
                .isEqualTo(text);
        assertThat(PythonJson.parse("test", PythonJson.quote(text)).stringValue())
                .isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "{]",
                "[1,]",
                "{\"a\" 1}",
                "{a: 1}",
                "'a'",
                "01",
                "1.",
                ".5",
                "+1",
                "1 2",
                "{} x",
                "INF",
                "-INF",
                "+Infinity",
                "nul",
                "\"a\nb\"",
                "// c\n1"
            })
    void isAsStrictAsPython(String text) {
        assertThat(PythonJson.tryParse(text)).isNull();
        assertThatThrownBy(() -> PythonJson.parse("cases.jsonl line 3", text))
                .isInstanceOf(HadalException.class)
                .hasMessageStartingWith("cases.jsonl line 3 is not valid JSON (")
                .hasMessageEndingWith("): correct the text")
                .hasMessageNotContaining("\n");
    }

    @Test
    void nestingIsLimitedNotFatal() {
        assertThat(PythonJson.tryParse("[".repeat(100_000))).isNull();
    }

    @Test
    void readsIntegersOfAnyUsualLength() {
        String digits = "7".repeat(4300);
        assertThat(rewrite(digits)).isEqualTo(digits);
        assertThat(PythonJson.tryParse("7".repeat(4400))).isNull();
    }
}
