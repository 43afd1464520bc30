package ai.hadal.server.web;

import ai.hadal.server.http.ApiException;
import ai.hadal.server.http.ApiException.Kind;
import ai.hadal.server.http.Call;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/// The files of the page, out of the jar. They load nothing from elsewhere, and the browser is told to see
/// to that.
public final class WebPage {

    private static final String INDEX = "index.html";
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]*\\.[a-z]+");
    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "svg", "image/svg+xml");
    private static final HeaderName POLICY = HeaderNames.create("content-security-policy");
    private static final String SELF_ONLY =
            "default-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none';"
                    + " frame-ancestors 'none'";

    /// A file.
    ///
    /// @param tag changes when the content does
    private record Content(byte[] bytes, String type, String tag) {}

    private final Map<String, Optional<Content>> files = new ConcurrentHashMap<>();

    /// `GET /`.
    public void index(Call call) {
        send(call, INDEX);
    }

    /// `GET /{file}`.
    public void file(Call call) {
        send(call, call.request().path().pathParameters().get("file"));
    }

    private void send(Call call, String name) {
        var content = (NAME.matcher(name).matches()
                        ? files.computeIfAbsent(name, WebPage::load)
                        : Optional.<Content>empty())
                .orElseThrow(() -> new ApiException(
                        Kind.NOT_FOUND, "there is nothing at /" + name + "; the page is at / and the API at /v1"));
        var response = call.response();
        response.header(HeaderNames.CONTENT_TYPE, content.type);
        response.header(HeaderNames.CACHE_CONTROL, "no-cache");
        response.header(HeaderNames.ETAG, content.tag);
        response.header(POLICY, SELF_ONLY);
        response.header("X-Content-Type-Options", "nosniff");
        response.header("Referrer-Policy", "no-referrer");
        if (call.request().headers().contains(HeaderNames.IF_NONE_MATCH)
                && call.request()
                        .headers()
                        .get(HeaderNames.IF_NONE_MATCH)
                        .allValues()
                        .contains(content.tag)) {
            response.status(Status.NOT_MODIFIED_304).send();
        } else {
            call.send(content.bytes);
        }
    }

    private static Optional<Content> load(String name) {
        String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
        try (InputStream in = WebPage.class.getResourceAsStream(name)) {
            if (in == null || type == null) {
                return Optional.empty();
            }
            byte[] bytes = in.readAllBytes();
            var crc = new CRC32C();
            crc.update(bytes);
            return Optional.of(new Content(bytes, type, '"' + Long.toHexString(crc.getValue()) + '"'));
        } catch (IOException e) {
            throw new IllegalStateException("the jar is damaged: " + name, e);
        }
    }
}
