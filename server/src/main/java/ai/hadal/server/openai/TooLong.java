package ai.hadal.server.openai;

import ai.hadal.engine.RefusedException;
import ai.hadal.server.http.ApiException;
import java.util.function.Supplier;

/// Says of a prompt that is too long in which field it stands.
final class TooLong {

    private TooLong() {}

    /// @param begin begins to answer
    static <T> T in(String field, Supplier<T> begin) {
        try {
            return begin.get();
        } catch (RefusedException e) {
            if (e.kind() != RefusedException.Kind.TOO_LARGE) {
                throw e;
            }
            throw new ApiException(
                    ApiException.Kind.INVALID_REQUEST,
                    "context_length_exceeded",
                    field,
                    String.valueOf(e.getMessage()));
        }
    }
}
