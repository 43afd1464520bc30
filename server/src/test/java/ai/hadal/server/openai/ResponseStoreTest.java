package ai.hadal.server.openai;

import static org.assertj.core.api.Assertions.assertThat;

import ai.hadal.chat.Message;
import ai.hadal.server.openai.ResponseStore.Stored;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.JsonNodeFactory;

class ResponseStoreTest {

    private static final String TENANT = "tests";

    private static Stored stored(String tenant, int letters) {
        return new Stored(
                tenant,
                JsonNodeFactory.instance.objectNode().put("text", "a".repeat(letters)),
                List.of(new Message.User("a".repeat(letters))));
    }

    @Test
    void forgetsWhatWasNotAskedForLongest() {
        long one = stored(TENANT, 1000).bytes();
        var store = new ResponseStore(3 * one);
        for (String id : List.of("a", "b", "c")) {
            store.put(id, stored(TENANT, 1000));
        }
        assertThat(store.get("a", TENANT)).isNotNull();
        store.put("d", stored(TENANT, 1000));
        assertThat(store.get("b", TENANT)).isNull();
        assertThat(store.get("a", TENANT)).isNotNull();
        assertThat(store.remove("c", TENANT)).isTrue();
        store.put("e", stored(TENANT, 1000));
        assertThat(store.get("a", TENANT)).isNotNull();
        assertThat(store.get("d", TENANT)).isNotNull();
    }

    @Test
    void takesNothingLargerThanItself() {
        var store = new ResponseStore(stored(TENANT, 1000).bytes());
        store.put("a", stored(TENANT, 1000));
        store.put("b", stored(TENANT, 1001));
        assertThat(store.get("a", TENANT)).isNotNull();
        assertThat(store.get("b", TENANT)).isNull();
    }

    @Test
    void countsLettersOfBothItsParts() {
        assertThat(stored(TENANT, 1000).bytes() - stored(TENANT, 0).bytes()).isEqualTo(4000);
    }

    @Test
    void keepsTenantsApart() {
        var store = new ResponseStore(1 << 20);
        store.put("a", stored(TENANT, 10));
        assertThat(store.get("a", "others")).isNull();
        assertThat(store.remove("a", "others")).isFalse();
        assertThat(store.get("a", TENANT)).isNotNull();
    }
}
