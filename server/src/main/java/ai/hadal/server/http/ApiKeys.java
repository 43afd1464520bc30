package ai.hadal.server.http;

import ai.hadal.error.HadalException;
import ai.hadal.model.Sha256;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The keys that open the server. Keys are kept and compared as hashes, and all of them every time, so that
/// the time it takes tells nothing.
public final class ApiKeys {

    private record Key(String name, byte[] hash) {}

    private final List<Key> keys = new ArrayList<>();

    /// @param keys key by the name under which its requests count; none if everyone may ask
    /// @throws HadalException if a key is empty
    public ApiKeys(Map<String, String> keys) {
        keys.forEach((name, key) -> {
            if (key.isBlank()) {
                throw new HadalException("the API key '" + name + "' is empty; give it a secret, or leave it out");
            }
            this.keys.add(new Key(name, Sha256.of(key)));
        });
    }

    /// Whether a key is needed.
    public boolean needed() {
        return !keys.isEmpty();
    }

    /// The name of a key.
    ///
    /// @param key as the client sent it; null if it sent none
    public Optional<String> name(@Nullable String key) {
        byte[] hash = Sha256.of(key == null ? "" : key);
        Optional<String> found = Optional.empty();
        for (var candidate : keys) {
            if (MessageDigest.isEqual(candidate.hash, hash)) {
                found = Optional.of(candidate.name);
            }
        }
        return found;
    }
}
