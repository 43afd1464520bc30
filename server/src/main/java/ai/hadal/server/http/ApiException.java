package ai.hadal.server.http;

import ai.hadal.error.HadalException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A request that is answered with an error. Each dialect has its own form for it.
public final class ApiException extends HadalException {

    /// What kind of error it is, in terms that every dialect knows.
    public enum Kind {
        INVALID_REQUEST(400),
        UNAUTHENTICATED(401),
        FORBIDDEN(403),
        NOT_FOUND(404),
        METHOD_NOT_ALLOWED(405),
        TIMEOUT(408),
        TOO_LARGE(413),
        UNSUPPORTED_MEDIA(415),
        RATE_LIMITED(429),
        INTERNAL(500),
        UNAVAILABLE(503);

        private final int status;

        Kind(int status) {
            this.status = status;
        }

        /// The HTTP status.
        public int status() {
            return status;
        }
    }

    private static final Duration USUAL_WAIT = Duration.ofSeconds(2);

    private final Kind kind;
    private final @Nullable String code;
    private final @Nullable String parameter;
    private final Duration wait;

    public ApiException(Kind kind, String message) {
        this(kind, null, null, message);
    }

    /// @param code names the case for programs, as the OpenAI API does: `context_length_exceeded`, ...
    /// @param parameter the field that is wrong
    public ApiException(Kind kind, @Nullable String code, @Nullable String parameter, String message) {
        this(kind, code, parameter, message, USUAL_WAIT);
    }

    /// @param wait when a new try may do
    ApiException(Kind kind, @Nullable String code, @Nullable String parameter, String message, Duration wait) {
        super(message);
        this.wait = wait;
        this.kind = kind;
        this.code = code;
        this.parameter = parameter;
    }

    /// The server ended before an answer did: half an answer is not passed off as a whole one.
    public static ApiException cutShort() {
        return new ApiException(
                Kind.UNAVAILABLE,
                "shutting_down",
                null,
                "the server is shutting down and ended before the answer did; ask again");
    }

    /// A field of the request is wrong.
    public static ApiException invalid(String parameter, String message) {
        return new ApiException(Kind.INVALID_REQUEST, "invalid_value", parameter, message);
    }

    public Kind kind() {
        return kind;
    }

    /// When a new try may do, if one may at all.
    Duration untilRetry() {
        return wait;
    }

    public @Nullable String code() {
        return code;
    }

    public @Nullable String parameter() {
        return parameter;
    }
}
