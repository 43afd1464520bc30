package ai.hadal.server.http;

import ai.hadal.server.http.ApiException.Kind;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/// Which web pages may call the server: its own, and those of the origins that are allowed. Requests of
/// programs carry no origin and are none of this class's business. Without it any page that somebody opens
/// could use a server on their machine.
public final class Origins {

    private static final String ALL = "*";
    private static final HeaderName ALLOW_ORIGIN = HeaderNames.create("access-control-allow-origin");
    private static final HeaderName ALLOW_METHODS = HeaderNames.create("access-control-allow-methods");
    private static final HeaderName ALLOW_HEADERS = HeaderNames.create("access-control-allow-headers");
    private static final HeaderName MAX_AGE = HeaderNames.create("access-control-max-age");
    private static final String ASKED_HEADERS = "access-control-request-headers";

    private final List<String> allowed;

    /// @param allowed origins such as `https://example.org`, or `*`
    public Origins(List<String> allowed) {
        this.allowed = List.copyOf(allowed);
    }

    /// Checks where a request comes from, and tells the browser if it may see the answer.
    ///
    /// @return whether the request was only a browser's question beforehand, and is answered
    /// @throws ApiException if a page of another origin sent it
    boolean check(ServerRequest request, ServerResponse response) {
        Optional<String> origin = request.headers().first(HeaderNames.ORIGIN);
        if (origin.isEmpty() || isOwn(origin.get(), request)) {
            return false;
        }
        if (!allowed.contains(ALL) && !allowed.contains(origin.get())) {
            throw new ApiException(
                    Kind.FORBIDDEN,
                    "origin_not_allowed",
                    null,
                    "pages of " + origin.get() + " may not call this server; allow them with --cors-origin");
        }
        response.header(ALLOW_ORIGIN, allowed.contains(ALL) ? ALL : origin.get());
        response.header(HeaderNames.VARY, "Origin");
        if (!request.prologue().method().equals(Method.OPTIONS)) {
            return false;
        }
        response.header(ALLOW_METHODS, "GET, POST, DELETE");
        response.header(
                ALLOW_HEADERS,
                request.headers()
                        .first(HeaderNames.create(ASKED_HEADERS))
                        .orElse("authorization, content-type, x-api-key"));
        response.header(MAX_AGE, "600");
        response.status(Status.NO_CONTENT_204).send();
        return true;
    }

    private static boolean isOwn(String origin, ServerRequest request) {
        try {
            String authority = URI.create(origin).getAuthority();
            return authority != null && authority.equalsIgnoreCase(request.authority());
        } catch (IllegalArgumentException _) {
            return false;
        }
    }
}
