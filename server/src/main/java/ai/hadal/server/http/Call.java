package ai.hadal.server.http;

import ai.hadal.server.connection.Inbound;
import ai.hadal.server.http.ApiException.Kind;
import ai.hadal.server.http.EventStream.ClientGoneException;
import ai.hadal.server.reply.Caller;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// One request and its response.
public final class Call {

    private static final int DEEPEST_JSON = 256;
    private static final HeaderName UNENFORCED = HeaderNames.create("X-Unenforced-Keywords");
    private static final HeaderName IGNORED_TOOLS = HeaderNames.create("X-Ignored-Tools");

    /// What stands in the message may be a word of the prompt, and messages are logged.
    private static final Pattern QUOTED_TOKEN = Pattern.compile("token '.*?'(?=:)");

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEEPEST_JSON)
                            .maxStringLength(Integer.MAX_VALUE)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final ServerRequest request;
    private final ServerResponse response;
    private final Caller caller;
    private final long mostBytes;
    private final Runnable heading;
    private @Nullable EventStream stream;
    private boolean broken;

    /// @param mostBytes longest body allowed
    /// @param heading adds the headers that tell what is left of quotas
    public Call(ServerRequest request, ServerResponse response, Caller caller, long mostBytes, Runnable heading) {
        this.request = request;
        this.response = response;
        this.caller = caller;
        this.mostBytes = mostBytes;
        this.heading = heading;
    }

    public ServerRequest request() {
        return request;
    }

    public ServerResponse response() {
        return response;
    }

    public Caller caller() {
        return caller;
    }

    /// The fields of the body.
    ///
    /// @throws ApiException if there is no body, it is too long, or no JSON object in UTF-8
    public Fields body() {
        byte[] bytes = bytes();
        if (bytes.length == 0) {
            throw new ApiException(Kind.INVALID_REQUEST, "the request has no body; send a JSON object");
        }
        return new Fields(parse(bytes), "");
    }

    /// Adds the headers that tell what is left of quotas.
    void tellQuotas() {
        heading.run();
    }

    private byte[] bytes() {
        long length = request.headers().contentLength().orElse(0);
        if (length > mostBytes) {
            throw tooLarge();
        }
        if (!request.content().hasEntity()) {
            return new byte[0];
        }
        byte[] bytes = read((int) Math.min(mostBytes + 1, Integer.MAX_VALUE - 8));
        if (bytes.length > mostBytes) {
            throw tooLarge();
        }
        return bytes;
    }

    private byte[] read(int most) {
        try (InputStream in = request.content().inputStream()) {
            return in.readNBytes(most);
        } catch (IOException | RuntimeException e) {
            // The web server has no one exception for what a client may do wrong here.
            response.header(HeaderValues.CONNECTION_CLOSE);
            broken = true;
            throw isTimeout(e)
                    ? new ApiException(Kind.TIMEOUT, "the request's body came too slowly; send it faster")
                    : new ApiException(
                            Kind.INVALID_REQUEST,
                            "the request's body ends early or its chunks are not well-formed; send it whole");
        }
    }

    /// Whether the body could not be read to its end, so that nothing more can be read from the connection.
    boolean isBroken() {
        return broken;
    }

    private static boolean isTimeout(Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof SocketTimeoutException) {
                return true;
            }
        }
        return false;
    }

    /// The rest of the body stays unread, so the connection serves for nothing more.
    private ApiException tooLarge() {
        response.header(HeaderValues.CONNECTION_CLOSE);
        return new ApiException(
                Kind.TOO_LARGE,
                "the request's body is longer than the " + mostBytes + " bytes that this server takes; shorten it");
    }

    private static JsonNode parse(byte[] bytes) {
        try {
            return MAPPER.readTree(bytes);
        } catch (StreamConstraintsException e) {
            throw new ApiException(
                    Kind.INVALID_REQUEST,
                    "the request's JSON is nested deeper than " + DEEPEST_JSON + " levels or has a number or name"
                            + " that is too long; simplify it");
        } catch (JacksonException e) {
            var at = e.getLocation();
            String where = at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
            throw new ApiException(
                    Kind.INVALID_REQUEST,
                    "the request's body is no JSON" + where + " ("
                            + QUOTED_TOKEN
                                    .matcher(e.getOriginalMessage()
                                            .lines()
                                            .findFirst()
                                            .orElse(""))
                                    .replaceFirst("token")
                            + "); send a JSON object in UTF-8");
        }
    }

    /// Names what of the request's schemas the answer is not held to, in the header `X-Unenforced-Keywords`. To be
    /// called before the answer begins.
    ///
    /// @param keywords places of keywords
    public void tellUnenforced(List<String> keywords) {
        if (!keywords.isEmpty()) {
            response.header(UNENFORCED, HeaderText.list(keywords));
        }
    }

    /// Names tools of the request that the model does not hear of, in the header `X-Ignored-Tools`. To be called
    /// before the answer begins.
    ///
    /// @param types types of tools
    public void tellIgnoredTools(List<String> types) {
        if (!types.isEmpty()) {
            response.header(IGNORED_TOOLS, HeaderText.list(types));
        }
    }

    /// Answers with JSON.
    public void send(JsonNode json) {
        send(200, json);
    }

    /// Answers with JSON.
    public void send(int status, JsonNode json) {
        heading.run();
        WholeResponse.json(request, response, status, json);
    }

    /// Answers with these bytes.
    public void send(byte[] body) {
        WholeResponse.send(request, response, body);
    }

    /// Tells when the client goes away before the request is answered; at once if it has gone already.
    ///
    /// @param told called on another thread, with what the request then ends with
    public void onGone(Consumer<IOException> told) {
        Inbound.current().ifPresent(inbound -> inbound.onGone(() -> told.accept(new ClientGoneException(null))));
    }

    /// Answers with events from now on.
    public EventStream stream() {
        heading.run();
        var begun = EventStream.begin(response);
        stream = begun;
        return begun;
    }

    /// The stream that was begun, null if none was.
    public @Nullable EventStream begun() {
        return stream;
    }
}
