package ai.hadal.server.connection;

import io.helidon.common.socket.SocketOptions;
import java.net.SocketOption;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// How accepted connections are set up.
///
/// @param accepted hears of each of them, before anything is read from it
record ConnectionOptions(SocketOptions usual, Consumer<SocketChannel> accepted) implements SocketOptions {

    static ConnectionOptions telling(Consumer<SocketChannel> accepted) {
        return new ConnectionOptions(SocketOptions.builder().tcpNoDelay(true).build(), accepted);
    }

    @Override
    public void configureSocket(SocketChannel channel) {
        usual.configureSocket(channel);
        accepted.accept(channel);
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
