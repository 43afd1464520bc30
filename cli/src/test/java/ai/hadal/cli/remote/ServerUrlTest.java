package ai.hadal.cli.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.hadal.error.HadalException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Addresses as people write them.
class ServerUrlTest {

    @ParameterizedTest
    @CsvSource({
        "http://localhost:8080, http://localhost:8080/v1",
        "http://localhost:8080/, http://localhost:8080/v1",
        "http://localhost:8080/v1, http://localhost:8080/v1",
        "http://localhost:8080/v1/, http://localhost:8080/v1",
        "https://example.com/v1/chat/completions, https://example.com/v1",
        "https://example.com/openai, https://example.com/openai/v1",
        "https://example.com/api/v3, https://example.com/api/v3",
        "https://example.com/v1beta, https://example.com/v1beta",
        "localhost:8080, http://localhost:8080/v1",
        "127.0.0.1, http://127.0.0.1/v1",
        "[::1]:9, http://[::1]:9/v1",
        "api.deepseek.com, https://api.deepseek.com/v1",
        "HTTP://example.com, HTTP://example.com/v1"
    })
    void theyBecomeTheAddressOfTheApi(String url, String base) {
        assertThat(ServerUrl.base(url)).hasToString(base);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "ftp://example.com",
                "http://",
                "http://a b",
                "http://example.com?x=1",
                "http://example.com#x",
                "http://me:secret@example.com",
                "http:///v1"
            })
    void othersAreRefusedInASentence(String url) {
        assertThatThrownBy(() -> ServerUrl.base(url))
                .isInstanceOf(HadalException.class)
                .hasMessageStartingWith("'" + url + "' is no address of a server (")
                .hasMessageContaining("; give one such as");
    }

    @Test
    void aKeyIsOneWord() {
        assertThatThrownBy(() -> new RemoteServer("localhost", "two words", Duration.ofSeconds(1)))
                .isInstanceOf(HadalException.class)
                .hasMessageStartingWith("the API key has characters");
    }
}
