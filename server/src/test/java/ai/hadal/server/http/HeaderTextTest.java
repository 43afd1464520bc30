package ai.hadal.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class HeaderTextTest {

    @Test
    void nothingInAListEndsALine() {
        assertThat(HeaderText.list(List.of("a#/b c", "x\r\nSet-Cookie: y", "é,%")))
                .isEqualTo("a#/b%20c, x%0D%0ASet-Cookie:%20y, %C3%A9%2C%25");
    }

    @Test
    void aLongListSaysThatThereIsMore() {
        String list = HeaderText.list(Collections.nCopies(1000, "#/properties/name/uniqueItems"));
        assertThat(list).hasSizeLessThan(2100).endsWith("uniqueItems, ...");
        assertThat(HeaderText.list(List.of("a".repeat(5000)))).isEqualTo("...");
    }
}
