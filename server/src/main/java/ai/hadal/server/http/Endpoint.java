package ai.hadal.server.http;

import java.io.IOException;

/// Answers one kind of request.
@FunctionalInterface
public interface Endpoint {

    /// Answers a request.
    ///
    /// @throws IOException if the client has gone
    /// @throws ai.hadal.error.HadalException if it is answered with an error
    void handle(Call call) throws IOException;
}
