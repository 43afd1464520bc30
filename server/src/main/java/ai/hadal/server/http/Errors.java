package ai.hadal.server.http;

import ai.hadal.engine.RefusedException;
import ai.hadal.error.HadalException;
import ai.hadal.server.http.ApiException.Kind;
import ai.hadal.server.reply.QuotaException;
import org.jspecify.annotations.Nullable;

/// What clients are told of the things that go wrong.
public final class Errors {

    private Errors() {}

    /// An error that a client may see, for anything thrown.
    ///
    /// @return null if it is a fault of the server's own, whose details are no client's business
    static @Nullable ApiException expected(Throwable thrown) {
        return switch (thrown) {
            case ApiException e -> e;
            case RefusedException e -> refused(e);
            case QuotaException e ->
                new ApiException(Kind.RATE_LIMITED, "rate_limit_exceeded", null, said(e), e.untilMore());
            case HadalException e -> new ApiException(Kind.INVALID_REQUEST, said(e));
            default -> null;
        };
    }

    private static ApiException refused(RefusedException e) {
        return switch (e.kind()) {
            case TOO_LARGE -> new ApiException(Kind.INVALID_REQUEST, "context_length_exceeded", "messages", said(e));
            case QUEUE_FULL -> new ApiException(Kind.UNAVAILABLE, "overloaded", null, said(e));
            case TENANT_LIMIT -> new ApiException(Kind.RATE_LIMITED, "rate_limit_exceeded", null, said(e));
            case SHUTTING_DOWN -> new ApiException(Kind.UNAVAILABLE, "shutting_down", null, said(e));
        };
    }

    private static String said(HadalException e) {
        String message = e.getMessage();
        return message == null ? e.getClass().getSimpleName() : message;
    }

    /// What a client is told of the server's own fault.
    static ApiException internal(String requestId) {
        return new ApiException(
                Kind.INTERNAL,
                "the server failed; its log says more under request " + requestId + ", and a new try may do");
    }
}
