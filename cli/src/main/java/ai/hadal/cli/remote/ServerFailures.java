package ai.hadal.cli.remote;

import ai.hadal.error.HadalException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import javax.net.ssl.SSLException;

/// What can go wrong with a server, as sentences.
///
/// @param base the address of its API
/// @param hasKey a key is sent
record ServerFailures(URI base, boolean hasKey) {

    /// The longest quotation of a server.
    private static final int MOST_QUOTED = 300;

    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;
    private static final int TOO_MANY = 429;
    private static final int REDIRECT = 300;
    private static final int REFUSED = 400;
    private static final int FAILED = 500;

    /// There was no response.
    HadalException unreached(IOException e) {
        return new HadalException(
                switch (e) {
                    case HttpConnectTimeoutException _ ->
                        base + " does not answer; check the address, the network, and that it speaks "
                                + base.getScheme();
                    case SSLException _ ->
                        "the TLS connection to " + base + " failed (" + reason(e)
                                + "); check its certificate, or try http:// if it has none";
                    case ConnectException _, UnknownHostException _
                    when isUnknownHost(e) -> "there is no host " + base.getHost() + "; check the address " + base;
                    case ConnectException _ ->
                        "nothing listens at " + base + " (connection refused); start the server or check the address";
                    default ->
                        base + " closed the connection without an answer (" + reason(e)
                                + "); check that it is a server and speaks " + base.getScheme();
                },
                e);
    }

    private static boolean isUnknownHost(Throwable e) {
        return e instanceof UnknownHostException
                || e instanceof UnresolvedAddressException
                || e.getCause() != null && isUnknownHost(e.getCause());
    }

    /// The response ended in the midst.
    HadalException broken(IOException e) {
        return new HadalException(
                "the connection to " + base + " broke off (" + reason(e) + "); try again, or look at the server's log",
                e);
    }

    /// The response ended in good order, but too early.
    HadalException unfinished() {
        return new HadalException(
                base + " ended the answer before it was done; try again, or look at the server's log");
    }

    HadalException silent(Duration silence) {
        return new HadalException(base + " has said nothing for " + silence.toSeconds()
                + " s; raise --timeout, or look at the server's log");
    }

    /// @param contentType of the response, "" if it has none
    HadalException noStream(String contentType) {
        return new HadalException(
                base + " answers with " + (contentType.isEmpty() ? "no content type" : quoted(contentType))
                        + " instead of a stream of events; check that it is an OpenAI-compatible server that streams");
    }

    HadalException noJson(String data) {
        return new HadalException(
                base + " sent an event that is no answer (" + quoted(data) + "); look at the server's log");
    }

    /// The server says in the stream that it failed.
    HadalException told(String message) {
        return new HadalException(base + " broke the answer off (" + quoted(message) + "); try again");
    }

    /// The server ended the answer for a reason of its own.
    HadalException ended(String reason) {
        return new HadalException(base + " ended the answer early (" + quoted(reason) + "); ask in another way");
    }

    HadalException unknownModel(String model, String known) {
        return new HadalException(
                base + " has no model '" + model + "'; name one of its models with --model: " + known);
    }

    /// A status other than 200.
    ///
    /// @param message what the server says about it, "" for nothing
    HadalException status(int status, String message) {
        String said = " (" + status + (message.isEmpty() ? "" : ": " + quoted(message)) + ")";
        return new HadalException(
                switch (status) {
                    case UNAUTHORIZED, FORBIDDEN ->
                        base + (hasKey ? " refuses the key" : " wants a key") + said + "; give "
                                + (hasKey ? "another" : "it") + " with --api-key or the variable HADAL_API_KEY";
                    case NOT_FOUND -> base + " has no such address" + said + "; check the URL and the model's name";
                    case TOO_MANY -> base + " has too much to do" + said + "; wait a little and try again";
                    default -> {
                        if (status >= FAILED) {
                            yield base + " failed" + said + "; try again, or look at the server's log";
                        }
                        yield status >= REFUSED
                                ? base + " refuses the request" + said + "; change what it names"
                                : base + (status >= REDIRECT ? " is elsewhere" : " answers nothing") + said
                                        + "; check the URL";
                    }
                });
    }

    private static String reason(IOException e) {
        for (Throwable at = e; at != null; at = at.getCause()) {
            if (at.getMessage() != null) {
                return quoted(at.getMessage());
            }
        }
        return e.getClass().getSimpleName();
    }

    private static String quoted(String text) {
        String line = text.strip().replaceAll("\\s+", " ");
        return line.length() <= MOST_QUOTED ? line : line.substring(0, MOST_QUOTED) + "...";
    }
}
