package ai.hadal.server.connection;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.socket.SocketOptions;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import java.util.Set;

/// Connections of HTTP/1.1 whose clients are waited for within limits and noticed when they go away.
public final class Connections implements ServerConnectionSelector {

    private final Http1ConnectionSelector http =
            Http1ConnectionSelector.builder().config(Http1Config.create()).build();
    private final Patience patience;
    private final Lifetimes lifetimes;

    public Connections(Patience patience) {
        this.patience = patience;
        this.lifetimes = new Lifetimes(patience.head());
    }

    /// The options of sockets that make these connections.
    public SocketOptions socketOptions() {
        return ConnectionOptions.telling(lifetimes::accepted);
    }

    @Override
    public int bytesToIdentifyConnection() {
        return http.bytesToIdentifyConnection();
    }

    @Override
    public Support supports(BufferData data) {
        return http.supports(data);
    }

    @Override
    public Set<String> supportedApplicationProtocols() {
        return http.supportedApplicationProtocols();
    }

    @Override
    public ServerConnection connection(ConnectionContext context) {
        var inbound = new Inbound(context.serverSocket(), patience);
        var connection = http.connection(new InboundContext(context, inbound));
        var ended = lifetimes.ready(
                context.remotePeer().address(), context.localPeer().address());
        return new InboundConnection(connection, inbound, ended);
    }
}
