package ai.hadal.chat;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PythonTextTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        {"a": [1, 2.0, null, true, NaN]} | {'a': [1, 2.0, None, True, nan]}  | dict     | true
        {}                               | {}                                | dict     | false
        []                               | []                                | list     | false
        [0]                              | [0]                               | list     | true
        -Infinity                        | -inf                              | float    | true
        0.0                              | 0.0                               | float    | false
        7                                | 7                                 | int      | true
        false                            | False                             | bool     | false
        null                             | None                              | NoneType | false
        "it's"                           | "it's"                            | str      | true
        "it's \\"so\\""                  | 'it\\'s "so"'                     | str      | true
        "\\\\ \\n\\r\\t\\u0007\\u00a0"   | '\\\\ \\n\\r\\t\\x07\\xa0'        | str      | true
        "\\u200b\\ud800 é你😀"           | '\\u200b\\ud800 é你😀'            | str      | true
        "\\udb40\\udc01"                 | '\\U000e0001'                     | str      | true
        ""                               | ''                                | str      | false
        """)
    void showsValuesLikePython(String json, String repr, String type, boolean truthy) {
        var value = PythonJson.parse("test", json);

        assertThat(PythonText.repr(value)).isEqualTo(repr);
        assertThat(PythonText.type(value)).isEqualTo(type);
        assertThat(PythonText.isTruthy(value)).isEqualTo(truthy);
    }
}
