package ai.hadal.server;

import io.helidon.common.socket.SocketOptions;
import java.io.UncheckedIOException;
import java.net.SocketException;
import java.net.SocketOption;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/// How accepted connections are set up. The web server itself limits no wait for a client's bytes, whatever its
/// options say; without a limit every client that stalls would keep a connection.
record ConnectionOptions(SocketOptions usual) implements SocketOptions {

    static ConnectionOptions of(Duration readTimeout) {
        return new ConnectionOptions(SocketOptions.builder()
                .readTimeout(readTimeout)
                .tcpNoDelay(true)
                .build());
    }

    @Override
    public void configureSocket(SocketChannel channel) {
        usual.configureSocket(channel);
        try {
            channel.socket().setSoTimeout((int) Math.min(readTimeout().toMillis(), Integer.MAX_VALUE));
        } catch (SocketException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Map<SocketOption<?>, Object> socketOptions() {
        return usual.socketOptions();
    }

    @Override
    public Duration connectTimeout() {
        return usual.connectTimeout();
    }

    @Override
    public Duration readTimeout() {
        return usual.readTimeout();
    }

    @Override
    public Optional<Integer> socketReceiveBufferSize() {
        return usual.socketReceiveBufferSize();
    }

    @Override
    public Optional<Integer> socketSendBufferSize() {
        return usual.socketSendBufferSize();
    }

    @Override
    public boolean socketReuseAddress() {
        return usual.socketReuseAddress();
    }

    @Override
    public boolean socketKeepAlive() {
        return usual.socketKeepAlive();
    }

    @Override
    public boolean tcpNoDelay() {
        return usual.tcpNoDelay();
    }
}
