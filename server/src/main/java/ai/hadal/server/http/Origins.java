package ai.hadal.server.http;

import ai.hadal.error.HadalException;
import ai.hadal.server.http.ApiException.Kind;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

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

    private static final Pattern ORIGIN = Pattern.compile("\\*|null|[a-z][a-z0-9+.-]*://[^/?#*\\s]+");

    /// No name server answers for these.
    private static final Pattern LOCAL_NAME = Pattern.compile("(.+\\.)?localhost|[0-9.]+|\\[[0-9a-f:.]+]");

    private final List<String> allowed;
    private final boolean localOnly;

    /// @param allowed origins such as `https://example.org`, `null` as pages in files have it, or `*`
    /// @param localOnly whether the server's own page is only one that came from `localhost` or a bare IP address:
    ///     a server that trusts whoever reaches it must not trust a page whose name was made to lead there
    /// @throws HadalException if one is no origin
    public Origins(List<String> allowed, boolean localOnly) {
        for (String origin : allowed) {
            if (!ORIGIN.matcher(origin).matches()) {
                throw new HadalException(
                        "'" + origin + "' is no origin (--cors-origin); give a scheme and a host without"
                                + " a path, such as https://example.org, or * for all");
            }
        }
        this.allowed = List.copyOf(allowed);
        this.localOnly = localOnly;
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

    private boolean isOwn(String origin, ServerRequest request) {
        try {
            var uri = URI.create(origin);
            String authority = uri.getAuthority();
            return authority != null
                    && authority.equalsIgnoreCase(request.authority())
                    && (!localOnly || isLocal(uri.getHost()));
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    private static boolean isLocal(@Nullable String host) {
        return host != null && LOCAL_NAME.matcher(host.toLowerCase(Locale.ROOT)).matches();
    }
}
